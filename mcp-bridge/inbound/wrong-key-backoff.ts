/**
 * How long a refusal of a wrong key is held back (LO-06).
 *
 * The first `freeTries` in a window are answered at once, so that a person who mistyped sees it; after that the delay
 * doubles to `longestDelayMs`. Callers with a right key are never delayed: everyone on this machine has the same
 * address, so a lock-out would be a way to stop somebody else.
 */
const freeTries = 5;
const windowMs = 60_000;
const firstDelayMs = 50;
const longestDelayMs = 5_000;
/** More than this many refusals held back at once: the next are not worth a timer. */
const mostHeldBack = 64;

export type WrongKeyBackoff = {
  /** Milliseconds to wait before the refusal, or undefined when the connection is to be dropped unanswered. */
  refusalDelayMs(nowMs: number): number | undefined;
  /** Wrong keys in a row, without a minute of quiet between them. */
  tries(): number;
  /** The refusal has been sent. */
  answered(): void;
};

export function createWrongKeyBackoff(): WrongKeyBackoff {
  let tries = 0;
  let lastTryMs = Number.NEGATIVE_INFINITY;
  let heldBack = 0;
  return {
    refusalDelayMs(nowMs) {
      if (nowMs - lastTryMs > windowMs) tries = 0;
      lastTryMs = nowMs;
      tries++;
      if (heldBack >= mostHeldBack) return undefined;
      heldBack++;
      if (tries <= freeTries) return 0;
      return Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(tries - freeTries - 1, 20));
    },
    tries: () => tries,
    answered() {
      heldBack--;
    },
  };
}
