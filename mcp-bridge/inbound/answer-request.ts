/**
 * One JSON-RPC request of either era, from an authenticated AI client, to its reply.
 *
 * The handshake (`initialize`, `server/discover`, `ping`) is answered here from what the bridge says of itself; everything
 * else goes to the bridge. Methods that 2026-07-28 does not have end here too (MC-21).
 *
 * INVARIANT: never rejects; a failure inside the bridge is an internal error without its cause in it.
 */
import { isJsonObject, type JsonObject } from '../core/model/json.ts';
import type { Caller } from '../core/model/operation.ts';
import type { BridgeDescription, BridgeEndpoint, InboundAnswer, InboundRequest } from '../pipeline/ports.ts';
import type { ClientKeyRecord } from './client-keys.ts';
import { McpClientRefusal } from './client-questions.ts';
import { assumedVersion, type EraOutcome, initializeVersions, statelessVersion } from './era.ts';
import { initializeResult, statelessResult } from './era-results.ts';
import {
  errorMessage,
  type JsonRpcRequest,
  notificationMessage,
  type RpcError,
  resultMessage,
  rpcCode,
} from './json-rpc.ts';
import type { McpSession } from './mcp-sessions.ts';
import type { CallScope } from './open-calls.ts';
import type { Serving } from './serving.ts';

export type Exchange = {
  readonly clientRecord: ClientKeyRecord;
  readonly scope: CallScope;
  readonly endpoint: BridgeEndpoint;
  readonly description: BridgeDescription;
  /** Of the initialize era, when the caller has one that was opened here. */
  readonly session: McpSession | undefined;
  /** Puts a message on the stream of this exchange; absent where the answer cannot carry one. */
  readonly push: ((message: JsonObject) => void) | undefined;
};

export type Reply = {
  /** HTTP status; the socket has no use for it. */
  readonly status: number;
  readonly message: JsonObject;
  readonly openedSession?: McpSession | undefined;
};

export type ServedEra = Exclude<EraOutcome, { kind: 'refused' }>;

/** How long a caller may be kept waiting for a person (DESIGN §6): most give up at 60 s, with progress at 300 s. */
export const patienceMs = 50_000;
export const patienceWithProgressMs = 280_000;

const statelessMethods: ReadonlySet<string> = new Set([
  'tools/call',
  'tools/list',
  'prompts/get',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'completion/complete',
]);

export async function answerRequest(
  serving: Serving,
  exchange: Exchange,
  era: ServedEra,
  request: JsonRpcRequest,
  signal: AbortSignal,
): Promise<Reply> {
  if (era.kind === 'stateless') {
    const { serverInfo } = exchange.description;
    if (request.method === 'server/discover') {
      return ok(request, statelessResult(request.method, discovery(exchange.description), serverInfo));
    }
    if (!statelessMethods.has(request.method)) return methodNotFound(request);
    const answer = await handle(serving, exchange, era, request, signal);
    if (answer.kind === 'error') return failed(request, answer, statelessStatus(answer.code));
    return ok(request, statelessResult(request.method, answer.result, serverInfo));
  }
  if (request.method === 'initialize') return initialize(serving, exchange, request);
  if (request.method === 'ping') return ok(request, {});
  if (request.method === 'server/discover' || request.method === 'subscriptions/listen') return methodNotFound(request);
  const answer = await handle(serving, exchange, era, request, signal);
  if (answer.kind === 'error') return failed(request, answer, 200);
  noteSubscription(serving, exchange, request);
  return ok(request, initializeResult(request.method, answer.result));
}

function discovery({ capabilities, instructions }: BridgeDescription): JsonObject {
  return { supportedVersions: [statelessVersion], capabilities, instructions };
}

function initialize(serving: Serving, { clientRecord, description }: Exchange, request: JsonRpcRequest): Reply {
  const { protocolVersion: asked, capabilities } = request.params;
  if (typeof asked !== 'string') {
    return failed(request, { code: rpcCode.invalidParams, message: 'protocolVersion is missing' }, 200);
  }
  // MCP 2025-11-25 Lifecycle, Version Negotiation: the same version if it is served, else one that is
  const protocolVersion = initializeVersions.includes(asked) ? asked : (initializeVersions[0] as string);
  const openedSession = serving.sessions.open(
    clientRecord.mcpClientId,
    protocolVersion,
    isJsonObject(capabilities) ? capabilities : {},
  );
  const { serverInfo, capabilities: ours, instructions } = description;
  return { ...ok(request, { protocolVersion, capabilities: ours, serverInfo, instructions }), openedSession };
}

