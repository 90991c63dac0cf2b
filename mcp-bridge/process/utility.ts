/** Entry of the bridge inside Electron's utility process: the same bridge, with main as its authority. */
import './web-crypto.ts';
import type { z } from 'zod';
import { AppError } from '../core/errors.ts';
import type { AuthoritySnapshot } from '../core/model/authority.ts';
import type { AuthorityPort } from '../pipeline/ports.ts';
import { type Bridge, startBridge } from './bridge.ts';
import { type ToMain, toBridge, toMain } from './contract.ts';
import { connectCalls, type MessageCalls, type PortLike } from './message-calls.ts';

type ParentPort = {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
};

const statusAfterMs = 100;

function serveMain(parentPort: ParentPort): void {
  const port: PortLike = {
    send: (message) => parentPort.postMessage(message),
    listen: (listener) => parentPort.on('message', ({ data }) => listener(data)),
  };
  let bridge: Bridge | undefined;
  let starting: Promise<Bridge> | undefined;
  // SECURITY(I8): until main has spoken, everything is refused.
  let authority: AuthoritySnapshot = {
    epoch: 0,
    grants: [],
    guardrails: [],
    effectPins: [],
    stopped: { reason: 'Countersign is starting.' },
  };

  /** What main says while the bridge starts is done when it has: AI clients may be answered already by then. */
  const running = (): Promise<Bridge> => {
    if (!starting) throw new AppError('bridge.not-running', 'the bridge was asked before it was started');
    return starting;
  };

  const main: MessageCalls<ToMain> = connectCalls(
    port,
    toBridge,
    {
      async start(setup) {
        authority = setup.authority;
        starting = startBridge({
          ...setup,
          authority: authorityOfMain(
            () => authority,
            () => main,
          ),
          accessTokens: async (serverId, { refused }) =>
            (await main.call('servers:access-token', { serverId, ...(refused === undefined ? {} : { refused }) }))
              .token,
          onStatus,
        });
        bridge = await starting;
        onStatus('servers');
        return { url: bridge.url, port: bridge.port, socketPath: bridge.socketPath };
      },
      'authority:replace': ({ authority: next }) => {
        if (next.epoch > authority.epoch) authority = next;
        return { epoch: authority.epoch };
      },
      'mcp-clients:replace': async ({ mcpClients }) => {
        (await running()).replaceMcpClients(mcpClients);
        onStatus('servers');
        return {};
      },
      'servers:add': async ({ serverId, server }) => {
        await (await running()).addServer(serverId, server);
        onStatus('servers');
        return {};
      },
      'servers:remove': async ({ serverId }) => {
        await (await running()).removeServer(serverId);
        onStatus('servers');
        return {};
      },
      'servers:sign-in-changed': async ({ serverId }) => {
        await (await running()).upstreams.signInChanged(serverId);
        onStatus('servers');
        return {};
      },
      'tools:accept': async ({ serverId, tools }) => {
        const { upstreams, ledger } = await running();
        for (const { toolName, definitionHash } of tools) {
          if (!upstreams.catalogue.review(serverId, toolName, definitionHash)) continue;
          ledger.append({ kind: 'tool.reviewed', serverId, toolName, definitionHash });
        }
        onStatus('servers');
        return {};
      },
      'audit:append': async ({ event }) => {
        (await running()).ledger.append(event);
        onStatus('servers');
        return {};
      },
      'calls:older': async ({ before }) => ({ calls: [...(await running()).olderCalls(before)] }),
      'mcp-clients:disconnect': async () => {
        (await running()).disconnect();
        return {};
      },
      stop: async () => {
        await bridge?.close();
        bridge = undefined;
        return {};
      },
    },
    toMain,
  );

  let statusTimer: NodeJS.Timeout | undefined;
  let serversChanged = true;
  function onStatus(about: 'servers' | 'calls'): void {
    serversChanged ||= about === 'servers';
    if (statusTimer !== undefined) return;
    statusTimer = setTimeout(() => {
      statusTimer = undefined;
      if (!bridge) return;
      main.call('status:changed', bridge.status(serversChanged)).catch(() => {});
      serversChanged = false;
    }, statusAfterMs);
  }
}

function authorityOfMain(snapshot: () => AuthoritySnapshot, main: () => MessageCalls<ToMain>): AuthorityPort {
  return {
    snapshot,
    async ask(approvalRequest, signal) {
      const { approvalId } = approvalRequest;
      const withdraw = (): void =>
        void main()
          .call('approval:withdraw', { approvalId })
          .catch(() => {});
      signal.addEventListener('abort', withdraw, { once: true });
      try {
        return await main().call('approval:ask', approvalRequest as z.infer<ToMain['approval:ask']['request']>);
      } finally {
        signal.removeEventListener('abort', withdraw);
      }
    },
    release: (releaseRequest) => main().call('authority:release', releaseRequest),
  };
}

const { parentPort } = process as unknown as { readonly parentPort?: ParentPort };
if (parentPort) serveMain(parentPort);
