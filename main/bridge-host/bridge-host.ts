/**
 * Starts the bridge in a utility process and keeps it running. When it dies, everything that waited on it is
 * withdrawn and it is started again, with a growing pause; AI clients see a closed connection, never a silent yes.
 */
import { type UtilityProcess, utilityProcess } from 'electron';
import { type BridgeSetup, type ToBridge, type ToMain, toBridge, toMain } from '../../mcp-bridge/process/contract.ts';
import {
  connectCalls,
  type Handlers,
  type MessageCalls,
  type PortLike,
  RemoteError,
} from '../../mcp-bridge/process/message-calls.ts';

export type BridgeState =
  | { readonly state: 'starting' }
  | { readonly state: 'ready'; readonly url: string; readonly socketPath: string }
  | { readonly state: 'failed'; readonly error: string }
  | { readonly state: 'stopped' };

export type BridgeHost = {
  start(): Promise<void>;
  /** Rejects while no bridge is running. */
  call: MessageCalls<ToBridge>['call'];
  state(): BridgeState;
  /** True from the moment it was started: a starting bridge hears what it is told, in order. */
  isRunning(): boolean;
  stop(): Promise<void>;
  /** At once and without asking; another one is started. For a bridge that does not do as it is told. */
  end(): Promise<void>;
  pid(): number | undefined;
};

export type BridgeHostDeps = {
  readonly entry: string;
  readonly setup: () => BridgeSetup;
  readonly handlers: Handlers<ToMain>;
  /** The bridge is gone: whatever it asked for is nobody's any more. */
  readonly onLost: () => void;
  readonly onState: () => void;
  readonly environment: NodeJS.ProcessEnv;
};

const firstPauseMs = 250;
const longestPauseMs = 30_000;
const stopWithinMs = 3_000;
/** A bridge that was ready for this long did not come down by its own start. */
const steadyAfterMs = 60_000;

export function createBridgeHost(deps: BridgeHostDeps): BridgeHost {
  let child: UtilityProcess | undefined;
  let calls: MessageCalls<ToBridge> | undefined;
  let state: BridgeState = { state: 'stopped' };
  let pauseMs = firstPauseMs;
  let restart: NodeJS.Timeout | undefined;
  let readyAtMs = Number.POSITIVE_INFINITY;
  let stopping = false;

  function become(next: BridgeState): void {
    state = next;
    deps.onState();
  }

  async function start(): Promise<void> {
    become({ state: 'starting' });
    const started = utilityProcess.fork(deps.entry, [], {
      serviceName: 'Countersign bridge',
      stdio: ['ignore', 'inherit', 'inherit'],
      env: childEnvironment(deps.environment),
    });
    child = started;
    calls = connectCalls(portOf(started), toMain, deps.handlers, toBridge);
    started.once('exit', () => lost(started));
    try {
      const { url, socketPath } = await calls.call('start', deps.setup());
      readyAtMs = performance.now();
      become({ state: 'ready', url, socketPath });
    } catch (error) {
      if (child === started) become({ state: 'failed', error: startProblem(error) });
    }
  }

  function lost(exited: UtilityProcess): void {
    if (child !== exited) return;
    child = undefined;
    calls?.abandon('the bridge has ended');
    calls = undefined;
    deps.onLost();
    if (stopping) {
      become({ state: 'stopped' });
      return;
    }
    become({ state: 'failed', error: 'The bridge stopped and is being started again.' });
    if (performance.now() - readyAtMs >= steadyAfterMs) pauseMs = firstPauseMs;
    readyAtMs = Number.POSITIVE_INFINITY;
    restart = setTimeout(() => void start(), pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }

  return {
    start,
    state: () => state,
    isRunning: () => calls !== undefined,
    pid: () => child?.pid,
    call(name, request) {
      return calls ? calls.call(name, request) : Promise.reject(new RemoteError('gone', 'the bridge is not running'));
    },
    async stop() {
      stopping = true;
      clearTimeout(restart);
      const running = child;
      if (!running) return;
      const exited = exitOf(running);
      await Promise.race([calls?.call('stop', {}).catch(() => ({})), pause(stopWithinMs)]);
      running.kill();
      await Promise.race([exited, pause(stopWithinMs)]);
    },
    async end() {
      const running = child;
      if (!running) return;
      const exited = exitOf(running);
      // SECURITY(I6): a process that does not listen may not listen to a polite signal either.
      if (running.pid === undefined) running.kill();
      else process.kill(running.pid, 'SIGKILL');
      await Promise.race([exited, pause(stopWithinMs)]);
    },
  };
}

function exitOf(child: UtilityProcess): Promise<void> {
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

function portOf(child: UtilityProcess): PortLike {
  return {
    send: (message) => child.postMessage(message),
    listen: (listener) => void child.on('message', listener),
  };
}

/** The bridge passes an allow-list of its own on to upstreams; here only what would change Node itself is kept away. */
function childEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(environment).filter(([name]) => !/^(NODE_|ELECTRON_|LD_|DYLD_)/.test(name)); // SECURITY(LO-16)
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function startProblem(error: unknown): string {
  if (error instanceof RemoteError && error.code === 'bridge.port-busy')
    return `${error.message} End the program that holds the port, or choose another one in the settings.`;
  return error instanceof Error ? error.message : 'The bridge could not be started.';
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
