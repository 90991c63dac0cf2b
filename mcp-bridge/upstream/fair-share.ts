/**
 * SECURITY(MC-33, MC-40): how much of this thread's time one upstream may take with bytes that answer nobody: noise,
 * answers to calls that do not exist, empty lines. Beyond a fifth of it reading pauses for as long as makes up for
 * it, and the flood waits in the upstream's own pipe; other upstreams are served meanwhile.
 */
const SHARE = 0.2;
/** Spent without a pause. */
const ALLOWANCE_MS = 10;

export class FairShare {
  #debtMs = 0;
  #lastMs = 0;

  /** `work` tells whether a call was answered: what is waited for costs nothing. */
  spend(source: { pause(): unknown; resume(): unknown }, work: () => boolean): void {
    const startedMs = performance.now();
    if (work()) return;
    const nowMs = performance.now();
    const paidMs = (startedMs - this.#lastMs) * SHARE;
    this.#debtMs = Math.max(0, this.#debtMs - paidMs) + nowMs - startedMs;
    this.#lastMs = nowMs;
    if (this.#debtMs <= ALLOWANCE_MS) return;
    source.pause();
    setTimeout(() => source.resume(), this.#debtMs / SHARE).unref();
  }
}
