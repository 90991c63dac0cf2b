/**
 * Splits a byte stream into lines with a cap on memory: a line beyond it is skipped to its end and only its first
 * and last bytes are reported, so that a 100 MB line costs nothing but the time to read past it (MC-33).
 */
import { JoinedBytes } from './joined-bytes.ts';

export type LineEvents = {
  onLine(line: string): void;
  /** A line was longer than the cap. `edges` are its first and last bytes, enough to find its request id. */
  onOversized(edges: string): void;
  /** One line went on beyond `maxSkippedBytes`; the stream is useless. */
  onEndless(): void;
};

const EDGE_BYTES = 96;
const NEWLINE = 0x0a;

export class LineSplitter {
  readonly #limits: { readonly maxMessageBytes: number; readonly maxSkippedBytes: number };
  readonly #events: LineEvents;
  readonly #joined = new JoinedBytes();
  #bytes = 0;
  #head: string | undefined;
  #tail = Buffer.alloc(0);

  constructor(limits: { readonly maxMessageBytes: number; readonly maxSkippedBytes: number }, events: LineEvents) {
    this.#limits = limits;
    this.#events = events;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#append(chunk.subarray(start, end));
      this.#endLine();
      start = end + 1;
    }
    if (start < chunk.length) this.#append(chunk.subarray(start));
  }

  #append(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#head !== undefined) {
      this.#tail = Buffer.concat([this.#tail, part.subarray(-EDGE_BYTES)]).subarray(-EDGE_BYTES);
      if (this.#bytes > this.#limits.maxSkippedBytes) this.#events.onEndless();
      return;
    }
    this.#joined.push(part);
    if (this.#bytes <= this.#limits.maxMessageBytes) return;
    const begun = this.#joined.take();
    this.#head = begun.subarray(0, EDGE_BYTES).toString('latin1');
    this.#tail = Buffer.from(begun.subarray(-EDGE_BYTES));
  }

  #endLine(): void {
    const oversizedHead = this.#head;
    const line = this.#joined.take();
    const edges = oversizedHead === undefined ? undefined : `${oversizedHead} … ${this.#tail.toString('latin1')}`;
    this.#bytes = 0;
    this.#head = undefined;
    this.#tail = Buffer.alloc(0);
    if (edges !== undefined) this.#events.onOversized(edges);
    else if (line.length > 0) this.#events.onLine(line.toString('utf8'));
  }
}
