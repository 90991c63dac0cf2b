/**
 * SECURITY(MC-40): counts messages that answer nothing. Beyond the limit of a second reading pauses until the second
 * is over; the flood waits in the upstream's own pipe or socket, which soon is full and stops it.
 */
type Source = { pause(): unknown; resume(): unknown };

export class FloodGate {
  readonly #perSecond: number;
  readonly #held = new Set<Source>();
  #count = 0;
  #windowStartMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  count(source: Source): void {
    const nowMs = performance.now();
    if (nowMs - this.#windowStartMs >= 1_000) {
      this.#windowStartMs = nowMs;
      this.#count = 0;
    }
    this.#count += 1;
    if (this.#count < this.#perSecond) return;
    // Each time: another stream of the same server may go on with the flood, or who else held this one has let it go.
    source.pause();
    this.#held.add(source);
    this.#timer ??= setTimeout(() => this.#release(), Math.max(1, 1_000 - (nowMs - this.#windowStartMs))).unref();
  }

  #release(): void {
    this.#timer = undefined;
    const held = [...this.#held];
    this.#held.clear();
    for (const source of held) source.resume();
  }
}
