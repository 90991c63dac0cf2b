import { describe, expect, test } from 'vitest';
import { scoreLines, scoreTools } from '../../support/classification-score.ts';
import { labelledTools, type VectorSet } from '../../support/classification-vectors.ts';

/** Without profiles: what names, descriptions, schema and untrusted annotations alone are worth. */
const bySetAndGoal: readonly (readonly [VectorSet, { exact: number; overReads: number }])[] = [
  ['reference', { exact: 0.98, overReads: 0.1 }],
  ['development', { exact: 0.98, overReads: 0.04 }],
  ['held-out-1', { exact: 0.97, overReads: 0.06 }],
  ['held-out-2', { exact: 0.97, overReads: 0.06 }],
  ['held-out-3', { exact: 0.98, overReads: 0.06 }],
  ['held-out-4', { exact: 0.98, overReads: 0.04 }],
  ['held-out-5', { exact: 0.98, overReads: 0.04 }],
  ['held-out-6', { exact: 0.98, overReads: 0.04 }],
  ['held-out-7', { exact: 0.98, overReads: 0.05 }],
  ['held-out-8', { exact: 0.96, overReads: 0.06 }],
  ['held-out-9', { exact: 0.98, overReads: 0.04 }],
];

describe('labelled tools of public servers', () => {
  test.each(bySetAndGoal)('%s: nothing clear is under-rated, by words alone', (set, goal) => {
    const score = scoreTools(labelledTools(set), { profiles: false });
    const lines = scoreLines(score);
    console.info(`${set}: ${lines[0]}`);
    expect(score.under.filter((miss) => !miss.debatable).map((miss) => miss.name)).toEqual([]);
    expect(score.exactOnClear / score.clear, lines.join('\n')).toBeGreaterThanOrEqual(goal.exact);
    const overReads = score.over.filter((miss) => miss.label === 'read').length;
    expect(overReads / score.reads, lines.join('\n')).toBeLessThanOrEqual(goal.overReads);
  });

  test.each(bySetAndGoal)('%s: nothing at all is under-rated with profiles', (set) => {
    const score = scoreTools(labelledTools(set), { profiles: true });
    expect(score.under.map((miss) => miss.name)).toEqual([]);
    expect(score.exactOnClear / score.clear, scoreLines(score).join('\n')).toBeGreaterThanOrEqual(0.98);
  });
});
