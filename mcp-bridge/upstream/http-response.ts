/** One answer as it comes in: head first, then a body that a single reader takes, from its first byte on. */
export type BodyReader = {
  onData(chunk: Buffer): void;
  onEnd(): void;
  /** Broke off, or was given up. */
  onBroken(): void;
};

/** What may hold the body back and end it. */
export type BodySource = { resume(): void; destroy(): void };

const MAX_DISCARDED = 64 * 1024;
const MAX_DISCARD_MS = 5_000;

export class HttpResponse {
  readonly status: number;
  readonly #rawHeaders: readonly Buffer[];
  readonly #source: BodySource;
  /** What came before there was a reader: at most what arrived together with the head. */
  #early: Buffer[] = [];
  #end: 'whole' | 'broken' | undefined;
  #reader: BodyReader | undefined;
  #isPaused = false;

  /** @param rawHeaders names and values in turn, as they came */
  constructor(status: number, rawHeaders: readonly Buffer[], source: BodySource) {
    this.status = status;
    this.#rawHeaders = rawHeaders;
    this.#source = source;
  }

  /** `name` in lower case; values of a header that came more than once are joined (RFC 9110 §5.3). */
  header(name: string): string | undefined {
    let value: string | undefined;
    for (let index = 0; index + 1 < this.#rawHeaders.length; index += 2) {
      const candidate = this.#rawHeaders[index] as Buffer;
      if (candidate.length !== name.length || candidate.toString('latin1').toLowerCase() !== name) continue;
      const text = (this.#rawHeaders[index + 1] as Buffer).toString('latin1');
      value = value === undefined ? text : `${value}, ${text}`;
    }
    return value;
  }

  read(reader: BodyReader): void {
    this.#reader = reader;
    for (const chunk of this.#early.splice(0)) reader.onData(chunk);
    if (this.#end === 'whole') reader.onEnd();
    if (this.#end === 'broken') reader.onBroken();
  }

  /** Reads a little on and forgets, so that the connection can serve again. SECURITY(MC-33): not without end. */
  discard(): void {
    let bytes = 0;
    const timer = setTimeout(() => this.destroy(), MAX_DISCARD_MS);
    timer.unref();
    this.read({
      onData: (chunk) => {
        bytes += chunk.length;
        if (bytes > MAX_DISCARDED) this.destroy();
      },
      onEnd: () => clearTimeout(timer),
      onBroken: () => clearTimeout(timer),
    });
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    // Its connection may serve another answer by then.
    if (this.#end === undefined) this.#source.resume();
  }

  /** Nothing more of it is wanted; its connection ends. */
  destroy(): void {
    if (this.#end === undefined) this.#source.destroy();
  }

  /** For whoever receives it. False: hold on until `resume`. */
  take(chunk: Buffer): boolean {
    if (this.#reader === undefined) this.#early.push(chunk);
    else this.#reader.onData(chunk);
    return !this.#isPaused;
  }

  /** For whoever receives it. */
  finish(end: 'whole' | 'broken'): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    if (end === 'whole') this.#reader?.onEnd();
    else this.#reader?.onBroken();
  }
}
