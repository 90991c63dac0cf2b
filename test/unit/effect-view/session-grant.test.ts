import { expect, test } from 'vitest';
import { offerSessionGrant } from '../../../mcp-bridge/core/consent/session-grant.ts';
import type { Facts } from '../../../mcp-bridge/core/model/facts.ts';
import { grantCovers, grantTarget } from '../../../mcp-bridge/core/policy/grant-covers.ts';
import { commitFacts, type OperationFixture, operationWith, repository } from '../../support/operation-fixtures.ts';

const commitAttributes = {
  repository: '/srv/shop-api',
  repositoryName: 'shop-api',
  branch: 'main',
  amend: false,
  skipsHooks: false,
};
const commit: OperationFixture = { facts: commitFacts(), attributes: commitAttributes };
const fileFacts = (path: string, action: 'create' | 'move' = 'create', outsideRoots?: boolean): Facts => ({
  kind: 'files',
  action,
  targets: [{ path, exists: false, ...(outsideRoots ? { outsideRoots } : {}) }],
  diff: [],
});
const files = (facts: Facts): OperationFixture => ({
  facts,
  attributes: { path: '/srv/data/a', folder: '/srv/data' },
  classification: { domain: 'files' },
});

test('a commit is offered as exactly its client, session, tool, repository and branch', () => {
  expect(offerSessionGrant(operationWith(commit))).toEqual({
    effect: 'write',
    constraints: {
      mcpClientId: 'claude',
      mcpSessionId: 'session-1',
      serverId: 'git',
      toolName: 'git_commit',
      definitionHash: 'f'.repeat(64),
      attributes: { repository: '/srv/shop-api', branch: 'main', amend: false, skipsHooks: false },
    },
    sentence: 'May commit to shop-api on main until this session ends',
  });
});

test.each<[string, OperationFixture, string]>([
  [
    'a file',
    files(fileFacts('/srv/data/a')),
    'May create and change files directly in /srv/data until this session ends',
  ],
  [
    'other git tools',
    {
      facts: { kind: 'git-other', repository, action: 'add' },
      attributes: { repository: '/srv/shop-api', branch: 'main', action: 'add' },
    },
    'May run git add in shop-api on main until this session ends',
  ],
  [
    'objects of a knowledge base',
    {
      serverId: 'memory',
      toolName: 'create_entities',
      facts: { kind: 'objects', action: 'create', noun: 'entity', objects: [] },
    },
    'May use create_entities on memory until this session ends',
  ],
])('offered for %s', (_name, fixture, sentence) =>
  expect(offerSessionGrant(operationWith(fixture))?.sentence).toBe(sentence),
);

test.each<[string, OperationFixture]>([
  ['a delete', { ...commit, classification: { effect: 'delete' } }],
  ['a read', { ...commit, classification: { effect: 'read' } }],
  ['what could not be interpreted', { ...commit, classification: { uninterpreted: true } }],
  ['production', { ...commit, environment: 'production' }],
  ['facts that could not be read', { facts: { kind: 'unavailable', reason: 'x' }, attributes: commitAttributes }],
  ['a branch that is not known', { ...commit, attributes: { repository: '/srv/shop-api' } }],
  ['an amended commit', { ...commit, facts: commitFacts({ amend: true }) }],
  ['a commit without hooks', { ...commit, facts: commitFacts({ skipsHooks: true }) }],
  ['an unusual state', { ...commit, facts: commitFacts({ remarks: ['This commit concludes a merge.'] }) }],
  ['a move', files(fileFacts('/srv/data/a', 'move'))],
  ['a path outside the folders', files(fileFacts('/srv/data/a', 'create', true))],
  ['a file of git itself', files(fileFacts('/srv/data/.git/config'))],
  ['free SQL', { classification: { domain: 'database' } }],
  ['a shell command', { classification: { domain: 'shell' } }],
  ['a message', { classification: { domain: 'message' } }],
  ['a tool of unknown make', { classification: { domain: 'other', basis: 'names' } }],
  ['a hosted repository without a branch', { attributes: { repository: 'acme/shop' } }],
])('not offered for %s', (_name, fixture) => expect(offerSessionGrant(operationWith(fixture))).toBeUndefined());

test.each<[string, OperationFixture, boolean]>([
  ['the same again', commit, true],
  ['another branch', { ...commit, attributes: { ...commitAttributes, branch: 'release' } }, false],
  ['another repository', { ...commit, attributes: { ...commitAttributes, repository: '/srv/other' } }, false],
  ['an amended commit', { ...commit, attributes: { ...commitAttributes, amend: true } }, false],
  ['a commit without hooks', { ...commit, attributes: { ...commitAttributes, skipsHooks: true } }, false],
  ['a repository that could not be read', { ...commit, attributes: {} }, false],
  ['another tool', { ...commit, toolName: 'git_push' }, false],
])('DG-24: the grant of a commit covers %s: %s', (_name, fixture, covered) => {
  const offer = offerSessionGrant(operationWith(commit));
  if (offer === undefined) throw new Error('no offer');
  const grant = { ...offer, grantId: 'g', createdAt: '2026-11-21T09:00:00Z', expiresAt: '2026-11-21T17:00:00Z' };
  const nowMs = Date.parse('2026-11-21T10:00:00Z');
  expect(grantCovers(grant, grantTarget(operationWith(fixture)), 'write', nowMs)).toBe(covered);
});
