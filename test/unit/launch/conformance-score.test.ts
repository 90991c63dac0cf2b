/** A conformance run counts only what was really checked: what is missing is a failure. */
import { expect, test } from 'vitest';
import { addUp, serverScenarios, suites } from '../../contract/conformance/suites.mjs';

const passed = { id: 'a', status: 'SUCCESS' };
const failed = { id: 'b', status: 'FAILURE', errorMessage: 'no' };
const warned = { id: 'c', status: 'WARNING' };
const noted = { id: 'd', status: 'INFO' };
const required = new Set(['x', 'y']);

test.each([
  [
    'every required scenario passed',
    { counts: 'scenarios', expected: 2, required },
    { x: [passed, noted], y: [passed] },
    { passed: 2, failed: 0, complaints: [] },
  ],
  [
    'one failed check fails its scenario',
    { counts: 'scenarios', expected: 2, required },
    { x: [passed, failed], y: [passed] },
    { passed: 1, failed: 1, complaints: ['x: b FAILURE: no'] },
  ],
  [
    'a scenario that did not run is missed',
    { counts: 'scenarios', expected: 2, required },
    { x: [passed] },
    { passed: 1, failed: 1, complaints: ['y: did not run'] },
  ],
  [
    'a scenario that checked nothing passed nothing',
    { counts: 'scenarios', expected: 2, required },
    { x: [passed], y: [noted] },
    { passed: 1, failed: 1, complaints: [] },
  ],
  [
    'a warning is no pass',
    { counts: 'scenarios', expected: 2, required },
    { x: [passed], y: [passed, warned] },
    { passed: 1, failed: 1, complaints: ['y: c WARNING: no message'] },
  ],
  [
    'checks are counted one by one',
    { counts: 'checks', expected: 3, required: undefined },
    { x: [passed, noted], y: [passed] },
    { passed: 2, failed: 1, complaints: [] },
  ],
  [
    'a failed check is a failure even when enough others passed',
    { counts: 'checks', expected: 1, required: undefined },
    { x: [passed, failed] },
    { passed: 1, failed: 1, complaints: ['x: b FAILURE: no'] },
  ],
] as const)('%s', (_name, suite, results, expected) => {
  const scenarios = Object.entries(results).map(([scenario, checks]) => ({ scenario, checks }));
  expect(addUp(suite, scenarios)).toEqual(expected);
});

test('the required scenarios are read from the suite itself, as many as are expected', () => {
  expect(suites.map(({ expected, required: named }) => [expected, named?.size])).toEqual([
    [40, undefined],
    [30, 30],
    [37, 37],
  ]);
});

test('a requirements file is read up to its next list', () => {
  expect(serverScenarios('# about\nserver:\n  - x\n  # why\n  - y-2\n\nclient:\n  - z\n')).toEqual(
    new Set(['x', 'y-2']),
  );
});
