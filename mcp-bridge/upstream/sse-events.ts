/** Server-sent events (WHATWG HTML §9.2) out of chunks of bytes, with a cap on the size of one event (MC-33). */
import { StringDecoder } from 'node:string_decoder';

export type SseEvents = {
  onEvent(data: string, eventName: string): void;
  onId(id: string): void;
  onRetry(retryMs: number): void;
  onOversized(): void;
};

/** SECURITY(MC-33): held one by one, pieces of a byte take a dozen times what their bytes take. */
const PIECES_JOINED = 1_024;

export class SseParser {
  readonly #maxBytes: number;
  readonly #events: SseEvents;
  readonly #decoder = new StringDecoder('utf8');
  #parts: string[] = [];
  /** The newest pieces, until there are enough of them to become a part. */
  #pieces: string[] = [];
  #partsLength = 0;
  #data: string[] = [];
  #dataLength = 0;
  #eventName = '';

  constructor(maxBytes: number, events: SseEvents) {
    this.#maxBytes = maxBytes;
    this.#events = events;
  }

  push(chunk: Buffer): void {
    const part = this.#decoder.write(chunk);
    this.#pieces.push(part);
    this.#partsLength += part.length;
    if (this.#pieces.length >= PIECES_JOINED) this.#parts.push(this.#pieces.splice(0).join(''));
    // Joined only when a line ends in it, so that one long line costs linear time.
    if (/[\r\n]/.test(part)) this.#splitLines();
    if (this.#partsLength + this.#dataLength > this.#maxBytes) this.#events.onOversized();
  }

  #splitLines(): void {
    const text = this.#parts.join('') + this.#pieces.splice(0).join('');
    const lineEnd = /\r\n|\n|\r(?!$)/g;
    let start = 0;
    for (let match = lineEnd.exec(text); match !== null; match = lineEnd.exec(text)) {
      this.#onLine(text.slice(start, match.index));
      start = lineEnd.lastIndex;
    }
    this.#parts = [text.slice(start)];
    this.#partsLength = text.length - start;
  }

  #onLine(line: string): void {
    if (line === '') {
      const data = this.#data.join('\n');
      const eventName = this.#eventName;
      this.#data = [];
      this.#dataLength = 0;
      this.#eventName = '';
      if (data !== '') this.#events.onEvent(data, eventName);
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') {
      this.#data.push(value);
      // With its end: lines of nothing add up too.
      this.#dataLength += value.length + 1;
    } else if (field === 'event') this.#eventName = value;
    else if (field === 'id' && !value.includes('\0')) this.#events.onId(value);
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) this.#events.onRetry(Number(value));
  }
}
