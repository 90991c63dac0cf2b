import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ledger, type LedgerOptions, openLedger } from '../../mcp-bridge/ledger/open-ledger.ts';

export const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

/** A private folder for one test, and a ledger path in it; `remove` when done. */
export function ledgerFolder(): { readonly folder: string; readonly path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-test-'));
  return {
    folder,
    path: join(folder, 'private', 'ledger.sqlite'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function testLedger(path: string, options: Partial<LedgerOptions> = {}): Ledger {
  let nowMs = Date.UTC(2026, 10, 21, 9, 0, 0);
  return openLedger({ path, clock: { nowMs: () => nowMs++ }, sha256, ...options });
}
