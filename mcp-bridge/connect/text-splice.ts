/** The one stretch of text in which two texts differ. */
export type Splice = { readonly at: number; readonly inserted: string; readonly removed: string };

export function spliceBetween(before: string, after: string): Splice {
  const shortest = Math.min(before.length, after.length);
  let at = 0;
  while (at < shortest && before[at] === after[at]) at += 1;
  let tail = 0;
  while (tail < shortest - at && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { at, inserted: after.slice(at, after.length - tail), removed: before.slice(at, before.length - tail) };
}
