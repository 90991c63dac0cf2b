/**
 * Puts the bridge together: ledger, upstreams, classifier, facts, pipeline, inbound. The same in Electron's utility
 * process and headless; only the authority differs.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Analysers } from '../core/classify/analysers/ports.ts';
import { classify } from '../core/classify/classify.ts';
import { pinnedEffect } from '../core/model/authority.ts';
import type { Effect } from '../core/model/effect.ts';
import { createRedactor } from '../core/redact/redactor.ts';
import { createFactsPort } from '../facts/facts-port.ts';
import { createClientKeys } from '../inbound/client-keys.ts';
import { socketPathOf } from '../inbound/data-dir.ts';
import { type LaunchCommand, writeLaunchCommand } from '../inbound/shim-start.ts';
import { type Inbound, startInbound } from '../inbound/start.ts';
import { type Ledger, openLedger } from '../ledger/open-ledger.ts';
import { loadAnalysers } from '../parsers/load-analysers.ts';
import { createBridgeHandler, type ServerNotification } from '../pipeline/bridge-handler.ts';
import type { AuthorityPort, ClassifierPort, LedgerPort, PipelinePorts, ResolvedTool } from '../pipeline/ports.ts';
import type { AccessTokenSource } from '../upstream/authorization/server-authorization.ts';
import { UpstreamManager } from '../upstream/manager.ts';
import { filePinStore } from '../upstream/pin-store.ts';
import { parseServerConfig, parseServerConfigs, type UpstreamServerConfig } from '../upstream/server-config.ts';
import { createActivityLog } from './activity-log.ts';
import type { BridgeStatus, McpClientKey } from './contract.ts';
import { createInboundWatch } from './inbound-watch.ts';
import { secretValuesOf, withoutSecrets } from './secret-values.ts';
import { createServerOffers } from './server-offers.ts';
import { bridgeStatus } from './status.ts';
import { createClock, newId, sha256 } from './system.ts';
import { worstCase } from './worst-case.ts';

export type BridgeOptions = {
  /** 0700; holds the ledger, the pins and the socket. */
  readonly dataFolder: string;
  readonly port: number;
  /** The `mcpServers` object of DESIGN §8. */
  readonly servers: unknown;
  readonly mcpClients: readonly McpClientKey[];
  readonly review: 'first-use' | 'person';
  readonly authority: AuthorityPort;
  readonly version: string;
  /** How the desktop app is started, for the shim; absent where there is none. */
  readonly launch?: LaunchCommand | undefined;
  /** Seals the pins; absent where nobody else can write the data folder. */
  readonly sealKey?: string | undefined;
  /** For servers that a person signs in to; absent where nobody can sign in. */
  readonly accessTokens?: AccessTokenSource | undefined;
  /** Something that the dashboard shows has changed; `servers` when it was about them. */
  readonly onStatus?: ((about: 'servers' | 'calls') => void) | undefined;
};

export type Bridge = {
  readonly url: string;
  readonly port: number;
  readonly socketPath: string;
  readonly ledger: Ledger;
  readonly upstreams: UpstreamManager;
  status(withServers: boolean): BridgeStatus;
  addServer(serverId: string, server: unknown): Promise<void>;
  removeServer(serverId: string): Promise<void>;
  replaceMcpClients(mcpClients: readonly McpClientKey[]): void;
  olderCalls(beforeCallId: string): BridgeStatus['calls'];
  disconnect(): void;
  close(): Promise<void>;
};

/** How long the start waits for upstreams; one that is slower, or hangs, comes later and delays nobody else. */
const longestStartMs = 10_000;

export const ledgerFile = 'ledger.sqlite';

