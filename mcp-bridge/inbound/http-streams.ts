/**
 * GET and DELETE of the initialize era: a stream for what happens outside any call, and the end of a session
 * (MCP 2025-11-25 Streamable HTTP, Listening for Messages and Session Management). 2026-07-28 has neither.
 */
import type { IncomingMessage } from 'node:http';
import { acceptsUnsolicited } from './change-streams.ts';
import { statelessVersion } from './era.ts';
import type { Refusal } from './http-gate.ts';
import { type HttpExchange, sendJson, sessionNotFound, sessionOf } from './http-post.ts';
import { notificationMessage } from './json-rpc.ts';
import type { McpSession } from './mcp-sessions.ts';
import { acceptsStream, createAnswerStream } from './sse.ts';

export function openChangeStream(http: HttpExchange): void {
  const { serving, incoming, outgoing } = http;
  const found = sessionOf(http);
  if (found === 'not-found') {
    sendJson(outgoing, 404, sessionNotFound);
    return;
  }
  const refusal = streamRefusal(incoming) ?? startStream(http, found.session);
  if (refusal !== undefined) http.refuse(serving, incoming, outgoing, refusal);
}

function streamRefusal(incoming: IncomingMessage): Refusal | undefined {
  if (incoming.headers['mcp-protocol-version'] === statelessVersion) {
    return { status: 405, message: 'this protocol version has no GET', headers: { allow: 'POST' } };
  }
  return acceptsStream(incoming) ? undefined : { status: 406, message: 'text/event-stream must be accepted' };
}

const noUris: ReadonlyMap<string, unknown> = new Map();

function startStream(http: HttpExchange, session: McpSession | undefined): Refusal | undefined {
  const { serving, incoming, outgoing, clientRecord, endpoint } = http;
  const stream = createAnswerStream(incoming, outgoing, serving.limits.unreadBytes, () =>
    serving.unread.wrote(clientRecord.mcpClientId, outgoing),
  );
  const close = serving.changes.open({
    mcpClientId: clientRecord.mcpClientId,
    endpoint,
    slot: session?.id,
    accepts: (method, params) => acceptsUnsolicited(session?.subscribedUris ?? noUris, method, params),
    send: (method, params) => stream.push?.(notificationMessage(method, params)),
    end() {
      close?.();
      stream.end();
    },
  });
  if (close === undefined) return { status: 429, message: 'too many streams of this AI client are open' };
  const stopTicks = http.keepAlive.add(() => stream.keepAlive());
  outgoing.once('close', () => {
    stopTicks();
    close();
  });
  stream.open();
  return undefined;
}

export function deleteSession(http: HttpExchange): void {
  const { serving, outgoing } = http;
  const found = sessionOf(http);
  if (found === 'not-found') {
    sendJson(outgoing, 404, sessionNotFound);
    return;
  }
  if (found.session !== undefined) {
    serving.calls.abortScope(found.scope, 'cancelled');
    serving.sessions.end(found.session.id);
  }
  outgoing.writeHead(200).end();
}
