/**
 * One JSON-RPC request of either era, from an authenticated AI client, to its reply.
 *
 * The handshake (`initialize`, `server/discover`, `ping`) is answered here from what the bridge says of itself; everything
 * else goes to the bridge. Methods that 2026-07-28 does not have end here too (MC-21).
 *
 * INVARIANT: never rejects.
 */
import { isJsonObject, type JsonObject } from '../core/model/json.ts';
import type { BridgeDescription } from '../pipeline/ports.ts';
import { askBridge, type Exchange, type ServedEra } from './ask-bridge.ts';
import { initializeVersions, statelessVersion } from './era.ts';
import { initializeResult, statelessResult } from './era-results.ts';
import { errorMessage, type JsonRpcRequest, type RpcError, resultMessage, rpcCode } from './json-rpc.ts';
import type { McpSession } from './mcp-sessions.ts';
import type { Serving } from './serving.ts';
import { addSubscription, removeSubscription, subscriptionOf } from './subscriptions.ts';

export type Reply = {
  /** HTTP status; the socket has no use for it. */
  readonly status: number;
  readonly message: JsonObject;
  readonly openedSession?: McpSession | undefined;
};

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
    const answer = await askBridge(serving, exchange, era, request, signal);
    if (answer.kind === 'error') return failed(request, answer, statelessStatus(answer.code));
    return ok(request, statelessResult(request.method, answer.result, serverInfo));
  }
  if (request.method === 'initialize') return initialize(serving, exchange, request);
  if (request.method === 'ping') return ok(request, {});
  if (request.method === 'server/discover' || request.method === 'subscriptions/listen') return methodNotFound(request);
  const subscribed = subscriptionOf(exchange.session, request);
  if (subscribed?.change === 'too-many') {
    return failed(request, { code: rpcCode.refused, message: 'Subscription limit reached' }, 200);
  }
  // SECURITY(MC-23): who never subscribed must not end what another AI client subscribed to
  if (request.method === 'resources/unsubscribe' && subscribed === undefined) return ok(request, {});
  if (subscribed?.change === 'remove' && !removeSubscription(serving, exchange, subscribed)) return ok(request, {});
  const answer = await askBridge(serving, exchange, era, request, signal);
  if (answer.kind === 'error') return failed(request, answer, 200);
  if (subscribed?.change === 'add') addSubscription(serving, exchange, era, subscribed);
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
