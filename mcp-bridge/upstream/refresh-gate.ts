/**
 * SECURITY(MC-40): however often an upstream says that its lists changed, they are read at most once a second, and less
 * often where looking at them is so much work that the others would have to wait for it.
 */
export type RefreshGate = { ask(): void; close(): void };

const INTERVAL_MS = 1_000;
const LONGEST_INTERVAL_MS = 30_000;
/** A twentieth of the time at most. */
const SHARE = 20;

/** `refresh` tells how long it kept this thread busy, milliseconds. */
export function createRefreshGate(refresh: () => Promise<number>): RefreshGate {
  let timer: NodeJS.Timeout | undefined;
  let lastMs = Number.NEGATIVE_INFINITY;
  let running = false;
  let askedMeanwhile = false;
  let intervalMs = INTERVAL_MS;
  const run = async () => {
    timer = undefined;
    running = true;
    askedMeanwhile = false;
    lastMs = performance.now();
    const busyMs = await refresh().catch(() => 0);
    intervalMs = Math.min(LONGEST_INTERVAL_MS, Math.max(INTERVAL_MS, SHARE * busyMs));
    running = false;
    if (askedMeanwhile) gate.ask();
  };
  const gate: RefreshGate = {
    ask: () => {
      if (running) askedMeanwhile = true;
      if (running || timer !== undefined) return;
      timer = setTimeout(() => void run(), Math.max(50, lastMs + intervalMs - performance.now()));
      timer.unref();
    },
    close: () => clearTimeout(timer),
  };
  return gate;
}
