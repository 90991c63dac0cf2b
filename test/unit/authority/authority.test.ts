import { describe, expect, test } from 'vitest';
import { type AuthorityDeps, createAuthority, type ReleaseClaim } from '../../../main/authority/authority.ts';
import type { PermissionOffer } from '../../../mcp-bridge/core/approval/approval-request.ts';
import type { AuditEvent } from '../../../mcp-bridge/core/audit/record.ts';
import type { AuthoritySnapshot } from '../../../mcp-bridge/core/model/authority.ts';
import type { GrantOffer } from '../../../mcp-bridge/core/model/grant.ts';
import type { Guardrail } from '../../../mcp-bridge/core/model/guardrail.ts';
import { approvalRequest } from '../../support/approvals.ts';
import { freeze, nowMs, sessionGrant } from '../../support/operations.ts';

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

function main(overrides: Partial<AuthorityDeps> = {}, stored: { stopped?: { at: string } } = {}) {
  const published: AuthoritySnapshot[] = [];
  const audited: AuditEvent['kind'][] = [];
  const clock = { nowMs, monotonicMs: 0 };
  const authority = createAuthority(
    {
      nowMs: () => clock.nowMs,
      monotonicMs: () => clock.monotonicMs,
      publish: async (snapshot) => void published.push(snapshot),
      audit: async (event) => void audited.push(event.kind),
      auditSoon: async (event) => void audited.push(event.kind),
      onChange: () => {},
      ...overrides,
    },
    { guardrails: [], effectPins: [], ...stored },
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
  expect(audited).toEqual(['grant.created', 'stop-everything', 'resumed']);
});

test('what was stopped before a restart is still stopped after it, and is not resumed without a record', async () => {
  const { authority } = main(
    { audit: () => Promise.reject(new Error('disk full')) },
    { stopped: { at: '2026-03-10T11:00:00.000Z' } },
  );
  expect(authority.snapshot().stopped).toBeDefined();
  await expect(authority.resume()).rejects.toThrow('disk full');
  expect(authority.stopped()?.at).toBe('2026-03-10T11:00:00.000Z');
});

test('a grant that cannot be audited is not given', async () => {
  const { authority } = main({ audit: () => Promise.reject(new Error('disk full')) });
  await expect(authority.grantSession(offered)).rejects.toThrow('disk full');
  expect(authority.sessionGrants()).toEqual([]);
});

test.each<[string, (authority: ReturnType<typeof createAuthority>) => unknown]>([
  ['everything is stopped', (authority) => authority.stopEverything('test')],
  ['the request ends', () => undefined],
])('MC-24: a grant that is being written when %s is not left behind', async (name, meanwhile) => {
  let written = () => {};
  let ended = false;
  const { authority, published } = main({
    audit: () =>
      new Promise((resolve) => {
        written = resolve;
      }),
  });
  const granting = authority.grantSession(offered, () => !ended);
  const refused = expect(granting).rejects.toThrow(/ended/);
  await meanwhile(authority);
  ended = name === 'the request ends';
  written();
  await refused;
  expect(authority.sessionGrants()).toEqual([]);
  expect(published.flatMap(({ grants }) => grants)).toEqual([]);
});

test('MC-24: a request that ends while the bridge is told of its grant takes the grant along', async () => {
  let ended = false;
  const published: AuthoritySnapshot[] = [];
  const { authority, audited } = main({
    publish: async (snapshot) => {
      published.push(snapshot);
      ended = true;
    },
  });
  await expect(authority.grantSession(offered, () => !ended)).rejects.toThrow(/ended/);
  expect(authority.sessionGrants()).toEqual([]);
  expect(published.at(-1)?.grants).toEqual([]);
  expect(audited).toEqual(['grant.created', 'grant.revoked']);
});

test('of several ticked permissions all are given or none', async () => {
  let records = 0;
  const { authority } = main({
    audit: async () => {
      records += 1;
      if (records === 2) throw new Error('disk full');
    },
  });
  const [first, second] = ['c1', 'c2'].map((choiceId) => ({ choiceId, offer: offered.sessionGrant as GrantOffer }));
  const asked = approvalRequest({ permissionOffers: [first as PermissionOffer, second as PermissionOffer] });
  await expect(authority.grantTicked(asked, ['c1', 'c2'])).rejects.toThrow('disk full');
  expect(authority.sessionGrants()).toEqual([]);
});

test('a grant that the bridge cannot be told of is not left behind in main', async () => {
  let broken = true;
  const { authority } = main({
    publish: async () => {
      if (broken) {
        broken = false;
        throw new Error('gone');
      }
    },
  });
  await expect(authority.grantSession(offered)).rejects.toThrow('gone');
  expect(authority.sessionGrants()).toEqual([]);
});

test('AU-13: an unused approval is over ten minutes later by the wall clock too, as after a sleep', () => {
  const { authority, byApproval, clock } = main();
  authority.rememberApproval(approvalRequest());
  clock.nowMs += 600_000;
  expect(byApproval()).toBe(false);
});

test('MC-24: an approval whose call was withdrawn a moment later releases nothing', () => {
  const { authority, byApproval } = main();
  authority.rememberApproval(approvalRequest());
  authority.forgetApproval('a1');
  expect(byApproval()).toBe(false);
});

test('what was approved and granted for a bridge that is gone ends with it', async () => {
  const { authority, byApproval, byGrant } = main();
  const grantId = await authority.grantSession(offered);
  authority.rememberApproval(approvalRequest());
  await authority.bridgeLost();
  expect([byApproval(), byGrant(grantId), authority.sessionGrants()]).toEqual([false, false, []]);
});

describe('while nothing can be recorded', () => {
  const switched = { kind: 'guardrail.switched', guardrailId: 'f1', name: 'Release week', enabled: true } as const;
  const deaf = { audit: () => Promise.reject(new Error('disk full')) };

  test('a new freeze is in force at once', async () => {
    const { authority, published, audited } = main(deaf);
    await authority.replaceGuardrails([freeze()], switched, () => {});
    expect(published.at(-1)?.guardrails).toEqual([freeze()]);
    expect(audited).toEqual(['guardrail.switched']);
  });

  test.each<[string, readonly Guardrail[]]>([
    ['taken away', []],
    ['switched off', [freeze({ enabled: false })]],
    ['narrowed', [freeze({ branches: { kind: 'only', patterns: ['main'] } })]],
  ])('AU-07: a freeze is not %s', async (_name, next) => {
    const { authority } = main(deaf);
    const standing = [freeze()];
    await authority.replaceGuardrails(standing, switched, () => {});
    let kept = false;
    const keep = () => {
      kept = true;
    };
    await expect(authority.replaceGuardrails(next, { ...switched, enabled: false }, keep)).rejects.toThrow('disk full');
    expect([authority.guardrails(), kept]).toEqual([standing, false]);
  });
});

test('every snapshot has a higher number than the one before', async () => {
  const { authority, published } = main();
  const grantId = await authority.grantSession(offered);
  await authority.replaceReadGrants([]);
  await authority.revoke(grantId);
  expect(published.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
});