/** Asks the bridge itself, as this caller. */
export async function handle(
  serving: Serving,
  exchange: Exchange,
  era: ServedEra,
  request: { readonly method: string; readonly params: JsonObject },
  signal: AbortSignal,
): Promise<InboundAnswer> {
  const { session, push, endpoint } = exchange;
  const meta = request.params['_meta'];
  const progressToken = isJsonObject(meta) ? meta['progressToken'] : undefined;
  const hasProgressToken = typeof progressToken === 'string' || typeof progressToken === 'number';
  let open = true;
  const inbound: InboundRequest = {
    caller: callerOf(serving, exchange),
    endpoint,
    era: era.kind,
    protocolVersion: era.protocolVersion ?? session?.protocolVersion ?? assumedVersion,
    clientCapabilities: era.kind === 'stateless' ? era.clientCapabilities : (session?.clientCapabilities ?? {}),
    method: request.method,
    params: request.params,
    patienceMs: hasProgressToken ? patienceWithProgressMs : patienceMs,
    hasProgressToken,
    signal,
    notify(method, params) {
      if (open && !signal.aborted) push?.(notificationMessage(method, params));
    },
    requestMcpClient: questionsFor(serving, exchange, era, signal),
  };
  try {
    return await serving.handler.handle(inbound);
  } catch {
    serving.log({ kind: 'failed', message: `the bridge failed at ${request.method.slice(0, 40)}` });
    return { kind: 'error', code: rpcCode.internalError, message: 'Countersign could not answer this request.' };
  } finally {
    open = false;
  }
}

function callerOf(serving: Serving, { clientRecord, session }: Exchange): Caller {
  const { id, startedAt } = session ?? serving.activity.touch(clientRecord.mcpClientId);
  return {
    mcpClientId: clientRecord.mcpClientId,
    mcpClientName: clientRecord.name,
    mcpSessionId: id,
    mcpSessionStartedAt: startedAt,
  };
}

/** What an AI client must have declared before it may be asked (MCP 2025-11-25 ClientCapabilities). */
const capabilityFor: ReadonlyMap<string, string> = new Map([
  ['elicitation/create', 'elicitation'],
  ['sampling/createMessage', 'sampling'],
  ['roots/list', 'roots'],
]);

/** Only in the initialize era: a 2026-07-28 caller gets `input_required` instead and calls again. */
function questionsFor(
  serving: Serving,
  { session, push, scope }: Exchange,
  era: ServedEra,
  signal: AbortSignal,
): InboundRequest['requestMcpClient'] {
  if (era.kind === 'stateless' || session === undefined || push === undefined) return undefined;
  const { clientCapabilities } = session;
  if (![...capabilityFor.values()].some((capability) => isJsonObject(clientCapabilities[capability]))) return undefined;
  return (method, params) => {
    const capability = capabilityFor.get(method);
    if (capability === undefined || !isJsonObject(clientCapabilities[capability])) {
      return Promise.reject(new McpClientRefusal(rpcCode.methodNotFound, `the AI client does not take ${method}`));
    }
    return serving.questions.ask(scope, method, params, push, signal);
  };
}

function noteSubscription({ resources }: Serving, { session, endpoint }: Exchange, request: JsonRpcRequest): void {
  const uri = request.params['uri'];
  if (session === undefined || typeof uri !== 'string') return;
  if (request.method === 'resources/subscribe' && !session.subscribedUris.has(uri)) {
    session.subscribedUris.add(uri);
    resources.add(endpoint, uri);
  }
  if (request.method === 'resources/unsubscribe' && session.subscribedUris.delete(uri)) resources.remove(endpoint, uri);
}

/** MCP 2026-07-28 Streamable HTTP: these codes carry their own status; every other error is the payload of a 200. */
function statelessStatus(code: number): number {
  if (code === rpcCode.methodNotFound) return 404;
  const badRequest: readonly number[] = [
    rpcCode.headerMismatch,
    rpcCode.missingClientCapability,
    rpcCode.unsupportedProtocolVersion,
  ];
  return badRequest.includes(code) ? 400 : 200;
}

function ok(request: JsonRpcRequest, result: JsonObject): Reply {
  return { status: 200, message: resultMessage(request.id, result) };
}

function failed(request: JsonRpcRequest, error: RpcError, status: number): Reply {
  return { status, message: errorMessage(request.id, error) };
}

export function methodNotFound(request: JsonRpcRequest): Reply {
  return failed(request, { code: rpcCode.methodNotFound, message: 'Method not found' }, 404);
}
