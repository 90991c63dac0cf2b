/**
 * Newline-delimited frames, as MCP's stdio transport has them, cut out of a byte stream (LO-23).
 *
 * A frame is handed over whole or not at all: a line without its end is dropped with the stream, and one longer than
 * the cap ends it. A line in a thousand pieces costs no more than its bytes.
 */
import { appendBytes } from './growing-bytes.ts';

const newline = 0x0a;

export type LineReader = {
  /** false when a line grew beyond the cap; nothing more is read then. */
  feed(chunk: Uint8Array): boolean;
};

export function createLineReader(maxBytes: number, onLine: (line: Uint8Array) => void): LineReader {
  let held: Uint8Array | undefined;
  let length = 0;
  let overflowed = false;
  const keep = (piece: Uint8Array): boolean => {
    if (piece.length === 0) return true;
    if (length + piece.length > maxBytes) {
      overflowed = true;
      held = undefined;
      return false;
    }
    // most lines are one piece, which is taken as it is
    held = held === undefined ? piece : appendBytes(held, length, piece);
    length += piece.length;
    return true;
  };
  const flush = (): void => {
    const line = held?.subarray(0, length);
    held = undefined;
    length = 0;
    if (line !== undefined) onLine(line);
  };
  return {
    feed(chunk) {
      if (overflowed) return false;
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        if (!keep(chunk.subarray(start, end))) return false;
        flush();
        start = end + 1;
      }
      return keep(chunk.subarray(start));
    },
  };
}
