/**
 * SECURITY(MC-40): counts messages that answer nothing. Beyond the limit of a second reading pauses until the second
 * is over; the flood waits in the upstream's own pipe or socket, which soon is full and stops it.
 */
export class FloodGate {
  readonly #perSecond: number;
  #count = 0;
  #windowStartMs = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  count(source: { pause(): unknown; resume(): unknown }): void {
    const nowMs = performance.now();
    if (nowMs - this.#windowStartMs >= 1_000) {
      this.#windowStartMs = nowMs;
      this.#count = 0;
    }
    this.#count += 1;
    if (this.#count !== this.#perSecond) return;
    source.pause();
    setTimeout(() => source.resume(), 1_000 - (nowMs - this.#windowStartMs)).unref();
  }
}
