/**
 * The audit log and approval journal. Append-only, chained, one writer; what is not in the file did not happen and
 * what cannot be written may not happen: every failure to write throws 'ledger.unavailable' (AU-07).
 *
 * INVARIANT: the chain's head in memory moves only after SQLite has committed.
 */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { type ChainHead, nextRecord, type Sha256, type StoredRecord } from '../core/audit/chain.ts';
import type { AuditEvent } from '../core/audit/record.ts';
import { storableEvent } from '../core/audit/storable-event.ts';
import { AppError } from '../core/errors.ts';
import type { ClockPort, LedgerPort } from '../pipeline/ports.ts';
import { checkApprovalIsLive } from './approval-journal.ts';
import { readBootId } from './boot-id.ts';
import { type AnchorMac, anchorPath, openAnchorWriter, readAnchor } from './head-anchor.ts';
import { checkSideFile, ensurePrivateFile } from './private-file.ts';
import {
  type AuditPage,
  type AuditQuery,
  type CallPage,
  type CallQuery,
  countRecords,
  type LedgerCounts,
  queryCalls,
  queryRecords,
} from './queries.ts';
import { loseEnds } from './recover.ts';
import { migrate } from './schema.ts';
import { type LedgerVerdict, verifyDatabase } from './verify-ledger.ts';
import { takeWriterLock } from './writer-lock.ts';

export type LedgerOptions = {
  /** The database file; its folder is made with mode 0700 where missing. */
  readonly path: string;
  readonly clock: Pick<ClockPort, 'nowMs'>;
  readonly sha256: Sha256;
  /** Seals the anchor with a key kept elsewhere (AU-05). Use it always or never for one ledger. */
  readonly mac?: AnchorMac | undefined;
  /** Replaced in tests only. */
  readonly bootId?: string | undefined;
};

export type Ledger = LedgerPort & {
  query(query: AuditQuery): AuditPage;
  /** One row per call, newest first. */
  calls(query: CallQuery): CallPage;
  counts(): LedgerCounts;
  verify(): LedgerVerdict;
  /** Records that were added on opening, because the run before ended in the middle. */
  readonly recovered: readonly AuditEvent[];
  close(): void;
};

/** So that opening a log of years takes well under a second; `verify()` walks all of it. */
const VERIFIED_ON_OPENING = 20_000;

/** Throws 'ledger.unavailable', or 'ledger.broken' when the chain and its anchor do not hold; the file stays as it is. */
export function openLedger(options: LedgerOptions): Ledger {
  const lock = takeWriterLock(options.path);
  let database: DatabaseSyncInstance | undefined;
  try {
    database = openDatabase(options.path);
    const head = verifiedHead(database, options);
    return startLedger(database, head, options, lock.release);
  } catch (cause) {
    database?.close();
    lock.release();
    throw asLedgerError(cause);
  }
}

function openDatabase(path: string): DatabaseSyncInstance {
  ensurePrivateFile(path);
  ensurePrivateFile(anchorPath(path));
  checkSideFile(`${path}-wal`);
  checkSideFile(`${path}-shm`);
  const database = new DatabaseSync(path, { timeout: 2000, defensive: true });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF');
  // In pages of 4 KiB: four times the usual, so that few appends pay for moving the log into the file.
  database.exec('PRAGMA wal_autocheckpoint = 4000');
  migrate(database);
  return database;
}

function verifiedHead(database: DatabaseSyncInstance, options: LedgerOptions): ChainHead {
  const { sha256, mac } = options;
  const anchor = readAnchor(options.path, sha256, mac);
  const bootId = options.bootId ?? readBootId();
  const verdict = verifyDatabase(database, { anchor, sha256, bootId, newest: VERIFIED_ON_OPENING });
  if (!verdict.ok) throw new AppError('ledger.broken', `broken at record ${verdict.brokenAt}: ${verdict.reason}`);
  // A log with records always has its anchor: it is written before the first record.
  if (anchor === 'absent' && verdict.records > 0) throw new AppError('ledger.broken', 'the anchor of the log is gone');
  return { sequence: verdict.records, hash: verdict.head };
}

