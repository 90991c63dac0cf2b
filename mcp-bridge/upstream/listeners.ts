/** Those who want to be told; one that throws keeps nobody else from it. */
export class Listeners<Told extends readonly unknown[]> {
  readonly #listeners = new Set<(...told: Told) => void>();

  /** Returns the way out. */
  add(listener: (...told: Told) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  tell(...told: Told): void {
    for (const listener of this.#listeners)
      try {
        listener(...told);
      } catch {
        // Its own trouble: an upstream's news must reach the others.
      }
  }
}
