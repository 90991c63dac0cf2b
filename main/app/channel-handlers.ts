/** What the two renderers can ask for. Each line says what happens; how is told by the part that does it. */
import path from 'node:path';
import { app, clipboard } from 'electron';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import { readGrantFor } from '../authority/read-grants.ts';
import { pairMcpClient, removeKeyFile, writeKeyFile } from '../clients/pairing.ts';
import { snippetsFor } from '../clients/snippets.ts';
import type { ChannelHandlers } from '../ipc/handle.ts';
import type { Desktop } from './compose.ts';
import { makeDemoWorkspace } from './demo-workspace.ts';
import type { StatusBoard } from './status-board.ts';
import { stopEverything } from './stop-everything.ts';

export function channelHandlers(desktop: Desktop, board: StatusBoard): ChannelHandlers {
  const { settings, authority, approvals, bridge, identity } = desktop;

  /** Read grants follow from who is paired and which servers there are, less what was revoked. */
  async function renewReadGrants(): Promise<void> {
    const { mcpClients, servers, revokedReadGrants } = settings.get();
    const grants = mcpClients.flatMap(({ mcpClientId, pairedAt }) =>
      Object.entries(servers).map(([serverId, { addedAt }]) =>
        readGrantFor(mcpClientId, serverId, pairedAt > addedAt ? pairedAt : addedAt),
      ),
    );
    await authority.replaceReadGrants(grants.filter(({ grantId }) => !revokedReadGrants.includes(grantId)));
  }
  void renewReadGrants();

  async function tellBridgeClients(): Promise<void> {
    const mcpClients = settings
      .get()
      .mcpClients.map(({ mcpClientId, name, keyHash }) => ({ mcpClientId, name, keyHash }));
    await bridge.call('mcp-clients:replace', { mcpClients });
  }

  async function addServer(serverId: string, server: object): Promise<void> {
    if (Object.hasOwn(settings.get().servers, serverId)) {
      throw new AppError('config.invalid', `There is a server named "${serverId}" already. Choose another name.`);
    }
    await bridge.call('servers:add', { serverId, server: server as never });
    const addedAt = new Date().toISOString();
    settings.update((now) => ({
      ...now,
      servers: { ...now.servers, [serverId]: { addedAt, server: server as never } },
    }));
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
      if (grantId.startsWith('read-')) {
        settings.update((now) => ({ ...now, revokedReadGrants: [...now.revokedReadGrants, grantId] }));
      }
      await authority.revoke(grantId);
      return { revokedAt: new Date().toISOString() };
    },
    'guardrails:save': async (freeze) => {
      const others = authority.guardrails().filter(({ guardrailId }) => guardrailId !== freeze.guardrailId);
      const { guardrailId, name, enabled } = freeze;
      settings.update((now) => ({ ...now, guardrails: [...others, freeze] as typeof now.guardrails }));
      await authority.replaceGuardrails([...others, freeze], {
        kind: 'guardrail.switched',
        guardrailId,
        name,
        enabled,
      });
      return {};
    },
    'guardrails:remove': async ({ guardrailId }) => {
      const removed = authority.guardrails().find((guardrail) => guardrail.guardrailId === guardrailId);
      if (!removed) return {};
      const kept = authority.guardrails().filter((guardrail) => guardrail !== removed);
      settings.update((now) => ({ ...now, guardrails: [...kept] as typeof now.guardrails }));
      await authority.replaceGuardrails(kept, {
        kind: 'guardrail.switched',
        guardrailId,
        name: removed.name,
        enabled: false,
      });
      return {};
    },
    'stop:everything': async () => {
      await stopEverything(desktop, 'The person pressed Stop everything.');
      return {};
    },
    'stop:resume': async () => {
      await authority.resume();
      return {};
    },

    'mcp-clients:pair': async ({ name }) => {
      const state = bridge.state();
      if (state.state !== 'ready') throw new AppError('bridge.not-running', 'pairing needs the running bridge');
      const taken = settings.get().mcpClients.map(({ mcpClientId }) => mcpClientId);
      const { paired, key } = pairMcpClient(name, taken, Date.now());
      const { mcpClientId } = paired;
      settings.update((now) => ({
        ...now,
        mcpClients: [...now.mcpClients, paired as (typeof now.mcpClients)[number]],
      }));
      writeKeyFile(desktop.folder, mcpClientId, key);
      await tellBridgeClients();
      await bridge.call('audit:append', { event: { kind: 'mcp-client.paired', mcpClientId } });
      await renewReadGrants();
      const snippets = snippetsFor({
        url: state.url,
        key,
        mcpClientId,
        shimPath: shimPath(desktop.appFolder),
        dataFolder: desktop.folder,
      });
      return { mcpClientId, key, url: state.url, snippets: [...snippets] };
    },
    'mcp-clients:remove': async ({ mcpClientId }) => {
      settings.update((now) => ({
        ...now,
        mcpClients: now.mcpClients.filter((paired) => paired.mcpClientId !== mcpClientId),
      }));
      removeKeyFile(desktop.folder, mcpClientId);
      await tellBridgeClients();
      await authority.endGrants(({ constraints }) => constraints.mcpClientId === mcpClientId);
      await renewReadGrants();
      await bridge.call('audit:append', { event: { kind: 'mcp-client.removed', mcpClientId } });
      return {};
    },

    'servers:add': async ({ serverId, ...server }) => {
      await addServer(serverId, server);
      return {};
    },
    'servers:remove': async ({ serverId }) => {
      settings.update((now) => {
        const { [serverId]: _removed, ...servers } = now.servers;
        return { ...now, servers };
      });
      await bridge.call('servers:remove', { serverId });
      await authority.endGrants(({ constraints }) => constraints.serverId === serverId);
      await renewReadGrants();
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
      settings.update((now) => ({ ...now, effectPins }));
      await authority.replaceEffectPins(effectPins);
      await bridge.call('audit:append', {
        event: { kind: 'tool.pinned', serverId, toolName, definitionHash, effect: effect ?? 'as found' },
      });
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

/** In a package the shim lies beside the archive, because system Node cannot read into it. */
function shimPath(appFolder: string): string {
  const folder = app.isPackaged ? appFolder.replace(/app\.asar$/, 'app.asar.unpacked') : appFolder;
  return path.join(folder, 'dist', 'mcp-bridge', 'stdio-shim.cjs');
}

function withoutUndefined<Value extends object>(
  value: Value,
): { [Name in keyof Value]: Exclude<Value[Name], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;
}
