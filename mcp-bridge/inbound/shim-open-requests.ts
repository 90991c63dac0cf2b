/**
 * Which requests of the AI client the bridge has not answered yet, so that none is left without a word when the connection
 * breaks (AU-09).
 *
 * The shim carries bytes and this only listens: it looks at a message after it was passed on. A message of the AI client
 * may be written in any order and is parsed; an answer of the bridge has its id in front, so only its beginning is read.
 */
import { createLineReader } from './lines.ts';

export type RequestId = string | number;

export type OpenRequests = {
  /** What the AI client said, in pieces as they came. */
  sent(chunk: Uint8Array): void;
  /** What the bridge said: whole lines. */
  received(lines: Uint8Array): void;
  ids(): readonly RequestId[];
};

/** Of one message; the bridge reads no larger one and ends the connection. */
const longestLineBytes = 4 * 1024 * 1024;
/** The bridge holds 400 open calls of an AI client and refuses the next at once. */
const mostOpen = 10_000;
const longestId = 1_024;
const newline = 0x0a;

export function createOpenRequests(): OpenRequests {
  const open = new Set<RequestId>();
  const reader = createLineReader(longestLineBytes, (line) => {
    const message = parsed(line);
    if (message === undefined) return;
    const { id, method, params } = message;
    if (method === 'notifications/cancelled') {
      // over stdio what was cancelled gets no answer (MCP 2026-07-28 stdio transport)
      const { requestId } = (typeof params === 'object' && params !== null ? params : {}) as { requestId?: RequestId };
      if (requestId !== undefined) open.delete(requestId);
    } else if (typeof method === 'string' && isId(id) && open.size < mostOpen) open.add(id);
  });
  return {
    sent: (chunk) => void reader.feed(chunk),
    received(lines) {
      let start = 0;
      while (open.size > 0 && start < lines.length) {
        const end = lines.indexOf(newline, start);
        if (end === -1) return;
        const id = answeredId(lines.subarray(start, end));
        if (id !== undefined) open.delete(id);
        start = end + 1;
      }
    },
    ids: () => [...open],
  };
}

function isId(id: unknown): id is RequestId {
  return typeof id === 'number' || (typeof id === 'string' && id.length <= longestId);
}

function parsed(
  line: Uint8Array,
): { readonly id?: unknown; readonly method?: unknown; readonly params?: unknown } | undefined {
  try {
    const message: unknown = JSON.parse(Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8'));
    return typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}

/** As `resultMessage` and `errorMessage` write it: version, id, then the answer. */
const answerHead = /^\{"jsonrpc":"2\.0","id":("(?:[^"\\]|\\.)*"|-?[\d.eE+-]+),"(?:result|error)":/;
/** Twelve bytes for each character of the longest id, when all of it is escaped or in four-byte forms. */
const headBytes = 16 * 1024;

function answeredId(line: Uint8Array): RequestId | undefined {
  const { buffer, byteOffset } = line;
  const shortest = Buffer.from(buffer, byteOffset, Math.min(line.length, 128)).toString('utf8');
  const head =
    answerHead.exec(shortest) ??
    answerHead.exec(Buffer.from(buffer, byteOffset, Math.min(line.length, headBytes)).toString('utf8'));
  return head === null ? undefined : (JSON.parse(head[1] as string) as RequestId);
}
