/** What went wrong with the ledger, in the product's words, and whether it may be written again. */
import { AppError } from '../core/errors.ts';

const SQLITE_CONSTRAINT = 19;
const SQLITE_FULL = 13;

export function isConstraintFailure(cause: unknown): boolean {
  return (((cause as { sqliteCode?: number }).sqliteCode ?? 0) & 0xff) === SQLITE_CONSTRAINT;
}

/** Neither a refused record nor a full disk: after those the files are as they were and may be written again. */
export function isDiskFailure(cause: unknown): boolean {
  if (cause instanceof AppError) return cause.code === 'ledger.broken';
  if (cause instanceof RangeError || isConstraintFailure(cause)) return false;
  const { sqliteCode, code } = cause as { sqliteCode?: number; code?: unknown };
  if (sqliteCode !== undefined) return (sqliteCode & 0xff) !== SQLITE_FULL;
  return code !== 'ENOSPC' && code !== 'EDQUOT';
}

export function asLedgerError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const { message } = cause as { message?: string };
  if (isConstraintFailure(cause))
    return new AppError('ledger.unavailable', 'this approval or call is on record already', { cause });
  return new AppError('ledger.unavailable', `the ledger cannot be written: ${message ?? 'unknown failure'}`, { cause });
}
