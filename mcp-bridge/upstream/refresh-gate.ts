/** SECURITY(MC-40): however often an upstream says that its lists changed, they are read at most once a second. */
export type RefreshGate = { ask(): void; close(): void };

const INTERVAL_MS = 1_000;

export function createRefreshGate(refresh: () => Promise<void>): RefreshGate {
  let timer: NodeJS.Timeout | undefined;
  let lastMs = Number.NEGATIVE_INFINITY;
  let running = false;
  let askedMeanwhile = false;
  const run = async () => {
    timer = undefined;
    running = true;
    askedMeanwhile = false;
    lastMs = performance.now();
    await refresh().catch(() => {});
    running = false;
    if (askedMeanwhile) gate.ask();
  };
  const gate: RefreshGate = {
    ask: () => {
      if (running) askedMeanwhile = true;
      if (running || timer !== undefined) return;
      timer = setTimeout(() => void run(), Math.max(50, lastMs + INTERVAL_MS - performance.now()));
      timer.unref();
    },
    close: () => clearTimeout(timer),
  };
  return gate;
}
