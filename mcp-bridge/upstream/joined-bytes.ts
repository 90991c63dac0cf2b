/**
 * Bytes of one message, joined as they come: a message costs what its bytes cost, however its server cuts it.
 *
 * SECURITY(MC-33): held piece by piece, 16 MiB in chunks of one byte take two gigabytes.
 */
const smallestCapacity = 4 * 1024;

export class JoinedBytes {
  #held: Buffer | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** One piece alone is taken as it is, without a copy. */
  push(piece: Buffer): void {
    const needed = this.#length + piece.length;
    if (this.#held === undefined || this.#length === 0) this.#held = piece;
    else {
      if (needed > this.#held.length) {
        const roomy = Buffer.allocUnsafeSlow(Math.max(smallestCapacity, needed, this.#held.length * 2));
        this.#held.copy(roomy, 0, 0, this.#length);
        this.#held = roomy;
      }
      piece.copy(this.#held, this.#length);
    }
    this.#length = needed;
  }

  /** What came so far; begins anew. */
  take(): Buffer {
    const taken = (this.#held ?? Buffer.alloc(0)).subarray(0, this.#length);
    this.#held = undefined;
    this.#length = 0;
    return taken;
  }
}
