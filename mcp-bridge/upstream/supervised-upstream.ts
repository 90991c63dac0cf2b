/**
 * Keeps one upstream connected: first start, restart with growing pauses after it ended, and at once when a call
 * needs it (nothing was sent yet, so that is safe). A call waits for its own upstream only.
 */
import { visibleText } from '../core/display/show-invisible.ts';
import { AppError } from '../core/errors.ts';
import type { JsonObject } from '../core/model/json.ts';
import { ServerAuthorization } from './authorization/server-authorization.ts';
import { type ConnectEnvironment, type ConnectOptions, connectUpstream, type Endpoint } from './connect.ts';
import type { UpstreamConnection } from './connection.ts';
import { hasOwnAuthorization, type UpstreamServerConfig } from './server-config.ts';

export type UpstreamState = 'starting' | 'ready' | 'restarting' | 'failed' | 'sign-in-needed';

export type SupervisorPorts = {
  readonly roots: readonly string[];
  readonly inputSchemaOf: ConnectOptions['inputSchemaOf'];
  /** Runs before any call may use a new connection: the catalogue looks at the definitions again (MC-03). False: it could not. */
  readonly onConnected: (connection: UpstreamConnection, endpoint: Endpoint) => Promise<boolean>;
  readonly onServerNotification: (method: string, params: JsonObject) => void;
  readonly onChange: () => void;
};

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A connection that lasted this long clears the record of failures. */
const STABLE_MS = 60_000;
/** A server may stop asking for a sign-in by itself; a person's sign-in connects at once. */
const SIGN_IN_PAUSE_MS = 5 * 60_000;
/** On demand, not more often than this. */
const DEMAND_PAUSE_MS = 250;

export class SupervisedUpstream {
  readonly serverConfig: UpstreamServerConfig;
  state: UpstreamState = 'starting';
  /** Inert text. */
  lastError: string | undefined;
  connection: UpstreamConnection | undefined;
  /** For servers that a person may have to sign in to. */
  readonly authorization: ServerAuthorization | undefined;
  readonly #surroundings: ConnectEnvironment;
  readonly #ports: SupervisorPorts;
  #attempt: Promise<UpstreamConnection | undefined> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #lastAttemptMs = Number.NEGATIVE_INFINITY;
  #skipDiscover = false;
  #closed = false;
  readonly #end = new AbortController();
  /** Greeted, and not yet looked at. */
  #adopting: UpstreamConnection | undefined;

  constructor(serverConfig: UpstreamServerConfig, surroundings: ConnectEnvironment, ports: SupervisorPorts) {
    this.serverConfig = serverConfig;
    this.#surroundings = surroundings;
    this.#ports = ports;
    this.authorization = authorizationFor(serverConfig, surroundings);
  }

  /** Resolves after the first attempt, whatever came of it. */
  async start(): Promise<void> {
    await this.#connect();
  }

