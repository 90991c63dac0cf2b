/** Records that wait beside the database: seen by every reader, kept by a crash, held to the chain and the anchor. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditEvent } from '../../../mcp-bridge/core/audit/record.ts';
import { auditExport, auditQuery } from '../../../mcp-bridge/ledger/audit-commands.ts';
import type { Ledger } from '../../../mcp-bridge/ledger/open-ledger.ts';
import { setAsideLedger } from '../../../mcp-bridge/ledger/set-aside.ts';
import { verifyLedger } from '../../../mcp-bridge/ledger/verify-ledger.ts';
import { ledgerFolder, sha256, testLedger } from '../../support/ledger-fixtures.ts';
import { answered, asked, decided, intent, outcome } from '../../support/ledger-records.ts';

let place: ReturnType<typeof ledgerFolder>;
let ledger: Ledger;
beforeEach(() => {
  place = ledgerFolder();
  ledger = testLedger(place.path);
});
afterEach(() => {
  ledger.close();
  place.remove();
});

const tail = (path = place.path) => `${path}.tail`;
const broken = expect.objectContaining({ code: 'ledger.broken' });

function read(...callIds: readonly string[]): void {
  for (const callId of callIds) {
    ledger.append(decided(callId), intent(callId));
    ledger.append(outcome(callId));
  }
}

function rowsInDatabase(): number {
  const database = new DatabaseSync(place.path, { readOnly: true });
  const { count } = database.prepare('SELECT count(*) AS count FROM audit').get() as { count: number };
  database.close();
  return count;
}

/** The files as a killed process leaves them, once the anchor has caught up. */
async function asAfterACrash(name = 'crashed'): Promise<string> {
  await sleep(60);
  const folder = join(place.folder, name);
  cpSync(join(place.folder, 'private'), folder, { recursive: true });
  return join(folder, 'ledger.sqlite');
}

