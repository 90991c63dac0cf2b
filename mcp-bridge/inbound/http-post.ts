/**
 * One POST: a request, a notification, or the answer to a question the bridge asked (MCP 2025-11-25 and 2026-07-28
 * Streamable HTTP). Batches are refused (MC-20): only 2025-03-26 had them, and each member wants a decision of its own.
 *
 * A caller that goes away ends its call: in 2026-07-28 that is a cancel by the protocol; before, it is none, and yet
 * nothing is executed for a caller that has gone (DESIGN §4, I4; MC-25).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';
import type { BridgeDescription, BridgeEndpoint } from '../pipeline/ports.ts';
import { answerRequest } from './answer-request.ts';
import type { Exchange } from './ask-bridge.ts';
import type { ClientKeyRecord } from './client-keys.ts';
import { eraOf, type StandardHeaders } from './era.ts';
import { readBody } from './http-body.ts';
import { bodyTooLarge, checkBodyHeaders, type Refusal } from './http-gate.ts';
import { errorMessage, type JsonRpcRequest, readableId, readMessage, rpcCode } from './json-rpc.ts';
import type { KeepAlive } from './keep-alive.ts';
import { listen } from './listen.ts';
import type { McpSession } from './mcp-sessions.ts';
import type { CallScope } from './open-calls.ts';
import { paramHeaderProblem } from './param-headers.ts';
import type { Serving } from './serving.ts';
import { type AnswerStream, createAnswerStream } from './sse.ts';
import { parseStrictJson } from './strict-json.ts';

/** A request that has passed Host, Origin, key and address. */
export type HttpExchange = {
  readonly serving: Serving;
  readonly keepAlive: KeepAlive;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly clientRecord: ClientKeyRecord;
  readonly endpoint: BridgeEndpoint;
  readonly description: BridgeDescription;
  refuse(serving: Serving, incoming: IncomingMessage, outgoing: ServerResponse, refusal: Refusal): void;
};

export async function servePost(http: HttpExchange): Promise<void> {
  const { serving, incoming, outgoing } = http;
  const { bodyBytes, jsonDepth } = serving.limits;
  const refusal = checkBodyHeaders(incoming, bodyBytes);
  if (refusal !== undefined) return http.refuse(serving, incoming, outgoing, refusal);
  if (incoming.headers.expect !== undefined) outgoing.writeContinue();
  const body = await readBody(incoming, bodyBytes);
  if (body.kind === 'broken') return;
  if (body.kind === 'too-large') return http.refuse(serving, incoming, outgoing, bodyTooLarge(bodyBytes));
  if (body.kind === 'shredded') {
    return http.refuse(serving, incoming, outgoing, { status: 400, message: 'the body comes in too small pieces' });
  }
  // SECURITY(I6): the body may have taken half a minute; a key that was revoked meanwhile lets nothing in
  if (serving.keys.find(http.clientRecord.mcpClientId)?.keyHash !== http.clientRecord.keyHash) {
    return http.refuse(serving, incoming, outgoing, { status: 401, message: 'The key was revoked.' });
  }
  const parsed = parseStrictJson(body.bytes, jsonDepth);
  if (!parsed.ok) {
    return sendJson(
      outgoing,
      400,
      errorMessage(null, { code: rpcCode.parseError, message: `Parse error: ${parsed.message}` }),
    );
  }
  const found = sessionOf(http);
  if (found === 'not-found') return sendJson(outgoing, 404, sessionNotFound);
  const message = readMessage(parsed.value);
  switch (message?.kind) {
    case undefined:
      return sendJson(outgoing, 400, invalidMessage(parsed.value));
    case 'request':
      return serveRequest(http, message, found.session, found.scope);
    case 'notification':
      if (message.method === 'notifications/cancelled') {
        const { requestId } = message.params;
        if (typeof requestId === 'string' || typeof requestId === 'number')
          serving.calls.cancel(found.scope, requestId);
      }
      break;
    case 'response':
      serving.questions.answer(found.scope, message);
  }
  outgoing.writeHead(202).end();
}

