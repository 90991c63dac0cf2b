/** One timer for all open streams: a tick every `intervalMs` to each. */
export type KeepAlive = {
  /** Returns the function that takes the stream out. */
  add(tick: () => void): () => void;
  stop(): void;
};

export function createKeepAlive(intervalMs: number): KeepAlive {
  const ticks = new Set<() => void>();
  const timer = setInterval(() => {
    for (const tick of [...ticks]) tick();
  }, intervalMs);
  timer.unref();
  return {
    add(tick) {
      ticks.add(tick);
      return () => ticks.delete(tick);
    },
    stop() {
      clearInterval(timer);
      ticks.clear();
    },
  };
}
