/**
 * Newline-delimited frames, as MCP's stdio transport has them, cut out of a byte stream (LO-23).
 *
 * A frame is handed over whole or not at all: a line without its end is dropped with the stream, and one longer than
 * the cap ends it. Chunks are joined once per line, so a line in a thousand pieces costs no more than its bytes.
 */
const newline = 0x0a;

export type LineReader = {
  /** false when a line grew beyond the cap; nothing more is read then. */
  feed(chunk: Uint8Array): boolean;
};

export function createLineReader(maxBytes: number, onLine: (line: Uint8Array) => void): LineReader {
  let pieces: Uint8Array[] = [];
  let length = 0;
  let overflowed = false;
  const keep = (piece: Uint8Array): boolean => {
    if (piece.length === 0) return true;
    length += piece.length;
    if (length > maxBytes) {
      overflowed = true;
      pieces = [];
      return false;
    }
    pieces.push(piece);
    return true;
  };
  const flush = (): void => {
    const line = pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces, length);
    pieces = [];
    length = 0;
    if (line.length > 0) onLine(line);
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