function startLedger(
  database: DatabaseSyncInstance,
  verifiedAt: ChainHead,
  options: LedgerOptions,
  releaseLock: () => void,
): Ledger {
  const { clock, sha256 } = options;
  const bootId = options.bootId ?? readBootId();
  const anchor = openAnchorWriter(options.path, sha256, options.mac);
  const insert = database.prepare(
    'INSERT INTO audit (sequence, at, event, previous_hash, hash) VALUES (?, ?, ?, ?, ?)',
  );
  const moveHead = database.prepare('UPDATE head SET sequence = ?, hash = ? WHERE only = 1');
  let head = verifiedAt;
  let durable = verifiedAt;
  let failure: AppError | undefined;

  const write = (events: readonly AuditEvent[], durably: boolean): void => {
    if (failure !== undefined) throw failure;
    if (events.length === 0) return;
    try {
      const at = new Date(clock.nowMs()).toISOString();
      let end = head;
      const written = events.map((event) => {
        const record = nextRecord(end, at, storableEvent(event), sha256);
        end = record;
        return { event, record };
      });
      database.exec(durably ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL');
      commit(database, written, end);
      head = { sequence: end.sequence, hash: end.hash };
      if (durably) durable = head;
      anchor.write({ bootId, durable, latest: head });
    } catch (cause) {
      const error = asLedgerError(cause);
      // After a failed write to disk nobody knows what is on it (AU-10): only opening anew, which verifies, helps.
      if (isDiskFailure(cause)) failure = error;
      throw error;
    }
  };

  function commit(
    db: DatabaseSyncInstance,
    written: readonly { readonly event: AuditEvent; readonly record: StoredRecord }[],
    end: ChainHead,
  ): void {
    db.exec('BEGIN IMMEDIATE');
    try {
      for (const { event, record } of written) {
        checkApprovalIsLive(db, event);
        insert.run(record.sequence, record.at, record.eventText, record.previousHash, record.hash);
      }
      moveHead.run(end.sequence, end.hash);
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  anchor.write({ bootId, durable, latest: head });
  anchor.sync();
  const recovered = loseEnds(database);
  write(recovered, true);
  database.exec('UPDATE head SET settled = sequence');
  let closed = false;

  return {
    recovered,
    append: (...events) => write(events, false),
    appendDurably: (...events) => write(events, true),
    query: (query) => queryRecords(database, query),
    calls: (query) => queryCalls(database, query),
    counts: () => countRecords(database),
    verify: () => verifyDatabase(database, { anchor: readAnchor(options.path, sha256, options.mac), sha256, bootId }),
    close() {
      if (closed) return;
      closed = true;
      try {
        database.exec('PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)');
        if (failure === undefined) anchor.write({ bootId, durable: head, latest: head });
        anchor.sync();
      } finally {
        failure = new AppError('ledger.unavailable', 'the ledger is closed');
        anchor.close();
        database.close();
        releaseLock();
      }
    },
  };
}

const SQLITE_CONSTRAINT = 19;
const SQLITE_FULL = 13;

/** Neither a refused record nor a full disk: after those the file is as it was and may be written again. */
function isDiskFailure(cause: unknown): boolean {
  if (cause instanceof AppError || cause instanceof RangeError) return false;
  const code = (cause as { sqliteCode?: number }).sqliteCode;
  return code === undefined || ((code & 0xff) !== SQLITE_CONSTRAINT && (code & 0xff) !== SQLITE_FULL);
}

function asLedgerError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const { sqliteCode, message } = cause as { sqliteCode?: number; message?: string };
  if (((sqliteCode ?? 0) & 0xff) === SQLITE_CONSTRAINT)
    return new AppError('ledger.unavailable', 'this approval or call is on record already', { cause });
  return new AppError('ledger.unavailable', `the ledger cannot be written: ${message ?? 'unknown failure'}`, { cause });
}