async function serveRequest(
  http: HttpExchange,
  request: JsonRpcRequest,
  session: McpSession | undefined,
  scope: CallScope,
): Promise<void> {
  const { serving, incoming, outgoing, clientRecord, endpoint, description } = http;
  const era = eraOf(request, standardHeaders(incoming));
  if (era.kind === 'refused') return sendJson(outgoing, 400, errorMessage(request.id, era.error));
  if (era.kind === 'stateless' && request.method === 'tools/call') {
    const problem = paramProblem(http, request);
    if (problem !== undefined) {
      return sendJson(outgoing, 400, errorMessage(request.id, { code: rpcCode.headerMismatch, message: problem }));
    }
  }
  // gone while its body was read: its close has been told already, and nobody would hear it again
  if (incoming.socket.destroyed) return;
  const stream = createAnswerStream(incoming, outgoing, serving.limits.unreadBytes, () =>
    serving.unread.wrote(clientRecord.mcpClientId, outgoing),
  );
  const isListen = era.kind === 'stateless' && request.method === 'subscriptions/listen';
  // a listen ends by itself when it is aborted, and may have a last message
  // SECURITY(MC-24): no header holds a NUL, so no notification can name this scope: a stateless call is cancelled by
  // closing its stream, and the ids of two windows of one AI client are alike
  const callScope = era.kind === 'stateless' ? { ...scope, scopeKey: '\u0000stateless' } : scope;
  const call = serving.calls.begin(callScope, request.id, isListen ? undefined : () => stream.end());
  if (call === undefined) {
    const error = {
      code: rpcCode.refused,
      message: 'Too many calls of this AI client are open; wait for some to end.',
    };
    return sendJson(outgoing, 429, errorMessage(request.id, error));
  }
  const stopTicks = http.keepAlive.add(() => stream.keepAlive());
  outgoing.once('close', () => {
    stopTicks();
    // SECURITY(MC-25): the connection closed before the answer was written
    if (!outgoing.writableFinished) call.abort(era.kind === 'stateless' ? 'cancelled' : 'disconnected');
    call.finish();
  });
  const ownSession = era.kind === 'stateless' ? undefined : session;
  const exchange: Exchange = { clientRecord, scope, endpoint, description, session: ownSession, push: stream.push };
  if (isListen) {
    return serveListen(http, exchange, stream, () =>
      listen(serving, { ...exchange, push: stream.push ?? drop }, era, request, call.signal),
    );
  }
  const reply = await answerRequest(serving, exchange, era, request, call.signal);
  if (call.signal.aborted) return stream.end();
  const opened = reply.openedSession;
  stream.answer(reply.status, reply.message, opened === undefined ? undefined : { 'mcp-session-id': opened.id });
  // SECURITY(LO-11): an answer that nobody takes must not stay in memory for good; Node closes what is idle that long
  if (outgoing.writableLength > 0) outgoing.socket?.setTimeout(serving.limits.stalledMs);
}

function paramProblem(
  { serving, incoming, endpoint, clientRecord }: HttpExchange,
  { params }: JsonRpcRequest,
): string | undefined {
  const { name, arguments: toolArguments } = params;
  if (typeof name !== 'string') return undefined;
  const inputSchema = serving.handler.inputSchemaOf?.(endpoint, name, clientRecord.mcpClientId);
  return inputSchema === undefined ? undefined : paramHeaderProblem(inputSchema, toolArguments, incoming.headers);
}

async function serveListen(
  http: HttpExchange,
  exchange: Exchange,
  stream: AnswerStream,
  run: () => Promise<JsonObject | undefined>,
): Promise<void> {
  const { serving, incoming, outgoing } = http;
  if (exchange.push === undefined) {
    return http.refuse(serving, incoming, outgoing, { status: 406, message: 'text/event-stream must be accepted' });
  }
  const last = await run();
  if (last === undefined) stream.end();
  else stream.answer(200, last);
}

const drop = (): void => {};

/** The caller's session, if any, and the scope in which its request ids mean something. */
export function sessionOf(
  http: HttpExchange,
): 'not-found' | { readonly session: McpSession | undefined; readonly scope: CallScope } {
  const { mcpClientId } = http.clientRecord;
  const id = http.incoming.headers['mcp-session-id'];
  if (typeof id !== 'string') return { session: undefined, scope: { mcpClientId, scopeKey: '' } };
  const found = http.serving.sessions.find(id, mcpClientId);
  if (found.kind === 'foreign' || found.kind === 'ended') return 'not-found';
  return { session: found.kind === 'own' ? found.session : undefined, scope: { mcpClientId, scopeKey: id } };
}

export const sessionNotFound = errorMessage(null, { code: -32001, message: 'Session not found' });

function invalidMessage(value: JsonValue): JsonObject {
  const message = Array.isArray(value)
    ? 'Batches are not accepted; send each message alone.'
    : 'This is not a JSON-RPC 2.0 message of MCP.';
  return errorMessage(isJsonObject(value) ? readableId(value) : null, { code: rpcCode.invalidRequest, message });
}

function standardHeaders({ headers }: IncomingMessage): StandardHeaders {
  return {
    protocolVersion: text(headers['mcp-protocol-version']),
    method: text(headers['mcp-method']),
    name: text(headers['mcp-name']),
  };
}

function text(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function sendJson(outgoing: ServerResponse, status: number, message: JsonObject): void {
  if (outgoing.destroyed) return;
  const body = JSON.stringify(message);
  outgoing.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  outgoing.end(body);
}
