/** Pairing AI clients, giving them new keys, and choosing which servers each is offered. */
import path from 'node:path';
import { app } from 'electron';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import { withoutMcpClient } from '../authority/read-grants.ts';
import type { Settings } from '../authority/settings-store.ts';
import {
  keysForBridge,
  type NewPairing,
  type PairedClient,
  pairMcpClient,
  removeKeyFile,
  writeKeyFile,
} from '../clients/pairing.ts';
import { rotateKey } from '../clients/rotate-key.ts';
import { snippetsFor } from '../clients/snippets.ts';
import type { ResponseOf } from '../ipc/contract.ts';
import type { ChannelHandlers } from '../ipc/handle.ts';
import type { Desktop } from './compose.ts';

type Names = 'mcp-clients:pair' | 'mcp-clients:rotate' | 'mcp-clients:remove' | 'mcp-clients:offer-servers';
type Paired = Settings['mcpClients'][number];

export function mcpClientHandlers(
  { settings, authority, approvals, bridge, auditSoon, folder, appFolder }: Desktop,
  renewReadGrants: () => Promise<void>,
): Pick<ChannelHandlers, Names> {
  /** A bridge that is not running is started with the newest. */
  const tellBridge = async (): Promise<void> => {
    if (!bridge.isRunning()) return;
    await bridge.call('mcp-clients:replace', { mcpClients: keysForBridge(settings.get().mcpClients) });
  };

  async function remove(mcpClientId: string): Promise<void> {
    settings.update((now) => ({
      ...now,
      mcpClients: now.mcpClients.filter((paired) => paired.mcpClientId !== mcpClientId),
      revokedReadGrants: withoutMcpClient(now, mcpClientId),
    }));
    removeKeyFile(folder, mcpClientId);
    approvals.denyAll('The AI client was removed.', ({ caller }) => caller.mcpClientId === mcpClientId);
    await authority.endGrants(({ constraints }) => constraints.mcpClientId === mcpClientId);
    await renewReadGrants();
    await tellBridge();
  }

  function bridgeUrl(): string {
    const state = bridge.state();
    if (state.state !== 'ready') throw new AppError('bridge.not-running', 'pairing needs the running bridge');
    return state.url;
  }

  function found(mcpClientId: string): Paired {
    const paired = settings.get().mcpClients.find((each) => each.mcpClientId === mcpClientId);
    if (!paired) throw new AppError('config.invalid', 'There is no such AI client any more.');
    return paired;
  }

  function replace(mcpClientId: string, change: (paired: Paired) => PairedClient): void {
    const mcpClients = settings
      .get()
      .mcpClients.map((each) => (each.mcpClientId === mcpClientId ? (change(each) as Paired) : each));
    settings.update((now) => ({ ...now, mcpClients }));
  }

  function shownOnce({ paired: { mcpClientId }, key }: NewPairing, url: string): ResponseOf<'mcp-clients:pair'> {
    const snippets = snippetsFor({
      url,
      key,
      mcpClientId,
      programFolder: programFolder(appFolder),
      dataFolder: folder,
    });
    return { mcpClientId, key, url, snippets: [...snippets] };
  }

  return {
    'mcp-clients:pair': async ({ name }) => {
      const url = bridgeUrl();
      const taken = settings.get().mcpClients.map(({ mcpClientId }) => mcpClientId);
      const pairing = pairMcpClient(name, taken, Date.now());
      const { mcpClientId } = pairing.paired;
      settings.update((now) => ({ ...now, mcpClients: [...now.mcpClients, pairing.paired as Paired] }));
      try {
        writeKeyFile(folder, mcpClientId, pairing.key);
        await bridge.call('audit:append', { event: { kind: 'mcp-client.paired', mcpClientId } });
        await tellBridge();
      } catch (error) {
        // A key that nobody was shown must open nothing.
        await remove(mcpClientId);
        throw error;
      }
      await renewReadGrants();
      return shownOnce(pairing, url);
    },
    'mcp-clients:rotate': async ({ mcpClientId }) => {
      const url = bridgeUrl();
      const pairing = await rotateKey(found(mcpClientId), {
        dataFolder: folder,
        save: (paired) => replace(mcpClientId, () => paired),
        audit: () => bridge.call('audit:append', { event: { kind: 'mcp-client.key-rotated', mcpClientId } }),
        tellBridge,
      });
      return shownOnce(pairing, url);
    },
    'mcp-clients:offer-servers': async ({ mcpClientId, serverIds }) => {
      found(mcpClientId);
      replace(mcpClientId, ({ serverIds: _before, ...paired }) =>
        serverIds === undefined ? paired : { ...paired, serverIds },
      );
      await renewReadGrants();
      if (serverIds !== undefined) {
        await authority.endGrants(
          ({ constraints }) => constraints.mcpClientId === mcpClientId && !serverIds.includes(constraints.serverId),
        );
      }
      await tellBridge();
      return {};
    },
    'mcp-clients:remove': async ({ mcpClientId }) => {
      found(mcpClientId); // SECURITY(EL-05): a file is named after it
      await remove(mcpClientId);
      await auditSoon({ kind: 'mcp-client.removed', mcpClientId });
      return {};
    },
  };
}

/** Where the shim and the command line are; in a package they lie beside the archive, which system Node cannot read. */
function programFolder(appFolder: string): string {
  const folder = app.isPackaged ? appFolder.replace(/app\.asar$/, 'app.asar.unpacked') : appFolder;
  return path.join(folder, 'dist', 'mcp-bridge');
}
