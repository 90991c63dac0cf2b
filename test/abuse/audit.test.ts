import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nextRecord, type StoredRecord } from '../../mcp-bridge/core/audit/chain.ts';
import type { AuditEvent } from '../../mcp-bridge/core/audit/record.ts';
import { auditExport } from '../../mcp-bridge/ledger/audit-commands.ts';
import { setAsideLedger } from '../../mcp-bridge/ledger/set-aside.ts';
import { verifyLedger } from '../../mcp-bridge/ledger/verify-ledger.ts';
import { bundleLedgerWriter } from '../support/bundle-ledger-writer.ts';
import { ledgerFolder, sha256, testLedger } from '../support/ledger-fixtures.ts';
import { answered, asked, decided, intent } from '../support/ledger-records.ts';

const RECORDS = 40;
let place: ReturnType<typeof ledgerFolder>;
beforeEach(() => {
  place = ledgerFolder();
  const ledger = testLedger(place.path);
  for (let index = 1; index <= RECORDS / 2; index++) {
    ledger.append(decided(`c${index}`, 'forbid'));
    ledger.append({ kind: 'bridge.started', version: `1.0.${index}` });
  }
  ledger.close();
  testLedger(place.path).close(); // ends what is open, so that later openings add nothing
});
afterEach(() => place.remove());

const verify = () => verifyLedger(place.path, { sha256 });

/** What somebody with SQL access to the file does. */
function attack(...statements: readonly string[]): void {
  const database = new DatabaseSync(place.path);
  for (const statement of statements) database.exec(statement);
  database.close();
}

test.each([
  [
    'a word of a record is changed',
    [`UPDATE audit SET event = replace(event, '1.0.5', '1.0.6') WHERE sequence = 10`],
    10,
  ],
  ['the time of a record is changed', [`UPDATE audit SET at = '2020-01-01T00:00:00.000Z' WHERE sequence = 7`], 7],
  ['a hash is changed', [`UPDATE audit SET hash = replace(hash, 'a', 'b') WHERE sequence = 12`], 12],
  ['the first record is removed', ['DELETE FROM audit WHERE sequence = 1'], 1],
  ['a record in the middle is removed', ['DELETE FROM audit WHERE sequence = 20'], 20],
  [
    'a record is removed and the numbers are closed',
    [
      'DELETE FROM audit WHERE sequence = 20',
      'UPDATE audit SET sequence = -(sequence - 1) WHERE sequence > 20',
      'UPDATE audit SET sequence = -sequence WHERE sequence < 0',
    ],
    20,
  ],
  [
    'two records change places',
    [
      'UPDATE audit SET sequence = -1 WHERE sequence = 4',
      'UPDATE audit SET sequence = 4 WHERE sequence = 5',
      'UPDATE audit SET sequence = 5 WHERE sequence = -1',
    ],
    4,
  ],
  [
    'a record is put in',
    [
      `INSERT INTO audit (sequence, at, event, previous_hash, hash) SELECT max(sequence) + 1, at, '{"kind":"bridge.stopped","version":"1"}', hash, hash FROM audit`,
    ],
    61,
  ],
  ['the tail is cut', ['DELETE FROM audit WHERE sequence > 30'], 31],
  [
    'the tail is cut and the head row made to fit',
    [
      'DELETE FROM audit WHERE sequence > 30',
      'UPDATE head SET (sequence, hash) = (SELECT sequence, hash FROM audit WHERE sequence = 30)',
    ],
    31,
  ],
  ['everything is removed', ['DELETE FROM audit', `UPDATE head SET sequence = 0, hash = '${'0'.repeat(64)}'`], 1],
  ['the table is dropped', ['DROP TABLE audit'], 1],
] as const)('AU-01, AU-02, AU-03: shows when %s', (_name, statements, brokenAt) => {
  const before = verify();
  expect(before).toMatchObject({ ok: true, records: 60 });
  attack(...statements);
  expect(verify()).toMatchObject({ ok: false, brokenAt });
  expect(() => testLedger(place.path)).toThrowError(expect.objectContaining({ code: 'ledger.broken' }));
});

/** Everything from `from` on is written again, with one event changed and every hash right. */
function makeAnew(from: number): void {
  const database = new DatabaseSync(place.path);
  const rows = database.prepare('SELECT * FROM audit ORDER BY sequence').all() as {
    sequence: number;
    at: string;
    event: string;
    hash: string;
  }[];
  let head = { sequence: 0, hash: '0'.repeat(64) };
  const update = database.prepare('UPDATE audit SET event = ?, previous_hash = ?, hash = ? WHERE sequence = ?');
  for (const row of rows) {
    const event = JSON.parse(row.event) as AuditEvent;
    const changed = row.sequence === from ? ({ kind: 'bridge.started', version: '6.6.6' } as const) : event;
    const record: StoredRecord = nextRecord(head, row.at, changed, sha256);
    update.run(record.eventText, record.previousHash, record.hash, record.sequence);
    head = { sequence: record.sequence, hash: record.hash };
  }
  database.prepare('UPDATE head SET hash = ?').run(head.hash);
  database.close();
}

