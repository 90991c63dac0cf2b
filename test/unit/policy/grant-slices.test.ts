import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Grant } from '../../../mcp-bridge/core/model/grant.ts';
import { type GrantTarget, grantCovers } from '../../../mcp-bridge/core/policy/grant-covers.ts';
import { grantsThatMayCover } from '../../../mcp-bridge/core/policy/grant-slices.ts';

const nowMs = Date.parse('2026-03-10T12:00:00Z');
const effect = fc.constantFrom('read' as const, 'write' as const);
const names = {
  mcpClientId: fc.constantFrom('claude', 'codex'),
  mcpSessionId: fc.constantFrom('s1', 's2'),
  serverId: fc.constantFrom('git', 'git","'),
  toolName: fc.constantFrom('commit', 'push'),
  definitionHash: fc.constantFrom('d1', 'd2'),
};
const open = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const grant: fc.Arbitrary<Grant> = fc.record({
  grantId: fc.uuid(),
  effect,
  constraints: fc.record({
    ...names,
    mcpSessionId: open(names.mcpSessionId),
    toolName: open(names.toolName),
    definitionHash: open(names.definitionHash),
    attributes: fc.constantFrom<Grant['constraints']['attributes']>({}, { branch: 'main' }),
  }),
  sentence: fc.constant('May.'),
  createdAt: fc.constant('2026-01-01T00:00:00.000Z'),
  expiresAt: fc.constantFrom('2026-01-02T00:00:00.000Z', '2027-01-01T00:00:00.000Z'),
});
const target: fc.Arbitrary<GrantTarget> = fc.record({
  ...names,
  attributes: fc.constantFrom<GrantTarget['attributes']>({}, { branch: 'main' }),
});

test('the slice holds every grant that covers a call, in the same order', () => {
  fc.assert(
    fc.property(fc.array(grant, { maxLength: 40 }), target, effect, (grants, aimed, wanted) => {
      const covering = (list: readonly Grant[]) => list.filter((one) => grantCovers(one, aimed, wanted, nowMs));
      expect(covering(grantsThatMayCover(grants, aimed, wanted))).toEqual(covering(grants));
    }),
  );
});

test('no slice covers a deletion', () => {
  fc.assert(
    fc.property(fc.array(grant), target, (grants, aimed) => {
      expect(grantsThatMayCover(grants, aimed, 'delete')).toEqual([]);
    }),
  );
});
