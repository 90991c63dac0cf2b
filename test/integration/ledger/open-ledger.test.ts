import {
  chmodSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { auditExport, auditQuery } from '../../../mcp-bridge/ledger/audit-commands.ts';
import type { Ledger } from '../../../mcp-bridge/ledger/open-ledger.ts';
import { verifyLedger } from '../../../mcp-bridge/ledger/verify-ledger.ts';
import { ledgerFolder, sha256, testLedger } from '../../support/ledger-fixtures.ts';
import { answered, asked, decided, intent, outcome } from '../../support/ledger-records.ts';

let place: ReturnType<typeof ledgerFolder>;
beforeEach(() => {
  place = ledgerFolder();
});
afterEach(() => place.remove());

function withLedger<Result>(use: (ledger: Ledger) => Result): Result {
  const ledger = testLedger(place.path);
  try {
    return use(ledger);
  } finally {
    ledger.close();
  }
}

test('records are chained, survive closing and verify', () => {
  const before = withLedger((ledger) => {
    ledger.append(decided('c1'));
    ledger.appendDurably(intent('c1'));
    ledger.append(outcome('c1'));
    return ledger.verify();
  });
  expect(before).toMatchObject({ ok: true, records: 3, anchor: 'holds' });
  expect(verifyLedger(place.path, { sha256 })).toEqual(before);
  withLedger((ledger) => expect(ledger.recovered).toEqual([]));
});

test('records that are appended together are all there or none, and the chain goes on', () => {
  const verdict = withLedger((ledger) => {
    ledger.append(decided('c1'), intent('c1'));
    expect(() => ledger.append(outcome('c1'), decided('c1'))).toThrow('on record already');
    ledger.appendDurably(outcome('c1'), decided('c2'));
    expect(ledger.query({ limit: 9 }).records.map(({ event }) => event.kind)).toEqual([
      'call.decided',
      'call.outcome',
      'call.intent',
      'call.decided',
    ]);
    return ledger.verify();
  });
  expect(verdict).toMatchObject({ ok: true, records: 4, anchor: 'holds' });
});

test('the first record follows 64 zeros and holds the time as ISO 8601', () => {
  const [first] = withLedger((ledger) => {
    ledger.append({ kind: 'bridge.started', version: '1.0.0' });
    return ledger.query({ limit: 1 }).records;
  });
  expect(first).toEqual({
    sequence: 1,
    at: '2026-11-21T09:00:00.000Z',
    event: { kind: 'bridge.started', version: '1.0.0' },
    previousHash: '0'.repeat(64),
    hash: sha256(
      `{"at":"2026-11-21T09:00:00.000Z","event":{"kind":"bridge.started","version":"1.0.0"},"previousHash":"${'0'.repeat(64)}","sequence":1}`,
    ),
  });
});

test('pages go back in time without a gap or an overlap', () => {
  withLedger((ledger) => {
    for (let index = 1; index <= 25; index++) ledger.append(decided(`c${index}`));
    const seen: number[] = [];
    let before: number | undefined;
    do {
      const page = ledger.query({ limit: 10, before });
      seen.push(...page.records.map((record) => record.sequence));
      before = page.next;
    } while (before !== undefined);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => 25 - index));
  });
});

test('a call is one row, with what authorized it and how it ended', () => {
  withLedger((ledger) => {
    ledger.append(decided('c1', 'prompt'));
    ledger.append(asked('a1'));
    ledger.append(answered('a1'));
    ledger.appendDurably(intent('c1', 'a1'));
    ledger.append(outcome('c1', 'failed'));
    ledger.append(decided('c2'));
    const { calls } = ledger.calls({ limit: 10 });
    expect(calls.map((call) => [call.callId, call.outcome, call.authorizedBy])).toEqual([
      ['c2', undefined, undefined],
      ['c1', 'failed', { kind: 'approval', approvalId: 'a1' }],
    ]);
    expect(ledger.calls({ limit: 10, outcome: 'failed' }).calls).toHaveLength(1);
    expect(ledger.calls({ limit: 10, mcpClientId: 'other' }).calls).toEqual([]);
    expect(ledger.query({ limit: 9, kind: 'approval.asked' }).records).toHaveLength(1);
    expect(ledger.counts()).toEqual({
      records: 6,
      calls: 2,
      byKind: { 'approval.asked': 1, 'approval.answered': 1 },
      byOutcome: { failed: 1 },
    });
  });
});

test.each([
  ['never answered', [asked('a')]],
  ['denied', [asked('a'), answered('a', 'denied')]],
  ['expired', [asked('a'), answered('a', 'expired')]],
  ['approved, then withdrawn', [asked('a'), answered('a'), answered('a', 'withdrawn')]],
  ['approved for another digest', [{ ...answered('a'), callDigest: 'e'.repeat(64) } as never]],
] as const)('an approval that was %s gives no intent', (_name, events) => {
  withLedger((ledger) => {
    for (const event of events) ledger.append(event);
    expect(() => ledger.appendDurably(intent('c', 'a'))).toThrow(/approval/);
    ledger.append(decided('next'));
    expect(ledger.verify().ok).toBe(true);
  });
});

