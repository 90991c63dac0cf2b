/**
 * Every MCP request but the handshake, in one table. What is not in the table is refused (MC-21): a method that nobody
 * thought about could write.
 */
import type { JsonObject } from '../core/model/json.ts';
import { refusal, rpcError } from './answers.ts';
import type { ApprovalDesk } from './approval-desk.ts';
import { whyTooManyParts } from './call-size.ts';
import { endpointServers } from './endpoint-servers.ts';
import { isLogLevel } from './forwarded-meta.ts';
import { handleToolCall } from './handle-tool-call.ts';
import { callOwnTool, ownServerId, ownTools } from './own-tools.ts';
import type { InboundAnswer, InboundRequest, PipelinePorts } from './ports.ts';
import { readFromServer } from './read-from-server.ts';
import { serverOfPrompt, serverOfReference, serverOfResource } from './routes.ts';

const ownPrefix = `${ownServerId}__`;

type Handle = (
  inbound: InboundRequest,
  ports: PipelinePorts,
  desk: ApprovalDesk,
) => Promise<InboundAnswer> | InboundAnswer;

const methods: { readonly [method: string]: Handle } = {
  'tools/list': listTools,
  'tools/call': callTool,
  'resources/list': (inbound, ports) =>
    list('resources', inbound, ports, (serverId) => ports.catalogue.listed(serverId).resources),
  'resources/templates/list': (inbound, ports) =>
    list('resourceTemplates', inbound, ports, (serverId) => ports.catalogue.listed(serverId).resourceTemplates),
  'resources/read': (inbound, ports) => readFromServer(inbound, serverOfResource(inbound, ports), ports),
  'resources/subscribe': (inbound, ports) => readFromServer(inbound, serverOfResource(inbound, ports), ports),
  'resources/unsubscribe': (inbound, ports) => readFromServer(inbound, serverOfResource(inbound, ports), ports),
  'prompts/list': (inbound, ports) => list('prompts', inbound, ports, exposedPrompts),
  'prompts/get': (inbound, ports) => readFromServer(inbound, serverOfPrompt(inbound, ports), ports),
  'completion/complete': (inbound, ports) => readFromServer(inbound, serverOfReference(inbound, ports), ports),
  'logging/setLevel': setLogLevel,
};

export async function handleRequest(
  inbound: InboundRequest,
  ports: PipelinePorts,
  desk: ApprovalDesk,
): Promise<InboundAnswer> {
  const handle = Object.hasOwn(methods, inbound.method) ? methods[inbound.method] : undefined;
  if (!handle) return rpcError(-32601, 'Method not found.');
  // SECURITY(LO-12): before anything walks it; a result with isError, so that the model reads how to go on
  const tooMany = whyTooManyParts(inbound.params);
  if (tooMany !== undefined) return inbound.method === 'tools/call' ? refusal(tooMany) : rpcError(-32602, tooMany);
  return handle(inbound, ports, desk);
}

/** The bridge's own tools are offered where all servers are; the endpoint of one server is that server's alone. */
function listTools(inbound: InboundRequest, ports: PipelinePorts): InboundAnswer {
  const own = inbound.endpoint.kind === 'all' ? ownTools : [];
  const theirs = endpointServers(inbound.endpoint, ports.catalogue).flatMap((serverId) =>
    exposedTools(serverId, inbound, ports),
  );
  return { kind: 'result', result: ports.redactor.redact({ tools: [...own, ...theirs] }).result };
}

async function callTool(inbound: InboundRequest, ports: PipelinePorts, desk: ApprovalDesk): Promise<InboundAnswer> {
  const exposedName = inbound.params['name'];
  if (typeof exposedName !== 'string') return rpcError(-32602, 'A tool call needs the name of the tool.');
  if (inbound.endpoint.kind === 'all' && exposedName.startsWith(ownPrefix)) {
    const answered = callOwnTool(exposedName.slice(ownPrefix.length), inbound, ports, desk);
    return answered ?? rpcError(-32602, 'Unknown tool.');
  }
  const named = ports.catalogue.parseExposedName(inbound.endpoint, exposedName);
  return named ? handleToolCall(inbound, named, ports, desk) : rpcError(-32602, 'Unknown tool.');
}

/** SECURITY(MC-37): lists are texts of upstreams too. They come from the pinned catalogue whole: nothing is asked of an upstream, so a hung one delays nobody. */
function list(
  member: 'resources' | 'resourceTemplates' | 'prompts',
  inbound: InboundRequest,
  ports: PipelinePorts,
  ofServer: (serverId: string, inbound: InboundRequest, ports: PipelinePorts) => readonly JsonObject[],
): InboundAnswer {
  const items = endpointServers(inbound.endpoint, ports.catalogue).flatMap((serverId) =>
    ofServer(serverId, inbound, ports),
  );
  return { kind: 'result', result: ports.redactor.redact({ [member]: items }).result };
}

function exposedTools(
  serverId: string,
  { endpoint }: InboundRequest,
  { catalogue }: PipelinePorts,
): readonly JsonObject[] {
  return catalogue.listTools(serverId).map(({ definition }) => ({
    ...(definition as unknown as JsonObject),
    name: catalogue.exposedName(endpoint, serverId, definition.name),
  }));
}

function exposedPrompts(
  serverId: string,
  { endpoint }: InboundRequest,
  { catalogue }: PipelinePorts,
): readonly JsonObject[] {
  return catalogue.listed(serverId).prompts.map((prompt) => ({
    ...prompt,
    name: catalogue.exposedName(endpoint, serverId, String(prompt['name'])),
  }));
}

/** What a server may take to hear of a log level; one that takes longer hears of it too, but is not waited for. */
const longestLogLevelMs = 2_000;

/** Told to every server of the endpoint; one that cannot is passed over, one that hangs delays nobody. */
async function setLogLevel(inbound: InboundRequest, ports: PipelinePorts): Promise<InboundAnswer> {
  // MCP 2025-11-25 Logging, Error Handling: an invalid level is an error of its parameters
  if (!isLogLevel(inbound.params['level'])) return rpcError(-32602, 'There is no such log level.');
  const servers = endpointServers(inbound.endpoint, ports.catalogue);
  const able = servers.filter((serverId) => ports.upstream.capabilities(serverId)?.['logging'] !== undefined);
  const told = Promise.all(
    able.map((serverId) => readFromServer(inbound, { serverId, params: inbound.params }, ports)),
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<readonly InboundAnswer[]>((resolve) => {
    timer = setTimeout(() => resolve([]), longestLogLevelMs);
  });
  const answers = await Promise.race([told, late]);
  clearTimeout(timer);
  return answers.find(({ kind }) => kind === 'error') ?? { kind: 'result', result: {} };
}
