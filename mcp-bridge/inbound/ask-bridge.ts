/**
 * One request put to the bridge: who asks, from which session, how long the caller will wait, and how to reach it
 * while it does.
 *
 * INVARIANT: never rejects; a failure inside the bridge is an internal error without its cause in it.
 */
import { isJsonObject, type JsonObject } from '../core/model/json.ts';
import type { Caller } from '../core/model/operation.ts';
import type { BridgeDescription, BridgeEndpoint, InboundAnswer, InboundRequest } from '../pipeline/ports.ts';
import type { ClientKeyRecord } from './client-keys.ts';
import { McpClientRefusal } from './client-questions.ts';
import { assumedVersion, type EraOutcome, metaKey } from './era.ts';
import { notificationMessage, rpcCode } from './json-rpc.ts';
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

export type ServedEra = Exclude<EraOutcome, { kind: 'refused' }>;

/** UTF-16 units; a longer one is as good as none. */
const longestProgressToken = 256;

/** How long a caller may be kept waiting for a person (DESIGN §6): most give up at 60 s, with progress at 300 s. */
export const patienceMs = 50_000;
export const patienceWithProgressMs = 280_000;

/** Asks the bridge itself, as this caller. */
export async function askBridge(
  serving: Serving,
  exchange: Exchange,
  era: ServedEra,
  request: { readonly method: string; readonly params: JsonObject },
  signal: AbortSignal,
): Promise<InboundAnswer> {
  const { session, push, endpoint } = exchange;
  const meta = request.params['_meta'];
  const progressToken = isJsonObject(meta) ? meta['progressToken'] : undefined;
  // who takes no stream hears no progress, however it asked for it, and gives up when it would without
  const hasProgressToken =
    push !== undefined &&
    (typeof progressToken === 'number' ||
      (typeof progressToken === 'string' && progressToken.length <= longestProgressToken));
  const hasLogLevel = isJsonObject(meta) && meta[metaKey.logLevel] !== undefined;
  // MCP 2026-07-28 Logging: a request that names no level gets no log lines, whatever another AI client asked for
  const mayLog = era.kind === 'initialize' || hasLogLevel;
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
      if (method === 'notifications/message' && !mayLog) return;
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