/** @throws AppError 'config.invalid', 'ledger.unavailable', 'ledger.broken', 'bridge.port-busy' */
export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  const clock = createClock();
  const configs = new Map(parseServerConfigs(options.servers).map((config) => [config.serverId, config]));
  /** A new list whenever the configuration changes; the redactor looks at nothing but which list it is. */
  let secrets = [...configs.values()].flatMap(secretValuesOf);
  const configsChanged = (): void => {
    secrets = [...configs.values()].flatMap(secretValuesOf);
  };
  const analysers = await loadAnalysers();
  fs.mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 });
  if (options.launch) writeLaunchCommand(options.dataFolder, options.launch);
  const ledger = openLedger({ path: path.join(options.dataFolder, ledgerFile), clock, sha256 });
  const upstreams = new UpstreamManager({
    bridge: { name: 'countersign', version: options.version, title: 'Countersign' },
    review: options.review === 'first-use' ? 'first-use' : 'manual',
    pinStore: filePinStore(path.join(options.dataFolder, 'pins.json'), sealKeyOf(options)),
    accessTokens: options.accessTokens,
  });
  const activity = createActivityLog(clock);
  const ports: PipelinePorts = {
    catalogue: upstreams.catalogue,
    classifier: createClassifierPort(analysers, options.authority),
    facts: createFactsPort({ sha256, environmentOf: (serverId) => environmentOf(configs.get(serverId)) }),
    authority: options.authority,
    ledger: telling(ledger, () => options.onStatus?.('calls')),
    upstream: upstreams,
    redactor: createRedactor(() => {
      const tokens = upstreams.heldTokens();
      return tokens.length === 0 ? secrets : [...secrets, ...tokens];
    }),
    clock,
    newId,
    sha256,
  };
  const keys = createClientKeys(options.mcpClients, (mcpClientId) => {
    activity.called(mcpClientId);
    options.onStatus?.('calls');
  });
  const offers = createServerOffers(options.mcpClients);
  const listeners = new Set<(notification: ServerNotification) => void>();
  const handler = createBridgeHandler({
    ports,
    version: options.version,
    isOffered: offers.isOffered,
    onServerNotification(listener) {
      listeners.add(listener);
      const stop = upstreams.onServerNotification(listener);
      return () => {
        listeners.delete(listener);
        stop();
      };
    },
  });

  const watch = createInboundWatch({
    append: (event) => ledger.append(event),
    clock,
    onChange: () => options.onStatus?.('calls'),
  });
  let inbound: Inbound;
  try {
    ledger.append({ kind: 'bridge.started', version: options.version });
    inbound = await startInbound({
      port: options.port,
      socketPath: socketPathOf(options.dataFolder),
      handler,
      keys,
      clock,
      newId,
      log: watch.log,
    });
  } catch (error) {
    ledger.close();
    throw error;
  }
  upstreams.onChange(() => options.onStatus?.('servers'));
  await upstreams.start([...configs.values()], longestStartMs);

  const status = bridgeStatus({
    upstreams,
    ledger,
    activity,
    wrongKeys: watch.wrongKeys,
    effectPins: () => options.authority.snapshot().effectPins,
  });
  return {
    url: inbound.http.url,
    port: inbound.http.port,
    socketPath: inbound.socket.path,
    ledger,
    upstreams,
    status: (withServers) =>
      status.now(
        keys.list().map(({ mcpClientId }) => mcpClientId),
        withServers,
      ),
    olderCalls: status.olderCalls,
    async addServer(serverId, server) {
      const config = parseServerConfig(serverId, server);
      configs.set(serverId, config);
      configsChanged();
      ledger.append({ kind: 'server.added', serverId, endpoint: endpointText(config) });
      await upstreams.add(config);
    },
    async removeServer(serverId) {
      const config = configs.get(serverId);
      configs.delete(serverId);
      await upstreams.remove(serverId);
      configsChanged();
      if (config) ledger.append({ kind: 'server.removed', serverId, endpoint: endpointText(config) });
    },
    replaceMcpClients(mcpClients) {
      const kept = new Set(mcpClients.map(({ mcpClientId }) => mcpClientId));
      for (const { mcpClientId } of keys.list()) if (!kept.has(mcpClientId)) keys.remove(mcpClientId);
      for (const mcpClient of mcpClients) keys.put(mcpClient);
      const { narrowed, newlyOffered } = offers.replace(mcpClients, upstreams.catalogue.serverIds());
      // SECURITY(I6): what waits or streams for a server that is no longer theirs ends.
      for (const mcpClientId of narrowed) inbound.disconnect(mcpClientId);
      for (const serverId of newlyOffered) {
        for (const tell of listeners) tell({ serverId, method: 'notifications/tools/list_changed', params: {} });
      }
    },
    disconnect: () => inbound.disconnect(),
    async close() {
      await inbound.close();
      await upstreams.close();
      watch.close();
      try {
        ledger.append({ kind: 'bridge.stopped', version: options.version });
      } catch {
        // A full disk must not keep the bridge from ending; the next start tells from the missing record.
      }
      ledger.close();
    },
  };
}

function sealKeyOf({ sealKey }: BridgeOptions): Buffer | undefined {
  return sealKey === undefined ? undefined : Buffer.from(sealKey, 'hex');
}

/** Every record is news for the dashboard. */
function telling(ledger: LedgerPort, tell: () => void): LedgerPort {
  return {
    append(...events) {
      ledger.append(...events);
      tell();
    },
    appendDurably(...events) {
      ledger.appendDurably(...events);
      tell();
    },
  };
}

function createClassifierPort(analysers: Analysers, authority: AuthorityPort): ClassifierPort {
  const pinOf = ({ pinned: { serverId, definition, definitionHash } }: ResolvedTool): Effect | undefined =>
    pinnedEffect(authority.snapshot().effectPins, { serverId, toolName: definition.name, definitionHash });
  return {
    worstCase: (tool) => worstCase(tool.server, tool.pinned.definition, tool.pinned.definitionHash, pinOf(tool)),
    classify: (tool, toolArguments) => {
      const { server, pinned } = tool;
      return classify(
        {
          serverId: server.serverId,
          serverName: server.profileName,
          tool: pinned.definition,
          trusted: server.trusted,
          dialect: server.dialect,
          arguments: toolArguments,
          pin: pinOf(tool),
        },
        analysers,
      );
    },
  };
}

function environmentOf(config: UpstreamServerConfig | undefined): { readonly [name: string]: string } {
  return config?.kind === 'stdio' ? config.env : {};
}

function endpointText(config: UpstreamServerConfig): string {
  // SECURITY(AU-15): an argument or an address can hold a key or a password, and the log is for ever.
  return withoutSecrets(config.kind === 'stdio' ? [config.command, ...config.args].join(' ') : config.url, config);
}
