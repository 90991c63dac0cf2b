/**
 * The difference of two short texts, line by line (longest common subsequence). For tool definitions: some hundred
 * lines at most; beyond the limit the whole of both is shown, never a part.
 */
import type { DiffLine } from '../../../mcp-bridge/core/model/facts.ts';

const MOST_CELLS = 4_000_000;

export function lineDiff(before: string, now: string): readonly DiffLine[] {
  const old = before.split('\n');
  const present = now.split('\n');
  if (old.length * present.length > MOST_CELLS) return [...removed(old), ...added(present)];
  const common = commonLengths(old, present);
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length && j < present.length) {
    if (old[i] === present[j]) {
      lines.push({ kind: 'context', text: old[i] ?? '' });
      i += 1;
      j += 1;
    } else if ((common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0)) {
      lines.push({ kind: 'removed', text: old[i] ?? '' });
      i += 1;
    } else {
      lines.push({ kind: 'added', text: present[j] ?? '' });
      j += 1;
    }
  }
  return [...lines, ...removed(old.slice(i)), ...added(present.slice(j))];
}

/** `lengths[i][j]`: how many lines the texts from line i and from line j on have in common, in order. */
function commonLengths(old: readonly string[], present: readonly string[]): readonly Uint16Array[] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint16Array(present.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const row = lengths[i];
    const below = lengths[i + 1];
    if (row === undefined || below === undefined) continue;
    for (let j = present.length - 1; j >= 0; j -= 1) {
      row[j] = old[i] === present[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

function removed(lines: readonly string[]): readonly DiffLine[] {
  return lines.map((text) => ({ kind: 'removed', text }));
}

function added(lines: readonly string[]): readonly DiffLine[] {
  return lines.map((text) => ({ kind: 'added', text }));
}

/** JSON text indented for reading; as it is when it is not JSON. */
export function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 2);
  } catch {
    return json;
  }
}
