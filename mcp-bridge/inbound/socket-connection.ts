/**
 * A proven connection of the stdio shim: MCP's stdio transport in both eras, one JSON-RPC message a line.
 *
 * Unlike over HTTP, everything shares one stream, so a cancelled request gets no answer at all, and in 2026-07-28 too
 * a cancel is `notifications/cancelled` (MCP 2026-07-28 stdio transport). When the connection ends, so do its calls.
 */
import type { Socket } from 'node:net';
import { isJsonObject, type JsonObject } from '../core/model/json.ts';
import type { BridgeEndpoint } from '../pipeline/ports.ts';
import { answerRequest } from './answer-request.ts';
import type { Exchange } from './ask-bridge.ts';
import { acceptsUnsolicited } from './change-streams.ts';
import type { ClientKeyRecord } from './client-keys.ts';
import { eraOf } from './era.ts';
import {
  errorMessage,
  type JsonRpcRequest,
  notificationMessage,
  readableId,
  readMessage,
  rpcCode,
} from './json-rpc.ts';
import { listen } from './listen.ts';
import type { McpSession } from './mcp-sessions.ts';
import type { CallScope } from './open-calls.ts';
import type { Serving } from './serving.ts';
import { parseStrictJson } from './strict-json.ts';

export type SocketConnection = {
  receive(line: Uint8Array): void;
  /** The peer is gone. */
  closed(): void;
};

export function createSocketConnection(
  serving: Serving,
  socket: Socket,
  clientRecord: ClientKeyRecord,
  endpoint: BridgeEndpoint,
  connectionId: string,
): SocketConnection {
  const scope: CallScope = { mcpClientId: clientRecord.mcpClientId, scopeKey: `socket ${connectionId}` };
  let session: McpSession | undefined;
  let stopChanges: (() => void) | undefined;

  const send = (message: JsonObject): void => {
    if (socket.destroyed || !socket.writable) return;
    // a reader that does not read must not fill the memory of everyone
    if (socket.writableLength > serving.limits.unreadBytes) socket.destroy();
    else {
      socket.write(`${JSON.stringify(message)}\n`);
      if (socket.writableLength > 0) serving.unread.wrote(scope.mcpClientId, socket);
    }
  };

  const initialized = (opened: McpSession): void => {
    if (session !== undefined) serving.sessions.close(session.id);
    session = opened;
    stopChanges ??= serving.changes.open({
      mcpClientId: scope.mcpClientId,
      endpoint,
      accepts: (method, params) => acceptsUnsolicited(session?.subscribedUris ?? new Set(), method, params),
      send: (method, params) => send(notificationMessage(method, params)),
      end: () => stopChanges?.(),
    });
  };

  const serveRequest = async (request: JsonRpcRequest): Promise<void> => {
    const era = eraOf(request, undefined);
    if (era.kind === 'refused') return send(errorMessage(request.id, era.error));
    const description = serving.describe(endpoint, scope.mcpClientId);
    if (description === undefined) {
      return send(errorMessage(request.id, { code: rpcCode.refused, message: 'there is no such endpoint' }));
    }
    const call = serving.calls.begin(scope, request.id);
    if (call === undefined) {
      const error = {
        code: rpcCode.refused,
        message: 'Too many calls of this AI client are open; wait for some to end.',
      };
      return send(errorMessage(request.id, error));
    }
    try {
      const ownSession = era.kind === 'stateless' ? undefined : session;
      const exchange: Exchange = { clientRecord, scope, endpoint, description, session: ownSession, push: send };
      if (era.kind === 'stateless' && request.method === 'subscriptions/listen') {
        const last = await listen(serving, { ...exchange, push: send }, era, request, call.signal);
        return last === undefined ? undefined : send(last);
      }
      const reply = await answerRequest(serving, exchange, era, request, call.signal);
      if (call.signal.aborted) return;
      if (reply.openedSession !== undefined) initialized(reply.openedSession);
      send(reply.message);
    } finally {
      call.finish();
    }
  };

  return {
    receive(line) {
      const parsed = parseStrictJson(line, serving.limits.jsonDepth);
      if (!parsed.ok) {
        send(errorMessage(null, { code: rpcCode.parseError, message: `Parse error: ${parsed.message}` }));
        return;
      }
      const message = readMessage(parsed.value);
      if (message === undefined) {
        const id = isJsonObject(parsed.value) ? readableId(parsed.value) : null;
        send(errorMessage(id, { code: rpcCode.invalidRequest, message: 'This is not a single JSON-RPC 2.0 message.' }));
      } else if (message.kind === 'response') serving.questions.answer(scope, message);
      else if (message.kind === 'request') {
        serveRequest(message).catch(() => serving.log({ kind: 'failed', message: 'a request could not be served' }));
      } else if (message.method === 'notifications/cancelled') {
        const { requestId } = message.params;
        if (typeof requestId === 'string' || typeof requestId === 'number') serving.calls.cancel(scope, requestId);
      }
    },
    closed() {
      serving.calls.abortScope(scope, 'disconnected');
      stopChanges?.();
      if (session !== undefined) serving.sessions.close(session.id);
    },
  };
}