test('what a crash left open is ended in the log and not repeated', () => {
  const ledger = testLedger(place.path);
  ledger.append(decided('sent'));
  ledger.appendDurably(intent('sent'));
  ledger.append(decided('waiting', 'prompt'));
  ledger.append(asked('a'));
  ledger.append(decided('forbidden', 'forbid'));
  ledger.append(decided('allowed'));
  ledger.append(decided('done'));
  ledger.append(outcome('done'));
  ledger.close(); // a crash differs only in what is in the WAL; the kill test covers that
  const again = testLedger(place.path);
  expect(
    again.recovered.map((event) =>
      event.kind === 'call.outcome'
        ? [event.callId, event.outcome]
        : event.kind === 'approval.answered'
          ? [event.approvalId, event.answer]
          : [],
    ),
  ).toEqual([
    ['a', 'withdrawn'],
    ['sent', 'unknown'],
    ['waiting', 'withdrawn'],
    ['forbidden', 'refused'],
    ['allowed', 'not-sent'],
  ]);
  again.close();
  withLedger((third) => expect(third.recovered).toEqual([]));
});

test('a second writer is refused while the first runs, and welcome after', () => {
  withLedger(() => expect(() => testLedger(place.path)).toThrow(/another running/));
  withLedger((ledger) => ledger.append(decided('c')));
});

test('files are for their owner only', () => {
  withLedger((ledger) => {
    ledger.append(decided('c'));
    expect(lstatSync(dirname(place.path)).mode & 0o777).toBe(0o700);
    for (const suffix of ['', '-wal', '-shm', '.head', '.lock'])
      expect([suffix, lstatSync(place.path + suffix).mode & 0o777]).toEqual([suffix, 0o600]);
  });
});

test.each([
  ['the file is a symbolic link', () => symlinkSync('/etc/hostname', place.path)],
  [
    'the file has a second name',
    () => {
      writeFileSync(place.path, '');
      linkSync(place.path, `${place.path}.other`);
    },
  ],
  ['the anchor is a symbolic link', () => symlinkSync('/etc/hostname', `${place.path}.head`)],
  ['a WAL was planted as a link', () => symlinkSync('/etc/hostname', `${place.path}-wal`)],
  ['others may write to the folder', () => chmodSync(dirname(place.path), 0o777)],
  [
    'others may write to the file',
    () => {
      writeFileSync(place.path, '');
      chmodSync(place.path, 0o666);
    },
  ],
  ['the file is a folder', () => mkdirSync(place.path)],
] as const)('LO-13: refused when %s', (_name, plant) => {
  mkdirSync(dirname(place.path), { recursive: true, mode: 0o700 });
  plant();
  expect(() => testLedger(place.path)).toThrowError(expect.objectContaining({ code: 'ledger.unavailable' }));
});

test('text that has no canonical form is kept in a form that has', () => {
  withLedger((ledger) => {
    ledger.append({ ...decided('c'), headline: `a\ud800b${'x'.repeat(10_000)}` } as never);
    expect(ledger.verify().ok).toBe(true);
  });
});

test('verifying a copy makes no file beside it', () => {
  withLedger((ledger) => ledger.append(decided('c')));
  const copies = join(place.folder, 'copies');
  mkdirSync(copies);
  copyFileSync(place.path, join(copies, 'copy?#.sqlite'));
  expect(verifyLedger(join(copies, 'copy?#.sqlite'), { sha256 })).toMatchObject({ ok: true, records: 1 });
  expect(readdirSync(copies)).toEqual(['copy?#.sqlite']);
});

test('a ledger is verified beside its running writer', () => {
  withLedger((ledger) => {
    ledger.append(decided('c'));
    expect(verifyLedger(place.path, { sha256 })).toMatchObject({ ok: true, records: 1, anchor: 'holds' });
    ledger.append(outcome('c'));
    expect(verifyLedger(place.path, { sha256 })).toMatchObject({ ok: true, records: 2 });
  });
});

test('a moved ledger still verifies', () => {
  withLedger((ledger) => ledger.append(decided('c')));
  renameSync(place.path, `${place.path}.moved`);
  expect(verifyLedger(`${place.path}.moved`, { sha256 })).toMatchObject({ ok: true, records: 1, anchor: 'absent' });
});

test('export and query give one JSON line each, and a spreadsheet gets no formula', () => {
  withLedger((ledger) => {
    ledger.append({ ...decided('c1'), headline: '=HYPERLINK("http://x")' } as never);
    ledger.append(decided('c2'));
    const lines: string[] = [];
    auditExport(place.path, 'jsonl', (line) => lines.push(line));
    expect(lines.map((line) => JSON.parse(line).sequence)).toEqual([1, 2]);
    const cells: string[] = [];
    auditExport(place.path, 'csv', (line) => cells.push(line));
    expect(cells[1]).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(auditQuery(place.path, { limit: 1 }).map((line) => JSON.parse(line).sequence)).toEqual([2]);
    expect(auditQuery(place.path, { limit: 9, calls: true })).toHaveLength(2);
  });
});

test('a path without a ledger is an error, not an empty log', () => {
  expect(() => verifyLedger(place.path, { sha256 })).toThrow(/no ledger/);
});
