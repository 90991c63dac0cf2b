import { expect, test } from 'vitest';
import { type AuthorityDeps, createAuthority, type ReleaseClaim } from '../../../main/authority/authority.ts';
import type { AuditEvent } from '../../../mcp-bridge/core/audit/record.ts';
import type { AuthoritySnapshot } from '../../../mcp-bridge/core/model/authority.ts';
import { approvalRequest } from '../../support/approvals.ts';
import { nowMs, sessionGrant } from '../../support/operations.ts';

const offered = approvalRequest({
  sessionGrant: { effect: 'write', constraints: sessionGrant().constraints, sentence: 'May commit' },
});
const digest = 'c'.repeat(64);
const target = {
  mcpClientId: 'ai',
  mcpSessionId: 's1',
  serverId: 'git',
  toolName: 'git_commit',
  definitionHash: 'd1',
  attributes: { repository: '/src/shop-api', branch: 'main' },
};

function main(overrides: Partial<AuthorityDeps> = {}) {
  const published: AuthoritySnapshot[] = [];
  const audited: AuditEvent['kind'][] = [];
  const clock = { nowMs, monotonicMs: 0 };
  const authority = createAuthority(
    {
      nowMs: () => clock.nowMs,
      monotonicMs: () => clock.monotonicMs,
      publish: async (snapshot) => void published.push(snapshot),
      audit: async (event) => void audited.push(event.kind),
      onChange: () => {},
      ...overrides,
    },
    { guardrails: [], effectPins: [] },
  );
  const byApproval = (claim: Partial<ReleaseClaim> = {}) =>
    authority.release({
      callDigest: digest,
      effect: 'write',
      authorizedBy: { kind: 'approval', approvalId: 'a1' },
      target,
      ...claim,
    }).released;
  const byGrant = (grantId: string, claim: Partial<ReleaseClaim> = {}) =>
    authority.release({
      callDigest: digest,
      effect: 'write',
      authorizedBy: { kind: 'grant', grantId },
      target,
      ...claim,
    }).released;
  return { authority, published, audited, clock, byApproval, byGrant };
}

test('an approval releases once, for its own digest and effect', () => {
  const { authority, byApproval } = main();
  authority.rememberApproval(approvalRequest());
  expect([byApproval(), byApproval()]).toEqual([true, false]);
});

test.each<[string, Partial<ReleaseClaim>]>([
  ['another digest', { callDigest: 'd'.repeat(64) }],
  ['a worse effect than was approved', { effect: 'delete' }],
  ['an approval nobody gave', { authorizedBy: { kind: 'approval', approvalId: 'forged' } }],
  ['a rule that does not exist', { authorizedBy: { kind: 'rule', ruleId: 'r' } }],
])('%s is not released', (_name, claim) => {
  const { authority, byApproval } = main();
  authority.rememberApproval(approvalRequest());
  expect(byApproval(claim)).toBe(false);
});

test('MC-28: an approval that is not used within ten minutes is dead', () => {
  const { authority, byApproval, clock } = main();
  authority.rememberApproval(approvalRequest());
  clock.monotonicMs = 600_000;
  expect(byApproval()).toBe(false);
});

test.each<[string, Partial<ReleaseClaim>]>([
  ['another branch', { target: { ...target, attributes: { ...target.attributes, branch: 'release' } } }],
  ['another session', { target: { ...target, mcpSessionId: 's2' } }],
  ['another AI client', { target: { ...target, mcpClientId: 'other' } }],
  ['a changed definition', { target: { ...target, definitionHash: 'd2' } }],
  ['a deletion', { effect: 'delete' }],
])('a session grant does not release %s', async (_name, claim) => {
  const { authority, byGrant } = main();
  const grantId = await authority.grantSession(offered);
  expect(byGrant(grantId)).toBe(true);
  expect(byGrant(grantId, claim)).toBe(false);
});

test('I6: from the moment of a revoke nothing is released, even before the bridge has confirmed', async () => {
  let confirm = () => {};
  let slow = false;
  const { authority, byGrant } = main({
    publish: () =>
      slow
        ? new Promise((resolve) => {
            confirm = resolve;
          })
        : Promise.resolve(),
  });
  const grantId = await authority.grantSession(offered);
  slow = true;
  const revoked = authority.revoke(grantId);
  expect(byGrant(grantId)).toBe(false);
  confirm();
  await revoked;
});

test('stop everything takes grants and unused approvals, and refuses until resumed', async () => {
  const { authority, byApproval, byGrant, published, audited } = main();
  const grantId = await authority.grantSession(offered);
  authority.rememberApproval(approvalRequest());
  await authority.stopEverything('test');
  expect([byApproval(), byGrant(grantId)]).toEqual([false, false]);
  await authority.resume();
  expect([byApproval(), byGrant(grantId)]).toEqual([false, false]);
  expect(published.map(({ stopped }) => stopped !== undefined)).toEqual([false, true, false]);
  expect(audited).toEqual(['grant.created', 'stop-everything']);
});

test('a grant that cannot be audited is not given', async () => {
  const { authority } = main({ audit: () => Promise.reject(new Error('disk full')) });
  await expect(authority.grantSession(offered)).rejects.toThrow('disk full');
  expect(authority.sessionGrants()).toEqual([]);
});

test('every snapshot has a higher number than the one before', async () => {
  const { authority, published } = main();
  const grantId = await authority.grantSession(offered);
  await authority.replaceReadGrants([]);
  await authority.revoke(grantId);
  expect(published.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
});
