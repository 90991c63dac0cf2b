/** What the two renderers can ask for. Each line says what happens; how is told by the part that does it. */
import path from 'node:path';
import { clipboard } from 'electron';
import type { AuditEvent } from '../../mcp-bridge/core/audit/record.ts';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import type { Guardrail } from '../../mcp-bridge/core/model/guardrail.ts';
import { standingReadGrants, withoutServer } from '../authority/read-grants.ts';
import type { ChannelHandlers } from '../ipc/handle.ts';
import type { Desktop } from './compose.ts';
import { makeDemoWorkspace } from './demo-workspace.ts';
import { mcpClientHandlers } from './mcp-client-handlers.ts';
import { serverSignInHandlers } from './server-sign-in-handlers.ts';
import { forgetClientSecret, withClientSecret } from './sign-in-server.ts';
import type { StatusBoard } from './status-board.ts';
import { stopEverything } from './stop-everything.ts';

export function channelHandlers(desktop: Desktop, board: StatusBoard): ChannelHandlers {
  const { settings, authority, approvals, bridge, identity } = desktop;

  /** Read grants follow from who is paired and which servers there are, less what was revoked. */
  async function renewReadGrants(): Promise<void> {
    await authority.replaceReadGrants(standingReadGrants(settings.get()));
  }
  void renewReadGrants();

  function replaceGuardrails(next: readonly Guardrail[], audited: AuditEvent): Promise<void> {
    return authority.replaceGuardrails(next, audited, () => {
      settings.update((now) => ({ ...now, guardrails: next as typeof now.guardrails }));
    });
  }

  const adding = new Set<string>();
  async function addServer(serverId: string, server: object): Promise<void> {
    if (adding.has(serverId) || Object.hasOwn(settings.get().servers, serverId)) {
      throw new AppError('config.invalid', `There is a server named "${serverId}" already. Choose another name.`);
    }
    adding.add(serverId);
    try {
      await bridge.call('servers:add', { serverId, server: server as never });
      await keepServer(serverId, server);
    } finally {
      adding.delete(serverId);
    }
  }

  async function keepServer(serverId: string, server: object): Promise<void> {
    const addedAt = new Date().toISOString();
    try {
      settings.update((now) => ({
        ...now,
        servers: { ...now.servers, [serverId]: { addedAt, server: server as never } },
      }));
    } catch (error) {
      // What is not kept must not run either.
      await bridge.call('servers:remove', { serverId }).catch(() => ({}));
      throw error;
    }
    await renewReadGrants();
  }

  return {
    'dashboard:state': () => board.view(),

    'identity:sign-in': () => {
      // The sign-in goes on in the browser; its end is told by the state.
      void identity.signIn().catch(() => board.changed());
      return {};
    },
    'identity:cancel-sign-in': () => {
      identity.cancelSignIn();
      return {};
    },
    'identity:sign-out': async () => {
      await identity.signOut();
      return {};
    },
    'identity:use-provider': async (identityProvider) => {
      await identity.signOut('The identity provider was changed.');
      settings.update((now) => ({ ...now, identityProvider }));
      board.changed();
      return {};
    },

    'grants:revoke': async ({ grantId }) => {
      try {
        if (grantId.startsWith('read-')) {
          settings.update((now) => ({ ...now, revokedReadGrants: [...new Set([...now.revokedReadGrants, grantId])] }));
        }
      } finally {
        await authority.revoke(grantId); // SECURITY(I6): a full disk keeps no permission alive
      }
      return { revokedAt: new Date().toISOString() };
    },
    'guardrails:save': async (freeze) => {
      const others = authority.guardrails().filter(({ guardrailId }) => guardrailId !== freeze.guardrailId);
      const { guardrailId, name, enabled } = freeze;
      await replaceGuardrails([...others, freeze], { kind: 'guardrail.switched', guardrailId, name, enabled });
      return {};
    },
    'guardrails:remove': async ({ guardrailId }) => {
      const removed = authority.guardrails().find((guardrail) => guardrail.guardrailId === guardrailId);
      if (!removed) return {};
      const kept = authority.guardrails().filter((guardrail) => guardrail !== removed);
      const { name } = removed;
      await replaceGuardrails(kept, { kind: 'guardrail.switched', guardrailId, name, enabled: false });
      return {};
    },
    'stop:everything': async () => {
      await stopEverything(desktop, 'The person pressed Stop everything.');
      return {};
    },
    'stop:resume': async () => {
      await authority.resume(() => settings.update(({ stopped: _stopped, ...now }) => now));
      return {};
    },

    ...mcpClientHandlers(desktop, renewReadGrants),

    ...serverSignInHandlers(desktop, board),

    'servers:add': async ({ serverId, oauthClientId, oauthClientSecret, ...server }) => {
      if (oauthClientId === undefined) await addServer(serverId, server);
      else
        await withClientSecret(desktop.vault, serverId, oauthClientSecret, () =>
          addServer(serverId, { ...server, auth: { clientId: oauthClientId } }),
        );
      return {};
    },
    'servers:remove': async ({ serverId }) => {
      // Forgotten at once; the issuer is told meanwhile.
      void desktop.upstreamSignIns.signOut(serverId).catch(() => board.changed());
      forgetClientSecret(desktop.vault, serverId);
      settings.update((now) => {
        const { [serverId]: _removed, ...servers } = now.servers;
        // A later server of this name is another one, so nobody was offered it yet.
        const mcpClients = now.mcpClients.map((paired) =>
          paired.serverIds === undefined
            ? paired
            : { ...paired, serverIds: paired.serverIds.filter((each) => each !== serverId) },
        );
        return { ...now, servers, mcpClients, revokedReadGrants: withoutServer(now, serverId) };
      });
      approvals.denyAll('The server was removed.', (request) => request.serverId === serverId);
      await authority.endGrants(({ constraints }) => constraints.serverId === serverId);
      await renewReadGrants();
      if (bridge.isRunning()) await bridge.call('servers:remove', { serverId });
      return {};
    },
    'servers:add-demo': async () => {
      const servers = makeDemoWorkspace(path.join(desktop.folder, 'demo'), desktop.appFolder);
      for (const [serverId, server] of Object.entries(servers)) await addServer(serverId, server);
      return {};
    },
    'servers:accept-tools': async ({ serverId, tools }) => {
      await bridge.call('tools:accept', { serverId, tools });
      return {};
    },

    'tools:pin-effect': async ({ effect, ...tool }) => {
      const { serverId, toolName, definitionHash } = tool;
      const others = settings.get().effectPins.filter((pin) => pin.serverId !== serverId || pin.toolName !== toolName);
      const effectPins = effect === undefined ? others : [...others, { ...tool, effect }];
      await authority.replaceEffectPins(
        effectPins,
        { kind: 'tool.pinned', serverId, toolName, definitionHash, effect: effect ?? 'as found' },
        () => settings.update((now) => ({ ...now, effectPins })),
      );
      return {};
    },

    'calls:older': async ({ before }) => {
      const { calls } = await bridge.call('calls:older', { before });
      return { calls: calls.map(({ grantId: _grantId, ...call }) => call) };
    },
    'approvals:bring-forward': () => {
      approvals.bringForward();
      return {};
    },
    'phrase:set': ({ phrase }) => {
      settings.update((now) => ({ ...now, phrase }));
      board.changed();
      return {};
    },
    'clipboard:copy': ({ text }) => {
      clipboard.writeText(text);
      clearLater(text);
      return {};
    },

    'approval:current': () => ({ ...withoutUndefined({ approval: approvals.current() }), arming: approvals.arming() }),
    'approval:painted': ({ approvalId, heightPx }) => {
      approvals.painted(approvalId, heightPx);
      return {};
    },
    'approval:answer': (given) => approvals.answer(given),
  };
}

const clipboardKeptMs = 60_000;

/** SECURITY(EL-19): what was copied may be a key; it is taken back unless something else was copied since. */
function clearLater(text: string): void {
  const clear = async (): Promise<void> => {
    // A promise in newer runtimes, a plain string in older ones.
    if ((await clipboard.readText()) === text) clipboard.clear();
  };
  setTimeout(() => void clear(), clipboardKeptMs).unref();
}

function withoutUndefined<Value extends object>(
  value: Value,
): { [Name in keyof Value]: Exclude<Value[Name], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;
}
