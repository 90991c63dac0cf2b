/**
 * Puts a log that does not verify out of the way, with everything that belongs to it, so that a new one can begin.
 * Nothing of it is changed: it is the evidence.
 */
import { existsSync, renameSync } from 'node:fs';
import { AppError } from '../core/errors.ts';
import { takeWriterLock } from './writer-lock.ts';

/** Gives the new path of the database file; throws 'ledger.unavailable' while another process writes it. */
export function setAsideLedger(path: string, nowMs: number): string {
  const lock = takeWriterLock(path);
  try {
    const aside = `${path}.broken-${new Date(nowMs).toISOString().replaceAll(':', '-')}`;
    if (existsSync(aside)) throw new AppError('ledger.unavailable', 'a log was set aside at this very moment before');
    for (const suffix of ['', '-wal', '-shm', '.head', '.tail']) {
      if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
    }
    return aside;
  } finally {
    lock.release();
  }
}
