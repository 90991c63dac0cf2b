/**
 * The audit log and approval journal. Append-only, chained, one writer; what is not in the file did not happen and
 * what cannot be written may not happen: every failure to write throws 'ledger.unavailable' (AU-07).
 *
 * INVARIANT: a log that does not verify is not opened, and nothing of it is changed.
 */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import type { ChainHead, Sha256 } from '../core/audit/chain.ts';
import type { AuditEvent } from '../core/audit/record.ts';
import { AppError } from '../core/errors.ts';
import type { ClockPort, LedgerPort } from '../pipeline/ports.ts';
import { readBootId } from './boot-id.ts';
import { type AnchorMac, anchorPath, openAnchorWriter, readAnchor } from './head-anchor.ts';
import { asLedgerError, isConstraintFailure } from './ledger-errors.ts';
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
import { createRecordWriter } from './record-writer.ts';
import { loseEnds } from './recover.ts';
import { migrate } from './schema.ts';
import { type LedgerVerdict, verifyDatabase } from './verify-ledger.ts';
import {
  keepShownRecords,
  openWaitingRecords,
  readWaitingRecords,
  waitingPath,
  withWaitingShown,
} from './waiting-records.ts';
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
  ensurePrivateFile(waitingPath(path));
  checkSideFile(`${path}-wal`);
  checkSideFile(`${path}-shm`);
  const database = new DatabaseSync(path, { timeout: 2000, defensive: true });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF');
  database.exec('PRAGMA temp_store = MEMORY'); // what waits can be shown on a full disk too
  // In pages of 4 KiB: four times the usual, so that few appends pay for moving the log into the file.
  database.exec('PRAGMA wal_autocheckpoint = 4000');
  migrate(database);
  return database;
}

function verifiedHead(database: DatabaseSyncInstance, options: LedgerOptions): ChainHead {
  const { sha256, mac } = options;
  const anchor = readAnchor(options.path, sha256, mac);
  const bootId = options.bootId ?? readBootId();
  const waiting = readWaitingRecords(options.path);
  const verdict = verifyDatabase(database, { anchor, sha256, bootId, newest: VERIFIED_ON_OPENING, waiting });
  if (!verdict.ok) throw new AppError('ledger.broken', `broken at record ${verdict.brokenAt}: ${verdict.reason}`);
  // A log with records always has its anchor: it is written before the first record.
  if (anchor === 'absent' && verdict.records > 0) throw new AppError('ledger.broken', 'the anchor of the log is gone');
  try {
    keepShownRecords(database);
  } catch (cause) {
    if (isConstraintFailure(cause)) throw new AppError('ledger.broken', 'a waiting record repeats one', { cause });
    throw cause;
  }
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
  const waiting = openWaitingRecords(options.path);
  const writer = createRecordWriter({ database, waiting, anchor, verifiedAt, bootId, clock, sha256 });
  let closed = false;
  let recovered: readonly AuditEvent[];
  try {
    // On disk first: a run that was killed may only have committed what the anchor now calls durable.
    database.exec('UPDATE head SET settled = settled');
    anchor.write({ bootId, durable: verifiedAt, latest: verifiedAt });
    anchor.sync();
    recovered = loseEnds(database);
    writer.write(recovered, true);
    database.exec('UPDATE head SET settled = sequence');
  } catch (cause) {
    anchor.close();
    throw cause;
  }

  /** Reads go on where nothing can be written: what waits is then shown as to any other reader. */
  const settled = <Result>(read: () => Result): Result => {
    if (closed || writer.settle()) return read();
    return withWaitingShown(database, waiting.records, read);
  };
  return {
    recovered,
    append: (...events) => writer.write(events, false),
    appendDurably: (...events) => writer.write(events, true),
    query: (query) => settled(() => queryRecords(database, query)),
    calls: (query) => settled(() => queryCalls(database, query)),
    counts: () => settled(() => countRecords(database)),
    verify() {
      const anchor = readAnchor(options.path, sha256, options.mac);
      return settled(() => verifyDatabase(database, { anchor, sha256, bootId }));
    },
    close() {
      if (closed) return;
      closed = true;
      try {
        writer.finish(new AppError('ledger.unavailable', 'the ledger is closed'));
        anchor.sync();
      } finally {
        waiting.close();
        anchor.close();
        database.close();
        releaseLock();
      }
    },
  };
}
