import { describe, expect, test } from 'vitest';
import {
  addCounts,
  countsLine,
  honestCounts,
  playwrightCounts,
  stageCounts,
  vitestCounts,
  walkthroughCounts,
} from '../../../main/launch/test-counts.mjs';

const counts = (passed: number, failed: number, skipped = 0) => ({ passed, failed, skipped });

test.each([
  [
    'vitest',
    vitestCounts({ numPassedTests: 3, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1 }),
    counts(3, 1, 2),
  ],
  [
    'Playwright: what passed at the second try passed',
    playwrightCounts({ stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 2 } }),
    counts(4, 1, 2),
  ],
  ['walkthrough: only `true` is ok', walkthroughCounts({ steps: [{ ok: true }, { ok: 'yes' }, {}] }), counts(1, 2)],
  ['several stages', addCounts([counts(1, 2, 3), counts(4, 5, 6)]), counts(5, 7, 9)],
])('%s', (_name, actual, expected) => expect(actual).toEqual(expected));

describe('a stage cannot pass by accident', () => {
  test.each([
    ['all well', 0, counts(5, 0), counts(5, 0)],
    ['no report', 0, undefined, counts(0, 1)],
    ['nothing ran', 0, counts(0, 0), counts(0, 1)],
    ['everything was skipped', 0, counts(0, 0, 4), counts(0, 1, 4)],
    ['a test file that does not load', 1, counts(5, 0), counts(5, 1)],
    ['failed tests are counted once', 1, counts(5, 2), counts(5, 2)],
    ['a report of another shape', 0, counts(Number.NaN, 0), counts(0, 1)],
  ])('%s', (_name, exitCode, given, expected) => expect(honestCounts(exitCode, given)).toEqual(expected));

  test('an unreadable report is a failure', () =>
    expect(stageCounts(0, '/nonexistent/report.json', vitestCounts)).toEqual(counts(0, 1)));
});

test.each([
  [counts(12, 0), '12 passed, 0 failed'],
  [counts(12, 1, 3), '12 passed, 1 failed, 3 skipped'],
])('%j reads %s', (given, expected) => expect(countsLine(given)).toBe(expected));