test('AU-05: a chain that was computed anew is not the one that the anchor knows', () => {
  makeAnew(15);
  expect(verify()).toMatchObject({ ok: false, brokenAt: 60, reason: 'the chain was made anew' });
});

test('AU-05: with a key that is not beside the log, a new anchor does not help either', () => {
  place.remove();
  const mac = (text: string) => sha256(`key ${text}`);
  const ledger = testLedger(place.path, { mac });
  ledger.append(decided('c'));
  ledger.close();
  expect(verifyLedger(place.path, { sha256, mac })).toMatchObject({ ok: true });
  const otherMac = (text: string) => sha256(`guess ${text}`);
  rmSync(`${place.path}.head`);
  const forged = testLedger.bind(undefined, place.path, { mac: otherMac });
  expect(forged).toThrow();
  expect(() => testLedger(place.path, { mac })).toThrowError(expect.objectContaining({ code: 'ledger.broken' }));
});

test.each([
  ['removed', () => rmSync(`${place.path}.head`)],
  ['emptied', () => writeFileSync(`${place.path}.head`, '')],
  ['garbage', () => writeFileSync(`${place.path}.head`, 'x'.repeat(1024))],
] as const)('AU-03: a log whose anchor is %s is not opened', (_name, change) => {
  change();
  expect(() => testLedger(place.path)).toThrowError(expect.objectContaining({ code: 'ledger.broken' }));
});

test('a flipped byte anywhere in the file shows, or changes nothing that is read', () => {
  const original = readFileSync(place.path);
  const exported = exportAll();
  fc.assert(
    fc.property(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 }), (offset, mask) => {
      const bytes = Buffer.from(original);
      bytes[offset] = (bytes[offset] ?? 0) ^ mask;
      writeFileSync(place.path, bytes);
      if (verify().ok) expect(exportAll()).toEqual(exported);
    }),
    { numRuns: 300 },
  );
});

function exportAll(): readonly string[] {
  const lines: string[] = [];
  auditExport(place.path, 'jsonl', (line) => lines.push(line));
  return lines;
}

test('a file that is no database is a broken log, not a crash', () => {
  writeFileSync(place.path, 'not a database at all, but long enough to be read as one'.repeat(100));
  expect(verify()).toMatchObject({ ok: false, records: 0, brokenAt: 1 });
});

test('a broken log is set aside whole, and a new one begins', () => {
  attack('DELETE FROM audit WHERE sequence = 20');
  const aside = setAsideLedger(place.path, Date.UTC(2026, 10, 21));
  expect(verifyLedger(aside, { sha256 })).toMatchObject({ ok: false, brokenAt: 20 });
  const ledger = testLedger(place.path);
  ledger.append(decided('c'));
  expect(ledger.verify()).toMatchObject({ ok: true, records: 1 });
  ledger.close();
});

test('MC-18: fifty consumers of one approval get one intent between them', () => {
  const ledger = testLedger(place.path);
  ledger.append(asked('a'));
  ledger.append(answered('a'));
  const results = Array.from({ length: 50 }, (_, index) => {
    try {
      ledger.appendDurably(intent(`p${index}`, 'a'));
      return 'recorded';
    } catch (error) {
      return (error as { code: string }).code;
    }
  });
  expect(results.filter((result) => result === 'recorded')).toHaveLength(1);
  expect(results.filter((result) => result === 'ledger.unavailable')).toHaveLength(49);
  expect(ledger.verify()).toMatchObject({ ok: true, records: 63 });
  ledger.close();
});

test('one call gets one intent, whatever authorizes it', () => {
  const ledger = testLedger(place.path);
  ledger.appendDurably(intent('p'));
  expect(() => ledger.appendDurably(intent('p'))).toThrowError(expect.objectContaining({ code: 'ledger.unavailable' }));
  ledger.close();
});

describe('AU-07: no room for the log', () => {
  const kinds = process.platform === 'linux' ? ['writes', 'reads'] : [];
  test.each(kinds)('is an error for %s, and what was accepted before verifies', async (kind) => {
    const writer = await bundleLedgerWriter();
    try {
      place.remove();
      const command = [process.execPath, writer.path, place.path, 'r', kind];
      const limited = spawnSync('prlimit', ['--fsize=2000000', ...command], { encoding: 'latin1', timeout: 25_000 });
      const lines = limited.stdout.trimEnd().split('\n');
      expect(lines.at(-1)).toBe('ledger.unavailable');
      const accepted = Number(lines.at(-2));
      expect(accepted).toBeGreaterThan(20);
      expect(verify()).toMatchObject({ ok: true, records: accepted });
    } finally {
      await writer.remove();
    }
  });
});
