/** The table of records: what goes in goes in together or not at all. */
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { StoredRecord } from '../core/audit/chain.ts';
import type { AuditEvent } from '../core/audit/record.ts';
import { AppError } from '../core/errors.ts';
import { checkApprovalIsLive } from './approval-journal.ts';
import { isConstraintFailure } from './ledger-errors.ts';

export type NewRecord = { readonly event: AuditEvent; readonly record: StoredRecord };

export type CommitOptions = {
  readonly durably: boolean;
  /** Up to this record every call and approval has its end, so that the next start need not look before it. */
  readonly settledAt: number | undefined;
};

export type RecordStore = {
  /** `waiting` consume no approval; `added` are held to the approval journal here. */
  commit(waiting: readonly StoredRecord[], added: readonly NewRecord[], how: CommitOptions): void;
};

export function openRecordStore(database: DatabaseSyncInstance): RecordStore {
  const insert = database.prepare(
    'INSERT INTO audit (sequence, at, event, previous_hash, hash) VALUES (?, ?, ?, ?, ?)',
  );
  const moveHead = database.prepare('UPDATE head SET sequence = ?, hash = ?, settled = max(settled, ?) WHERE only = 1');
  let isDurable: boolean | undefined;

  const setDurable = (durably: boolean): void => {
    if (isDurable !== durably) database.exec(`PRAGMA synchronous = ${durably ? 'FULL' : 'NORMAL'}`);
    isDurable = durably;
  };
  const put = (record: StoredRecord): void => {
    insert.run(record.sequence, record.at, record.eventText, record.previousHash, record.hash);
  };

  const putWaiting = (waiting: readonly StoredRecord[]): void => {
    try {
      for (const record of waiting) put(record);
    } catch (cause) {
      if (isConstraintFailure(cause)) throw repeated(cause);
      throw cause;
    }
  };

  return {
    commit(waiting, added, { durably, settledAt }) {
      const end = added.at(-1)?.record ?? waiting.at(-1);
      if (end === undefined) return;
      setDurable(durably);
      database.exec('BEGIN IMMEDIATE');
      try {
        putWaiting(waiting);
        for (const { event, record } of added) {
          checkApprovalIsLive(database, event);
          put(record);
        }
        moveHead.run(end.sequence, end.hash, settledAt ?? 0);
        database.exec('COMMIT');
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
  };
}

/** An accepted record that the table does not take: nothing may be written behind it. */
function repeated(cause: unknown): AppError {
  return new AppError('ledger.broken', 'a waiting record repeats one that is in the log', { cause });
}
