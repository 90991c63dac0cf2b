import { expect, test } from 'vitest';
import { freezeForbids } from '../../../mcp-bridge/core/policy/code-freeze.ts';
import { covers, matchesPattern } from '../../../mcp-bridge/core/policy/pattern.ts';
import { freeze, nowMs, operation, shopApi } from '../../support/operations.ts';

const only = (...patterns: string[]) => ({ kind: 'only', patterns }) as const;
const commit = operation({}, shopApi);

test.each([
  ['forbids a commit inside the window', freeze(), commit, true],
  ['does nothing before it starts', freeze({ from: '2026-03-10T12:00:00.001Z' }), commit, false],
  ['holds at its first instant', freeze({ from: '2026-03-10T12:00:00.000Z' }), commit, true],
  ['is over at its last instant', freeze({ until: '2026-03-10T12:00:00.000Z' }), commit, false],
  ['lasts until switched off without an end', freeze({ until: undefined }), commit, true],
  ['does not end by a typing error', freeze({ until: 'Monday' }), commit, true],
  ['does not wait for a start that cannot be read', freeze({ from: 'Friday' }), commit, true],
  ['does nothing while switched off', freeze({ enabled: false }), commit, false],
  ['reaches a branch it names', freeze({ branches: only('main', 'release/*') }), commit, true],
  ['leaves a branch alone that it does not name', freeze({ branches: only('release/*') }), commit, false],
  ['reaches a repository by name', freeze({ repositories: only('shop-*') }), commit, true],
  ['reaches a repository by path', freeze({ repositories: only('/src/*') }), commit, true],
  ['leaves other repositories alone', freeze({ repositories: only('billing') }), commit, false],
  ['covers a commit whose repository cannot be told', freeze({ repositories: only('billing') }), operation(), true],
  [
    'covers a commit whose branch cannot be told',
    freeze({ branches: only('release') }),
    operation({}, { repository: '/src/x' }),
    true,
  ],
  ['lets reading through', freeze(), operation({ effect: 'read' }, shopApi), false],
  ['covers a shell command that writes', freeze(), operation({ domain: 'shell', action: undefined }), true],
  [
    'covers writing below .git through a file server',
    freeze(),
    operation({ domain: 'files' }, { path: '/src/shop-api/.git/refs/heads/main' }),
    true,
  ],
  [
    'leaves other file writes alone',
    freeze(),
    operation({ domain: 'files' }, { path: '/src/shop-api/readme.md' }),
    false,
  ],
  ['leaves a database alone', freeze(), operation({ domain: 'database', effect: 'delete' }), false],
] as const)('a freeze %s', (_name, rule, call, expected) => {
  expect(freezeForbids(rule, call, nowMs)).toBe(expected);
});

test.each([
  ['*', 'anything', true],
  ['feature/*', 'feature/login', true],
  ['feature/*', 'feature', false],
  ['*-api', 'shop-api', true],
  ['a*b*c', 'aXXbYYc', true],
  ['a*b*c', 'acb', false],
  ['ab*ba', 'aba', false],
  ['main', 'Main', false],
  ['release.*', 'releaseX1', false],
] as const)('pattern %s on %s → %s', (pattern, name, expected) => {
  expect(matchesPattern(pattern, name)).toBe(expected);
});

test('coverage folds the case of A to Z and of nothing else', () => {
  expect(covers(only('MAIN'), 'main')).toBe(true);
  expect(covers(only('I'), 'ı')).toBe(false);
});
