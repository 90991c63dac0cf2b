/** Whatever is written in whatever order, and however runs end: exactly what was accepted is in the log, in order. */
import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditEvent } from '../../../mcp-bridge/core/audit/record.ts';
import { auditExport } from '../../../mcp-bridge/ledger/audit-commands.ts';
import type { Ledger } from '../../../mcp-bridge/ledger/open-ledger.ts';
import { verifyLedger } from '../../../mcp-bridge/ledger/verify-ledger.ts';
import { ledgerFolder, sha256, testLedger } from '../../support/ledger-fixtures.ts';
import { answered, asked, decided, intent, outcome } from '../../support/ledger-records.ts';

type Step =
  | { readonly kind: 'write'; readonly events: readonly AuditEvent[]; readonly durably: boolean }
  | { readonly kind: 'look' | 'close' | 'crash' | 'read beside' };

const callIds = ['c1', 'c2', 'c3'] as const;
const approvalIds = ['a1', 'a2'] as const;
const callId = fc.constantFrom(...callIds);
const approvalId = fc.constantFrom(...approvalIds);
const hostileText = fc.string({ unit: 'binary', maxLength: 30 });
const events = fc.oneof(
  callId.map((id) => [decided(id), intent(id)]),
  callId.map((id) => [decided(id)]),
  fc.tuple(callId, hostileText).map(([id, headline]) => [{ ...decided(id), headline } as AuditEvent]),
  callId.map((id) => [intent(id)]),
  callId.map((id) => [outcome(id)]),
  fc.tuple(callId, approvalId).map(([id, approval]) => [intent(id, approval)]),
  approvalId.map((id) => [asked(id)]),
  approvalId.map((id) => [answered(id)]),
  fc.tuple(callId, callId).map(([one, other]) => [decided(one), decided(other), outcome(one)]),
  fc.constant<AuditEvent[]>([{ kind: 'bridge.started', version: '\u2028' }]),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('write' as const), events, durably: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'look' }, { kind: 'close' }, { kind: 'crash' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'read beside' }) },
);

const text = (event: AuditEvent) =>
  'callId' in event
    ? `${event.kind} ${event.callId}`
    : `${event.kind} ${'approvalId' in event ? event.approvalId : ''}`;

function exported(path: string): string[] {
  const lines: string[] = [];
  auditExport(path, 'jsonl', (line) => lines.push(text(JSON.parse(line).event as AuditEvent)));
  return lines;
}

/** What the log must refuse: a second record of a kind for one call, a second use of an approval. */
function repeats(accepted: readonly AuditEvent[]): number {
  const calls = accepted.filter((event) => 'callId' in event).map(text);
  const used = accepted.flatMap((event) =>
    event.kind === 'call.intent' && event.authorizedBy.kind === 'approval' ? [event.authorizedBy.approvalId] : [],
  );
  return calls.length - new Set(calls).size + used.length - new Set(used).size;
}

test('MC-18, AU-08: any order of writes, looks, ends and crashes gives back what was accepted, verified and once', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
      const place = ledgerFolder();
      const accepted: AuditEvent[] = [];
      const abandoned: Ledger[] = [];
      let path = place.path;
      let ledger = testLedger(path);
      const reopen = () => {
        ledger = testLedger(path);
        accepted.push(...ledger.recovered);
      };
      try {
        for (const [index, one] of steps.entries()) {
          if (one.kind === 'write') {
            try {
              if (one.durably) ledger.appendDurably(...one.events);
              else ledger.append(...one.events);
              accepted.push(...one.events);
            } catch (error) {
              expect(error).toMatchObject({ code: 'ledger.unavailable' });
            }
          } else if (one.kind === 'look') expect(ledger.counts().records).toBe(accepted.length);
          else if (one.kind === 'read beside') expect(exported(path)).toEqual(accepted.map(text));
          else {
            if (one.kind === 'close') ledger.close();
            else {
              const after = join(place.folder, `run-${index}`);
              cpSync(dirname(path), after, { recursive: true });
              abandoned.push(ledger);
              path = join(after, 'ledger.sqlite');
            }
            reopen();
          }
        }
        expect(verifyLedger(path, { sha256 })).toMatchObject({ ok: true, records: accepted.length });
        expect(exported(path)).toEqual(accepted.map(text));
        expect(repeats(accepted)).toBe(0);
      } finally {
        for (const one of [ledger, ...abandoned]) one.close();
        place.remove();
      }
    }),
    { numRuns: 150 },
  );
}, 60_000);
