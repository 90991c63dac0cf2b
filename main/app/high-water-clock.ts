/** Wall clock that never goes back within a run: setting it back revives nothing that has ended (AU-11). */
export function highWaterClock(wallMs: () => number = Date.now): () => number {
  let highestMs = Number.NEGATIVE_INFINITY;
  return () => {
    highestMs = Math.max(highestMs, wallMs());
    return highestMs;
  };
}
