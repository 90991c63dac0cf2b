import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuthoritySnapshot } from '../../../mcp-bridge/core/model/authority.ts';
import type { Operation } from '../../../mcp-bridge/core/model/operation.ts';
import { decide } from '../../../mcp-bridge/core/policy/decide.ts';
import { freeze, nowMs, operation, readGrant, sessionGrant, shopApi } from '../../support/operations.ts';

const commit = operation({}, shopApi);
const read = operation({ effect: 'read', action: undefined }, shopApi);
const remove = operation({ effect: 'delete', action: 'delete-branch' }, shopApi);

const authority = (overrides: Partial<AuthoritySnapshot> = {}): AuthoritySnapshot => ({
  epoch: 1,
  grants: [readGrant, sessionGrant()],
  guardrails: [],
  effectPins: [],
  ...overrides,
});
const brokenGrant = new Proxy(sessionGrant(), {
  get: () => {
    throw new Error('broken');
  },
});

describe('decide', () => {
  test.each<[string, Operation, Partial<AuthoritySnapshot>, Partial<Parameters<typeof decide>[1]>, unknown]>([
    [
      'a covered write is permitted by its grant',
      commit,
      {},
      {},
      { decision: 'permit', by: { kind: 'grant', grantId: 'g1' } },
    ],
    [
      'a read is permitted by the read grant',
      read,
      {},
      {},
      { decision: 'permit', by: { kind: 'grant', grantId: 'r1' } },
    ],
    [
      'a read without a read grant is forbidden',
      read,
      { grants: [] },
      {},
      { decision: 'forbid', code: 'no-read-grant' },
    ],
    ['a write without a grant asks', commit, { grants: [readGrant] }, {}, { decision: 'prompt' }],
    [
      'a deletion asks, whatever was granted',
      remove,
      { grants: [sessionGrant({ effect: 'write' })] },
      {},
      { decision: 'prompt' },
    ],
    [
      'a grant is dead at its expiry instant',
      commit,
      { grants: [sessionGrant({ expiresAt: '2026-03-10T12:00:00.000Z' })] },
      {},
      { decision: 'prompt' },
    ],
    [
      'a grant with an unreadable expiry covers nothing',
      commit,
      { grants: [sessionGrant({ expiresAt: 'soon' })] },
      {},
      { decision: 'prompt' },
    ],
    [
      'a grant of another session covers nothing',
      commit,
      { grants: [sessionGrant({}, { mcpSessionId: 's2' })] },
      {},
      { decision: 'prompt' },
    ],
    [
      'a grant of another AI client covers nothing',
      commit,
      { grants: [sessionGrant({}, { mcpClientId: 'other' })] },
      {},
      { decision: 'prompt' },
    ],
    [
      'a grant for another branch covers nothing',
      commit,
      { grants: [sessionGrant({}, { attributes: { branch: 'release' } })] },
      {},
      { decision: 'prompt' },
    ],
    ['a grant on an attribute that is missing covers nothing', operation(), {}, {}, { decision: 'prompt' }],
    [
      'a grant on an older definition covers nothing',
      commit,
      { grants: [sessionGrant({}, { definitionHash: 'd0' })] },
      {},
      { decision: 'prompt' },
    ],
    [
      'a write grant that names no session covers nothing',
      commit,
      { grants: [sessionGrant({}, { mcpSessionId: undefined })] },
      {},
      { decision: 'prompt' },
    ],
    [
      'a freeze beats a grant',
      commit,
      { guardrails: [freeze()] },
      {},
      { decision: 'forbid', code: 'guardrail', policies: ['f1'] },
    ],
    [
      'a freeze beats a deletion prompt',
      remove,
      { guardrails: [freeze()] },
      {},
      { decision: 'forbid', code: 'guardrail' },
    ],
    ['a freeze lets reads through', read, { guardrails: [freeze()] }, {}, { decision: 'permit' }],
    [
      'stop everything beats all',
      read,
      { stopped: { reason: 'Stopped.' } },
      {},
      { decision: 'forbid', code: 'stopped', reasons: ['Stopped.'] },
    ],
    [
      'a new tool is forbidden until reviewed',
      read,
      {},
      { review: 'new' },
      { decision: 'forbid', code: 'not-reviewed' },
    ],
    [
      'a changed tool is forbidden, grants or not',
      commit,
      {},
      { review: 'changed' },
      { decision: 'forbid', code: 'not-reviewed' },
    ],
    ['a refused tool stays forbidden', read, {}, { review: 'refused' }, { decision: 'forbid', code: 'not-reviewed' }],
    [
      'an error while evaluating forbids',
      commit,
      { grants: [brokenGrant] },
      {},
      { decision: 'forbid', code: 'policy-error' },
    ],
    [
      'an effect nobody knows is forbidden',
      operation({ effect: 'maybe' as never }),
      {},
      {},
      { decision: 'forbid', code: 'unclassified' },
    ],
  ])('%s', (_name, call, snapshot, facts, expected) => {
    expect(decide(call, { authority: authority(snapshot), review: 'reviewed', nowMs, ...facts })).toMatchObject(
      expected as object,
    );
  });

  test('no set of grants ever permits a deletion', () => {
    const anyGrant = fc.record({
      effect: fc.constantFrom('read', 'write', 'delete') as fc.Arbitrary<'read' | 'write'>,
      expiresAt: fc.constantFrom('9999-12-31T23:59:59.999Z', '2000-01-01T00:00:00.000Z', 'never'),
    });
    fc.assert(
      fc.property(fc.array(anyGrant), (grants) => {
        const snapshot = authority({
          grants: grants.map((overrides, i) => sessionGrant({ ...overrides, grantId: `g${i}` })),
        });
        expect(decide(remove, { authority: snapshot, review: 'reviewed', nowMs }).decision).toBe('prompt');
      }),
    );
  });
});
