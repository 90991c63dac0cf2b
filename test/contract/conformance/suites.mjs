/**
 * The official suites, and what they count when all is well: a number that falls is a regression even if nothing
 * failed, because a scenario that is not run proves nothing.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const folderOf = (/** @type {string} */ name) => dirname(require.resolve(`${name}/package.json`));
const oldSuite = folderOf('conformance-0-1-16');
const newSuite = folderOf('@modelcontextprotocol/conformance');

/**
 * @typedef {{ name: string, program: string, args: readonly string[], counts: 'checks' | 'scenarios', expected: number,
 *   required: ReadonlySet<string> | undefined }} Suite `required`: the scenarios that count; all when undefined
 * @typedef {{ passed: number, failed: number, complaints: string[] }} Score
 */

/** @type {readonly Suite[]} */
export const suites = [
  {
    name: '0.1.16',
    program: join(oldSuite, 'dist/index.js'),
    args: [],
    counts: 'checks',
    expected: 40,
    required: undefined,
  },
  required('2025-11-25', 30),
  required('2026-07-28', 37),
];

/** @param {string} revision @param {number} expected @returns {Suite} */
function required(revision, expected) {
  return {
    name: `0.2.0-alpha.12 ${revision}`,
    program: join(newSuite, 'dist/index.js'),
    args: ['--requirements', revision],
    counts: 'scenarios',
    expected,
    required: serverScenarios(readFileSync(join(newSuite, 'requirements', `${revision}.yaml`), 'utf8')),
  };
}

/** The members of the list `server:` of a requirements file. @param {string} yaml */
export function serverScenarios(yaml) {
  const lines = yaml.split('\n');
  const start = lines.indexOf('server:') + 1;
  const length = lines.slice(start).findIndex((line) => /^\S/.test(line) && !line.startsWith('#'));
  const members = lines.slice(start, start + length).map((line) => /^ {2}- ([\w-]+)/.exec(line)?.[1]);
  return new Set(members.filter((member) => member !== undefined));
}

/** @param {Suite} suite @param {string} folder what the suite wrote: one folder a scenario @returns {Score} */
export function scoreOf(suite, folder) {
  const scenarios = readdirSync(folder).flatMap((name) => {
    const scenario = /^server-(.+)-\d{4}-\d{2}-\d{2}T/.exec(name)?.[1];
    if (scenario === undefined || suite.required?.has(scenario) === false) return [];
    return [{ scenario, checks: JSON.parse(readFileSync(join(folder, name, 'checks.json'), 'utf8')) }];
  });
  return addUp(suite, scenarios);
}

/**
 * @param {Pick<Suite, 'counts' | 'expected' | 'required'>} suite
 * @param {readonly { scenario: string, checks: readonly { id: string, status: string, errorMessage?: string }[] }[]} scenarios
 * @returns {Score} failed: what failed, and what should have been there and was not
 */
export function addUp(suite, scenarios) {
  const complaints = scenarios.flatMap(({ scenario, checks }) =>
    checks
      .filter(({ status }) => status === 'FAILURE' || status === 'WARNING')
      .map(({ id, status, errorMessage }) => `${scenario}: ${id} ${status}: ${errorMessage ?? 'no message'}`),
  );
  const good = scenarios.filter(
    ({ checks }) =>
      checks.some(({ status }) => status === 'SUCCESS') &&
      checks.every(({ status }) => status !== 'FAILURE' && status !== 'WARNING'),
  );
  const passed =
    suite.counts === 'scenarios'
      ? good.length
      : scenarios.flatMap(({ checks }) => checks.filter(({ status }) => status === 'SUCCESS')).length;
  const failed = Math.max(suite.expected - passed, complaints.length > 0 ? 1 : 0);
  const seen = new Set(scenarios.map(({ scenario }) => scenario));
  for (const name of suite.required ?? []) if (!seen.has(name)) complaints.push(`${name}: did not run`);
  return { passed, failed, complaints };
}
