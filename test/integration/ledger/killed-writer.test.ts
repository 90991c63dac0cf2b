import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLedger } from '../../../mcp-bridge/ledger/verify-ledger.ts';
import { bundleLedgerWriter } from '../../support/bundle-ledger-writer.ts';
import { ledgerFolder, sha256, testLedger } from '../../support/ledger-fixtures.ts';

const place = ledgerFolder();
let writer: Awaited<ReturnType<typeof bundleLedgerWriter>>;
beforeAll(async () => {
  writer = await bundleLedgerWriter();
});
afterAll(async () => {
  await writer.remove();
  place.remove();
});

/** Runs the writer and kills it once it has told that many records; gives the last one it told. */
function writeUntilKilled(path: string, run: number, records: number, kind = 'writes'): Promise<number> {
  return new Promise((resolve, reject) => {
    const args = [writer.path, path, String(run), kind];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = '';
    child.stdout.on('data', (chunk: Buffer) => {
      told += chunk.toString('latin1');
      if (told.split('\n').length > records) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', () => resolve(Number(told.trimEnd().split('\n').at(-1))));
  });
}

test.each([
  ['writes', 60],
  ['reads', 60],
  ['reads', 5_000],
])(
  'AU-08: a writer of %s killed at any moment within %i records leaves a log that verifies and holds all it had accepted',
  async (kind, most) => {
    const path = join(place.folder, `${kind}-${most}`, 'ledger.sqlite');
    for (let run = 0; run < 8; run++) {
      const told = await writeUntilKilled(path, run, 1 + Math.floor(Math.random() * most), kind);
      expect(existsSync(`${path}-wal`)).toBe(true);
      const verdict = verifyLedger(path, { sha256 });
      expect(verdict).toMatchObject({ ok: true, anchor: 'holds' });
      expect(verdict.records).toBeGreaterThanOrEqual(told);
    }
  },
);

test('what a killed writer had sent is told as unknown, once, and a copy of its files verifies too', async () => {
  const path = join(place.folder, 'second', 'ledger.sqlite');
  mkdirSync(join(place.folder, 'second'), { mode: 0o700 });
  await writeUntilKilled(path, 1, 30);
  const copy = join(place.folder, 'copy');
  cpSync(join(place.folder, 'second'), copy, { recursive: true });
  expect(verifyLedger(join(copy, 'ledger.sqlite'), { sha256 })).toMatchObject({ ok: true });
  const ledger = testLedger(path);
  const unknown = ledger.recovered.filter((event) => event.kind === 'call.outcome' && event.outcome === 'unknown');
  expect(unknown.length).toBeGreaterThan(0);
  expect(ledger.calls({ limit: 1000 }).calls.filter((call) => call.outcome === undefined)).toEqual([]);
  expect(ledger.verify()).toMatchObject({ ok: true });
  ledger.close();
  const again = testLedger(path);
  expect(again.recovered).toEqual([]);
  again.close();
});

test('AU-18: a writer that was killed does not keep the lock', async () => {
  const path = join(place.folder, 'third', 'ledger.sqlite');
  await writeUntilKilled(path, 1, 5);
  testLedger(path).close();
});