test('records of reads wait beside the database, and every reader sees them', () => {
  ledger.append({ kind: 'bridge.started', version: '1.0.0' });
  read('c1', 'c2');
  expect(rowsInDatabase()).toBe(1);
  expect(statSync(tail()).mode & 0o777).toBe(0o600);
  expect(verifyLedger(place.path, { sha256 })).toMatchObject({ ok: true, records: 7 });
  const exported: string[] = [];
  auditExport(place.path, 'jsonl', (line) => exported.push(line));
  expect(exported.map((line) => JSON.parse(line).sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  const newest = auditQuery(place.path, { limit: 2, calls: true }).map((line) => JSON.parse(line));
  expect(newest.map(({ callId, outcome: end }) => [callId, end])).toEqual([
    ['c2', 'succeeded'],
    ['c1', 'succeeded'],
  ]);
  expect(auditQuery(place.path, { limit: 9, kind: 'call.outcome' })).toHaveLength(2);
  expect(ledger.calls({ limit: 9 }).calls).toHaveLength(2);
  expect(rowsInDatabase()).toBe(7);
  expect(existsSync(tail())).toBe(false);
});

test('they move into the database by themselves, soon', async () => {
  read('c1');
  await expect.poll(rowsInDatabase, { timeout: 5_000 }).toBe(3);
  expect(ledger.verify()).toMatchObject({ ok: true, records: 3 });
});

test('they go into the database with the next durable record, in order', () => {
  read('c1');
  ledger.append(decided('c2'));
  ledger.appendDurably(intent('c2'));
  expect(rowsInDatabase()).toBe(5);
  expect(ledger.verify()).toMatchObject({ ok: true, records: 5 });
});

test('a hundred do not wait', () => {
  for (let index = 0; index < 1_100; index++) ledger.append(decided(`c${index}`));
  expect(rowsInDatabase()).toBeGreaterThan(1_000);
  expect(ledger.verify()).toMatchObject({ ok: true, records: 1_100 });
});

test.each([
  ['decided', () => ledger.append(decided('c1'))],
  ['sent', () => ledger.append(intent('c1'))],
  ['ended', () => ledger.append(outcome('c1'))],
  ['sent, for certain', () => ledger.appendDurably(intent('c1'))],
])('a call is %s once, also while its records wait', (_name, again) => {
  ledger.append(decided('c1'), intent('c1'));
  ledger.append(outcome('c1'));
  expect(again).toThrowError(expect.objectContaining({ code: 'ledger.unavailable' }));
  ledger.append(decided('c2'));
  expect(ledger.verify()).toMatchObject({ ok: true, records: 4 });
});

test('a crash keeps them, and the next run goes on behind them', async () => {
  read('c1', 'c2');
  const path = await asAfterACrash();
  expect(verifyLedger(path, { sha256 })).toMatchObject({ ok: true, records: 6 });
  const again = testLedger(path);
  expect(again.calls({ limit: 9 }).calls.map(({ callId }) => callId)).toEqual(['c2', 'c1']);
  again.append(decided('c3'));
  expect(again.verify()).toMatchObject({ ok: true, records: 7 });
  again.close();
  expect(existsSync(tail(path))).toBe(false);
});

test('a crash after they moved and before their file went shows none twice', async () => {
  read('c1');
  const waiting = readFileSync(tail());
  ledger.query({ limit: 1 });
  const path = await asAfterACrash();
  writeFileSync(tail(path), waiting, { mode: 0o600 });
  expect(verifyLedger(path, { sha256 })).toMatchObject({ ok: true, records: 3 });
  testLedger(path).close();
  expect(verifyLedger(path, { sha256 })).toMatchObject({ ok: true, records: 3 });
});

test('a line that was cut off in the middle was never accepted', async () => {
  read('c1');
  const path = await asAfterACrash();
  appendFileSync(tail(path), '4\t2026-11-21T09:00:00.000Z\tabc');
  expect(verifyLedger(path, { sha256 })).toMatchObject({ ok: true, records: 3 });
  testLedger(path).close();
});

const changes: readonly (readonly [string, (path: string) => void])[] = [
  ['a word is changed', (path) => edit(path, (text) => text.replace('"c1"', '"c9"'))],
  ['a line is removed', (path) => edit(path, (text) => text.replace(/^.*\n/, ''))],
  ['the last line is removed', (path) => edit(path, (text) => text.replace(/[^\n]*\n$/, ''))],
  ['two lines change places', (path) => edit(path, (text) => text.replace(/^(.*\n)(.*\n)/, '$2$1'))],
  ['a line is garbage', (path) => edit(path, (text) => text.replace(/^.*\n/, 'x\n'))],
  ['everything is removed', (path) => truncateSync(tail(path))],
];

function edit(path: string, change: (text: string) => string): void {
  const before = readFileSync(tail(path), 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(tail(path), after);
}

test.each(changes)('AU-01, AU-03: shows when of the waiting records %s', async (_name, change) => {
  ledger.append({ kind: 'bridge.started', version: '1.0.0' });
  read('c1', 'c2');
  const path = await asAfterACrash();
  expect(verifyLedger(path, { sha256 })).toMatchObject({ ok: true, records: 7 });
  change(path);
  expect(verifyLedger(path, { sha256 })).toMatchObject({ ok: false });
  expect(() => testLedger(path)).toThrowError(broken);
});

test('a loss of power may take records from between; what hangs in the air is left out, and the log opens', async () => {
  ledger.close();
  ledger = testLedger(place.path, { bootId: 'before' });
  ledger.appendDurably(decided('c1'), intent('c1'), outcome('c1'));
  const older = await asAfterACrash('older');
  read('c2');
  ledger.query({ limit: 1 });
  read('c3');
  const newer = await asAfterACrash('newer');
  cpSync(tail(newer), tail(older));
  cpSync(`${newer}.head`, `${older}.head`);
  expect(() => testLedger(older, { bootId: 'before' })).toThrowError(broken);
  const again = testLedger(older, { bootId: 'after' });
  expect(again.calls({ limit: 9 }).calls.map(({ callId }) => callId)).toEqual(['c1']);
  expect(again.verify()).toMatchObject({ ok: true, records: 3 });
  again.close();
});

test('a log that a writer is about to begin is not called broken; one that has lost its tables is', () => {
  const refused = expect.objectContaining({ code: 'ledger.unavailable' });
  const fresh = join(place.folder, 'private', 'fresh.sqlite');
  writeFileSync(fresh, '', { mode: 0o600 });
  expect(() => verifyLedger(fresh, { sha256 })).toThrowError(refused);
  writeFileSync(`${fresh}.head`, '', { mode: 0o600 });
  expect(() => auditQuery(fresh, { limit: 1 })).toThrowError(refused);
  ledger.appendDurably(decided('c1'));
  cpSync(`${place.path}.head`, `${fresh}.head`);
  expect(verifyLedger(fresh, { sha256 })).toMatchObject({ ok: false, anchor: 'holds' });
});

test('a broken log is set aside with what waits beside it', async () => {
  read('c1');
  const path = await asAfterACrash();
  edit(path, (text) => text.replace('"c1"', '"c9"'));
  const aside = setAsideLedger(path, Date.UTC(2026, 10, 21));
  expect(existsSync(tail(aside))).toBe(true);
  expect(existsSync(tail(path))).toBe(false);
  const fresh = testLedger(path);
  expect(fresh.verify()).toMatchObject({ ok: true, records: 0 });
  fresh.close();
});

test('an approval is asked, answered and used in one transaction, and not used when it was denied', () => {
  ledger.append(asked('a'), decided('c1', 'prompt'));
  ledger.append(answered('a'));
  expect(rowsInDatabase()).toBe(0);
  ledger.appendDurably(intent('c1', 'a'));
  expect(rowsInDatabase()).toBe(4);
  ledger.append(decided('c2', 'prompt'), asked('b'), answered('b', 'denied'));
  expect(() => ledger.appendDurably(intent('c2', 'b'))).toThrow(/approval/);
  expect(ledger.verify()).toMatchObject({ ok: true, records: 7 });
});

test('the next start looks for what has no end only behind the last moment when everything had one', async () => {
  read('c1', 'c2');
  ledger.appendDurably(decided('c3'));
  ledger.append(intent('c3'));
  const path = await asAfterACrash();
  const database = new DatabaseSync(path, { readOnly: true });
  expect(database.prepare('SELECT settled FROM head').get()).toEqual({ settled: 6 });
  database.close();
  const again = testLedger(path);
  expect(again.recovered.map((event) => ('outcome' in event ? [event.callId, event.outcome] : []))).toEqual([
    ['c3', 'unknown'],
  ]);
  again.close();
});

test('AU-07: text with the line ends of Unicode breaks nothing', async () => {
  for (const [index, end] of ['\u2028', '\u2029', '\u0085', '\u000b'].entries())
    ledger.append({ ...decided(`c${index}`), headline: `a${end}b` } as AuditEvent, outcome(`c${index}`));
  const path = await asAfterACrash();
  expect(verifyLedger(path, { sha256 })).toMatchObject({ ok: true, records: 8 });
  testLedger(path).close();
});

test('what waits is seen while the database cannot be written', () => {
  ledger.append({ kind: 'bridge.started', version: '1.0.0' });
  read('c1');
  const other = new DatabaseSync(place.path);
  other.exec('BEGIN IMMEDIATE');
  expect(ledger.calls({ limit: 9 }).calls).toHaveLength(1);
  expect(ledger.verify()).toMatchObject({ ok: true, records: 4 });
  expect(ledger.counts().records).toBe(4);
  expect(() => read('c2')).toThrowError(expect.objectContaining({ code: 'ledger.unavailable' }));
  other.exec('ROLLBACK');
  other.close();
  ledger.close();
  ledger = testLedger(place.path);
  expect(ledger.verify()).toMatchObject({ ok: true, records: 4 });
});

test('a file that cannot be removed once its records have moved loses none and repeats none', () => {
  read('c1');
  rmSync(tail());
  mkdirSync(tail());
  expect(ledger.counts().records).toBe(3);
  expect(() => read('c2')).toThrowError(expect.objectContaining({ code: 'ledger.unavailable' }));
  ledger.appendDurably(decided('c3'), intent('c3'));
  rmdirSync(tail());
  read('c4');
  expect(ledger.verify()).toMatchObject({ ok: true, records: 8 });
});

test.each<[string, (path: string) => void]>([
  ['a link', (path) => symlinkSync('/dev/zero', path)],
  ['a pipe', (path) => execFileSync('mkfifo', [path])],
  ['a folder', (path) => mkdirSync(path)],
])('LO-13: %s in place of the waiting records is refused by readers and by the next run', (_name, plant) => {
  ledger.close();
  plant(tail());
  const refused = expect.objectContaining({ code: 'ledger.unavailable' });
  expect(() => verifyLedger(place.path, { sha256 })).toThrowError(refused);
  expect(() => testLedger(place.path)).toThrowError(refused);
});
