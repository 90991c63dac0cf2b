/**
 * "Not wanted any more", for one exchange. An AbortSignal says the same and costs more than all else that an exchange
 * makes, so one is used only where a caller hands it in.
 */
export class Cancellation {
  readonly #listeners = new Set<() => void>();
  #isCancelled = false;

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
  }

  /** Called once, and at once where it is cancelled already; the function that is given back takes it out. */
  onCancel(listener: () => void): () => void {
    if (this.#isCancelled) listener();
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  static after(durationMs: number): Cancellation {
    const cancellation = new Cancellation();
    setTimeout(() => cancellation.cancel(), durationMs).unref();
    return cancellation;
  }
}
