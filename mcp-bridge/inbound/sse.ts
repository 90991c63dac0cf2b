/**
 * The answer to one POST: a JSON body, or an SSE stream as soon as something has to be said before the result
 * (MCP 2026-07-28 and 2025-11-25 Streamable HTTP). Also the long streams of GET and `subscriptions/listen`.
 *
 * A comment every `keepAliveMs` keeps sockets open while a person decides, and turns a JSON answer that is still
 * waiting into a stream, so that a caller that has gone is noticed.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '../core/model/json.ts';

const streamHead = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const;

export type AnswerStream = {
  /** Opens the stream if need be; undefined where the caller takes JSON only. */
  readonly push: ((message: JsonObject) => void) | undefined;
  /** Sends the head now, before there is anything to say. */
  open(): void;
  /** The last message. `headers` are sent only while the answer is still a JSON body. */
  answer(status: number, message: JsonObject, headers?: Readonly<Record<string, string>>): void;
  /** Ends without a last message: the caller cancelled and waits for nothing. */
  end(): void;
  keepAlive(): void;
};

export function acceptsStream(incoming: IncomingMessage): boolean {
  return incoming.headers.accept?.includes('text/event-stream') ?? false;
}

/** A caller that takes both gets what it names first; most name JSON first, which is also cheaper. */
function prefersStream(accept: string): boolean {
  const json = accept.search(/application\/json|\*\/\*/);
  return json === -1 || accept.indexOf('text/event-stream') < json;
}

export function createAnswerStream(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  unreadBytes: number,
  /** Called after each write of which something is left unread. */
  behind: () => void = () => {},
): AnswerStream {
  const { accept } = incoming.headers;
  const mayStream = acceptsStream(incoming);
  const mayJson = !mayStream || accept === undefined || !prefersStream(accept);
  let openedAtKeepAlive = false;
  const openStream = (): void => {
    if (!outgoing.headersSent) outgoing.writeHead(200, streamHead);
  };
  const write = (frame: string): void => {
    if (outgoing.destroyed || outgoing.writableEnded) return;
    // a reader that does not read must not fill the memory of everyone
    if (outgoing.writableLength > unreadBytes) outgoing.destroy();
    else {
      outgoing.write(frame);
      if (outgoing.writableLength > 0) behind();
    }
  };
  const push = (message: JsonObject): void => {
    openStream();
    write(frameOf(message));
  };
  return {
    push: mayStream ? push : undefined,
    open() {
      outgoing.writeHead(200, streamHead);
      outgoing.flushHeaders();
    },
    answer(status, message, headers) {
      if (outgoing.destroyed || outgoing.writableEnded) return;
      if (!outgoing.headersSent && (mayJson || status !== 200)) {
        const body = JSON.stringify(message);
        outgoing.writeHead(status, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        });
        outgoing.end(body);
        if (outgoing.writableLength > 0) behind();
        return;
      }
      if (!outgoing.headersSent) outgoing.writeHead(200, { ...streamHead, ...headers });
      outgoing.end(frameOf(message));
      if (outgoing.writableLength > 0) behind();
    },
    end() {
      if (outgoing.destroyed || outgoing.writableEnded) return;
      openStream();
      outgoing.end();
    },
    keepAlive() {
      if (!mayStream) return;
      // the first tick may come right after the request did: wait for a whole interval before giving up JSON
      if (!outgoing.headersSent && !openedAtKeepAlive) {
        openedAtKeepAlive = true;
        return;
      }
      openStream();
      write(': keepalive\n\n');
    },
  };
}

/** JSON has no raw line breaks, so one `data` line holds a message. */
function frameOf(message: JsonObject): string {
  return `event: message\ndata: ${JSON.stringify(message)}\n\n`;
}
