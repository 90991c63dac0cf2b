import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ApprovalJourney,
  type ApprovalStep,
  advance,
} from '../../../mcp-bridge/core/approval/approval-journey.ts';

const asked: ApprovalJourney = { state: 'asked', expiresAtMs: 100 };
const approve: ApprovalStep = { step: 'approve', atMs: 10, usableForMs: 50 };
const deny: ApprovalStep = { step: 'deny', reason: 'no' };
const withdraw: ApprovalStep = { step: 'withdraw', reason: 'gone' };
const walk = (...steps: ApprovalStep[]) => steps.reduce(advance, asked).state;

test.each<[string, readonly ApprovalStep[], ApprovalJourney['state']]>([
  ['approve then consume', [approve, { step: 'consume', atMs: 20 }], 'consumed'],
  ['consume without approval does nothing', [{ step: 'consume', atMs: 20 }], 'asked'],
  [
    'MC-18: a second consume does nothing',
    [approve, { step: 'consume', atMs: 20 }, { step: 'consume', atMs: 21 }],
    'consumed',
  ],
  ['MC-27: deny after approve wins while nothing was consumed', [approve, deny], 'denied'],
  ['MC-27: approve after deny does nothing', [deny, approve], 'denied'],
  ['MC-24: cancel wins over a later approve', [withdraw, approve], 'withdrawn'],
  ['MC-24: cancel wins over an approval that was not consumed', [approve, withdraw], 'withdrawn'],
  ['MC-28: approve at the deadline is too late', [{ step: 'approve', atMs: 100, usableForMs: 50 }], 'expired'],
  ['MC-28: an approval that was not used in time is dead', [approve, { step: 'consume', atMs: 60 }], 'expired'],
  ['time ends a question', [{ step: 'time-passes', atMs: 100 }], 'expired'],
  ['a consumed approval cannot be denied any more', [approve, { step: 'consume', atMs: 20 }, deny], 'consumed'],
])('%s', (_name, steps, expected) => {
  expect(walk(...steps)).toBe(expected);
});

test('MC-27: in every interleaving, a denial or withdrawal before the consumption prevents it', () => {
  const step = fc.oneof(
    fc.constant(deny),
    fc.constant(withdraw),
    fc.nat(120).map((atMs): ApprovalStep => ({ step: 'approve', atMs, usableForMs: 50 })),
    fc.nat(120).map((atMs): ApprovalStep => ({ step: 'consume', atMs })),
    fc.nat(120).map((atMs): ApprovalStep => ({ step: 'time-passes', atMs })),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const states: ApprovalJourney[] = [asked];
      for (const next of steps) states.push(advance(states.at(-1) ?? asked, next));
      const consumedAt = states.findIndex(({ state }) => state === 'consumed');
      if (consumedAt < 0) return;
      const before = steps.slice(0, consumedAt);
      expect(before.some(({ step: name }) => name === 'approve')).toBe(true);
      expect(before.some(({ step: name }) => name === 'deny' || name === 'withdraw')).toBe(false);
    }),
    { numRuns: 10_000 },
  );
});
