/**
 * One writer per ledger (AU-18). The lock is an exclusive transaction on an empty database beside it: the kernel
 * gives it back when the process dies, however it dies, and readers of the ledger are not held up by it.
 */
import { DatabaseSync } from '@photostructure/sqlite';
import { AppError } from '../core/errors.ts';
import { ensurePrivateFile } from './private-file.ts';

type WriterLock = { release(): void };

export function takeWriterLock(ledgerPath: string): WriterLock {
  const path = `${ledgerPath}.lock`;
  ensurePrivateFile(path);
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new AppError('ledger.unavailable', 'another running Countersign writes this ledger', { cause });
  }
  return { release: () => database.close() };
}