  /** The live connection; waits for one as long as the signal lets it. Undefined: there is none. */
  async connected(signal: AbortSignal): Promise<UpstreamConnection | undefined> {
    if (this.connection !== undefined) return this.connection;
    if (this.#closed || signal.aborted || this.state === 'sign-in-needed') return undefined;
    const sinceLastMs = performance.now() - this.#lastAttemptMs;
    if (this.#attempt === undefined && sinceLastMs < DEMAND_PAUSE_MS)
      await new Promise((resolve) => setTimeout(resolve, DEMAND_PAUSE_MS - sinceLastMs));
    return Promise.race([this.#connect(), untilAborted(signal)]);
  }

  /** The person signed in or out: what the server knows us as is over. Resolves after the next attempt. */
  async signInChanged(): Promise<void> {
    const { connection } = this;
    this.connection = undefined;
    this.authorization?.forget();
    await connection?.close();
    await this.#attempt;
    if (this.#closed) return;
    this.state = 'starting';
    this.#pauseMs = FIRST_PAUSE_MS;
    await this.#connect();
  }

  /** A call was refused. Unless it is our sign-in that is not accepted, the connection serves what it can meanwhile. */
  needsSignIn(): void {
    const { connection } = this;
    if (this.authorization?.need?.why !== 'refused') {
      this.#ports.onChange();
      return;
    }
    this.connection = undefined;
    void connection?.close();
    this.#needSignIn();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const { connection } = this;
    this.connection = undefined;
    // SECURITY(LO-19): a server that never answers must not keep the bridge from ending.
    this.#end.abort();
    this.authorization?.close();
    await Promise.all([connection?.close(), this.#adopting?.close()]);
    await this.#attempt;
  }

  /** One attempt at a time; whoever asks meanwhile gets the same. Never rejects. */
  #connect(): Promise<UpstreamConnection | undefined> {
    if (this.connection !== undefined) return Promise.resolve(this.connection);
    this.#attempt ??= this.#tryOnce().finally(() => {
      this.#attempt = undefined;
    });
    return this.#attempt;
  }

  async #tryOnce(isRenewed = false): Promise<UpstreamConnection | undefined> {
    clearTimeout(this.#timer);
    this.#lastAttemptMs = performance.now();
    try {
      await this.authorization?.begin();
      const used = this.authorization?.header();
      const result = await connectUpstream(this.serverConfig, this.#surroundings, {
        skipDiscover: this.#skipDiscover,
        roots: this.#ports.roots,
        onServerNotification: this.#ports.onServerNotification,
        inputSchemaOf: this.#ports.inputSchemaOf,
        authorization: this.authorization,
        signal: this.#end.signal,
      });
      const adopted = result.ok ? await this.#adopt(result.connection, result.endpoint) : undefined;
      if (adopted !== undefined) return adopted;
      // Some servers greet everybody and refuse only the list of their tools.
      const learnt = this.authorization?.wasRefused() === true ? await this.authorization.learn(used) : undefined;
      if (learnt === 'renewed' && !isRenewed && !this.#closed) return await this.#tryOnce(true);
      if (learnt === 'needed') return this.#needSignIn();
      const problem = learnt === 'unclear' ? this.authorization?.problem : undefined;
      if (result.ok) return this.#fail(problem ?? this.lastError ?? 'its tools could not be listed');
      // Some servers end when they hear a method they do not know. The next start but one asks again.
      const retryOldEra = result.diedAtDiscover && !this.#skipDiscover;
      this.#skipDiscover = retryOldEra;
      if (retryOldEra && !this.#closed) return await this.#tryOnce(isRenewed);
      return this.#fail(problem ?? (result.httpStatus === 401 ? UNAUTHORIZED : result.reason));
    } catch (error) {
      return this.#fail(error instanceof AppError ? error.message : 'it could not be started');
    }
  }

  async #adopt(connection: UpstreamConnection, endpoint: Endpoint): Promise<UpstreamConnection | undefined> {
    const startedMs = performance.now();
    let isDead = false;
    void connection.closed.then((reason) => {
      isDead = true;
      if (this.connection !== connection) return;
      this.connection = undefined;
      if (performance.now() - startedMs > STABLE_MS) this.#pauseMs = FIRST_PAUSE_MS;
      this.#fail(endReason(connection, reason));
    });
    this.#adopting = connection;
    const isKnown = !this.#closed && (await this.#ports.onConnected(connection, endpoint));
    this.#adopting = undefined;
    if (this.#closed || isDead || !isKnown) {
      const hasEnded = isDead;
      await connection.close();
      this.lastError = hasEnded ? endReason(connection, await connection.closed) : 'its tools could not be listed';
      return undefined;
    }
    this.connection = connection;
    this.authorization?.accepted();
    this.state = 'ready';
    this.lastError = undefined;
    this.#ports.onChange();
    return connection;
  }

  #needSignIn(): undefined {
    if (this.#closed) return;
    this.state = 'sign-in-needed';
    this.lastError = SIGN_IN_NEEDED;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#connect(), SIGN_IN_PAUSE_MS).unref();
    this.#ports.onChange();
  }

  #fail(reason: string): undefined {
    if (this.#closed) return;
    this.lastError = visibleText(reason.slice(0, 500));
    this.state = this.#pauseMs >= LONGEST_PAUSE_MS ? 'failed' : 'restarting';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#connect(), this.#pauseMs);
    this.#timer.unref();
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    this.#ports.onChange();
  }
}

const UNAUTHORIZED =
  'it answered HTTP 401: it wants a sign-in, which takes the desktop app, or an Authorization under "headers"';
const SIGN_IN_NEEDED = 'the person has to sign in to this server first, in Countersign under Servers';

function authorizationFor(
  serverConfig: UpstreamServerConfig,
  { accessTokens }: ConnectEnvironment,
): ServerAuthorization | undefined {
  if (serverConfig.kind !== 'http' || serverConfig.auth === false || accessTokens === undefined) return undefined;
  return hasOwnAuthorization(serverConfig.headers) ? undefined : new ServerAuthorization(serverConfig, accessTokens);
}

function untilAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function endReason({ pid }: UpstreamConnection, reason: string): string {
  return pid === undefined ? reason : `its process ${reason}`;
}
