import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_CHAIN, nextRecord, type StoredRecord, verifyChain } from '../../../mcp-bridge/core/audit/chain.ts';
import type { AuditEvent } from '../../../mcp-bridge/core/audit/record.ts';
import { storableEvent } from '../../../mcp-bridge/core/audit/storable-event.ts';
import { canonicalJson } from '../../../mcp-bridge/core/canonical-json.ts';

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
const event = (reason: string): AuditEvent => ({ kind: 'stop-everything', reason });

function chainOf(reasons: readonly string[]): readonly StoredRecord[] {
  let head = EMPTY_CHAIN;
  return reasons.map((reason, index) => {
    const record = nextRecord(head, new Date(index).toISOString(), event(reason), sha256);
    head = record;
    return record;
  });
}

test('a hash is SHA-256 of the RFC 8785 form of the other members', () => {
  const [record] = chainOf(['because']);
  const { hash, eventText, ...rest } = record ?? ({} as StoredRecord);
  expect(hash).toBe(sha256(canonicalJson({ ...rest, event: JSON.parse(eventText) })));
  expect(rest).toEqual({ sequence: 1, at: '1970-01-01T00:00:00.000Z', previousHash: '0'.repeat(64) });
});

test.each([
  ['an empty chain', [], { ok: true, head: EMPTY_CHAIN }],
  ['a whole chain', ['a', 'b'], { ok: true, head: expect.objectContaining({ sequence: 2 }) }],
] as const)('%s verifies', (_name, reasons, verdict) => expect(verifyChain(chainOf(reasons), sha256)).toEqual(verdict));

const changes: { readonly [name: string]: (chain: StoredRecord[], at: number) => void } = {
  'a changed event': (chain, at) => {
    chain[at] = { ...(chain[at] as StoredRecord), eventText: '{"kind":"stop-everything","reason":"another"}' };
  },
  'a changed time': (chain, at) => {
    chain[at] = { ...(chain[at] as StoredRecord), at: '2000-01-01T00:00:00.000Z' };
  },
  'a record made anew without the ones after it': (chain, at) => {
    const before = at === 0 ? EMPTY_CHAIN : (chain[at - 1] as StoredRecord);
    chain[at] = nextRecord(before, '2000-01-01T00:00:00.000Z', event('another'), sha256);
  },
  'a removed record': (chain, at) => {
    chain.splice(at, 1);
  },
  'a record told twice': (chain, at) => {
    chain.splice(at, 0, chain[at] as StoredRecord);
  },
};

test.each(Object.entries(changes))('%s shows at its place or right after', (_name, change) => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 2, maxLength: 20 }), fc.nat(), (reasons, where) => {
      const at = where % (reasons.length - 1);
      const chain = [...chainOf(reasons)];
      change(chain, at);
      const verdict = verifyChain(chain, sha256);
      expect(verdict.ok).toBe(false);
      if (verdict.ok) return;
      expect([at + 1, at + 2]).toContain(verdict.brokenAt);
      expect(verdict.head.sequence).toBe(verdict.brokenAt - 1);
    }),
  );
});

test('any event can be kept, however hostile its texts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 9000 }), (reason) => {
      const kept = storableEvent(event(reason));
      expect(verifyChain([nextRecord(EMPTY_CHAIN, '', kept, sha256)], sha256).ok).toBe(true);
    }),
  );
  expect(JSON.stringify(storableEvent(event('x'.repeat(1_000_000)))).length).toBeLessThan(5000);
});
