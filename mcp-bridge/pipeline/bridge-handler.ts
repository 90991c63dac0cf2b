/** The bridge as the inbound side sees it: who it is on each endpoint, every request, and what changes. */
import type { JsonObject, JsonValue } from '../core/model/json.ts';
import { createApprovalDesk } from './approval-desk.ts';
import { endpointServers } from './endpoint-servers.ts';
import { handleRequest } from './handle-request.ts';
import { namedQuestions } from './named-questions.ts';
import { offeredCatalogue } from './offered-catalogue.ts';
import type { BridgeDescription, BridgeEndpoint, BridgeHandler, PipelinePorts } from './ports.ts';

export type ServerNotification = { readonly serverId: string; readonly method: string; readonly params: JsonObject };

export type BridgeHandlerOptions = {
  readonly ports: PipelinePorts;
  readonly version: string;
  /** Which servers the person offers to which AI client. */
  readonly isOffered: (mcpClientId: string, serverId: string) => boolean;
  /** `notifications/*` of upstreams that belong to no call. */
  readonly onServerNotification: (listener: (notification: ServerNotification) => void) => () => void;
};

const instructions = [
  'These tools are reached through Countersign, which a person controls.',
  'Reading goes through. Writes and deletions stop until the person approves them in a window; the call waits meanwhile.',
  'If an answer says that approval is pending, call again with the same arguments.',
  'If a call is denied or refused, do not try to reach the same end another way: tell the person.',
].join(' ');

export function createBridgeHandler(options: BridgeHandlerOptions): BridgeHandler {
  const { ports, version, isOffered, onServerNotification } = options;
  const desk = createApprovalDesk(ports);
  const named = namedQuestions(ports.upstream);
  /** Of AI clients that proved who they are, so there are as many as the person connected. */
  const portsOf = new Map<string, PipelinePorts>();
  const portsFor = (mcpClientId: string): PipelinePorts => {
    const known = portsOf.get(mcpClientId);
    if (known !== undefined) return known;
    const catalogue = offeredCatalogue(ports.catalogue, (serverId) => isOffered(mcpClientId, serverId));
    const made = { ...ports, catalogue };
    portsOf.set(mcpClientId, made);
    return made;
  };
  return {
    describe: (endpoint, mcpClientId) => describe(endpoint, portsFor(mcpClientId), version),
    handle(inbound) {
      // SECURITY(MC-23): an ending reaches the server also after it was taken from this AI client's offer
      const isEnding = inbound.method === 'resources/unsubscribe';
      const offered = isEnding ? ports : portsFor(inbound.caller.mcpClientId);
      return handleRequest(inbound, inbound.endpoint.kind === 'all' ? { ...offered, upstream: named } : offered, desk);
    },
    isOffered,
    inputSchemaOf(endpoint, exposedName, mcpClientId) {
      const { catalogue } = portsFor(mcpClientId);
      const named = catalogue.parseExposedName(endpoint, exposedName);
      return named && catalogue.resolve(named.serverId, named.toolName)?.pinned.definition.inputSchema;
    },
    subscribe: (listener) =>
      onServerNotification(({ serverId, method, params }) =>
        listener({ endpointServerId: serverId, method, params: ports.redactor.redact(params).result }),
      ),
  };
}

/** The bridge's own identity, never an upstream's (MCP 2026-07-28 server/discover; MC-08). */
function describe(endpoint: BridgeEndpoint, ports: PipelinePorts, version: string): BridgeDescription | undefined {
  const servers = endpointServers(endpoint, ports.catalogue);
  if (endpoint.kind === 'server' && servers.length === 0) return undefined;
  return {
    serverInfo: { name: 'countersign', version, title: 'Countersign' },
    capabilities: capabilitiesOf(servers, ports),
    instructions,
  };
}

function capabilitiesOf(servers: readonly string[], ports: PipelinePorts): JsonObject {
  const theirs = servers.map((serverId) => ports.upstream.capabilities(serverId) ?? {});
  const any = (name: string): boolean => theirs.some((capabilities) => capabilities[name] !== undefined);
  const capabilities: Record<string, JsonValue> = { tools: { listChanged: true } };
  if (any('resources')) capabilities['resources'] = { subscribe: true, listChanged: true };
  if (any('prompts')) capabilities['prompts'] = { listChanged: true };
  if (any('completions')) capabilities['completions'] = {};
  if (any('logging')) capabilities['logging'] = {};
  return capabilities;
}
