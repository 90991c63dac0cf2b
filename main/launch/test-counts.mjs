/** What the test runners' reports say, in one shape. A report that is absent or unreadable is a failure, never a zero. */
import { readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @param {readonly Counts[]} list @returns {Counts} */
export function addCounts(list) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of list) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}

/** @param {Counts} counts */
export function countsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** @param {any} report vitest's JSON reporter @returns {Counts} */
export function vitestCounts(report) {
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** @param {any} report Playwright's JSON reporter @returns {Counts} */
export function playwrightCounts({ stats }) {
  // Passed at the second try: the runner lists them by name, so that nobody takes them for sound.
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
}

/** @param {any} report walkthrough/report.json @returns {Counts} */
export function walkthroughCounts({ steps }) {
  const passed = steps.filter((/** @type {{ ok: unknown }} */ step) => step.ok === true).length;
  return { passed, failed: steps.length - passed, skipped: 0 };
}

/**
 * A stage's counts, made to agree with its exit status: a runner that failed without a failed test (a file that could
 * not be loaded, a time limit), or that ran nothing, counts as one failure.
 * @param {number} exitCode @param {Counts | undefined} counts undefined when there is no report @returns {Counts}
 */
export function honestCounts(exitCode, counts) {
  if (!counts || ![counts.passed, counts.failed, counts.skipped].every(Number.isSafeInteger)) {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const ranNothing = counts.passed + counts.failed === 0;
  return (exitCode !== 0 || ranNothing) && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** @param {number} exitCode @param {string} file @param {(report: any) => Counts} read @returns {Counts} */
export function stageCounts(exitCode, file, read) {
  try {
    return honestCounts(exitCode, read(JSON.parse(readFileSync(file, 'utf8'))));
  } catch {
    return honestCounts(exitCode, undefined);
  }
}
