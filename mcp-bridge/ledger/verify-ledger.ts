/**
 * Is the log what was written? Walks the chain, then holds its end against the head row inside and the anchor outside.
 * Changes nothing; works beside a running writer, on the remains of a killed one and on a copy.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import {
  type ChainHead,
  type ChainVerdict,
  EMPTY_CHAIN,
  type Sha256,
  type StoredRecord,
  verifyChain,
} from '../core/audit/chain.ts';
import { AppError } from '../core/errors.ts';
import { readBootId } from './boot-id.ts';
import { type Anchor, type AnchorMac, anchorPath, readAnchor } from './head-anchor.ts';
import { storedRecords } from './queries.ts';
import { readWaitingRecords, showWaitingRecords } from './waiting-records.ts';

/** `records` counts those that hold and `head` is the hash of the last of them; `brokenAt` is a sequence number. */
export type LedgerVerdict = {
  readonly ok: boolean;
  readonly records: number;
  readonly head: string;
  readonly anchor: 'holds' | 'absent' | 'broken';
  readonly brokenAt?: number | undefined;
  readonly reason?: string | undefined;
};

export type VerifyOptions = { readonly sha256: Sha256; readonly mac?: AnchorMac | undefined };

/** Throws 'ledger.unavailable' when there is no such file; everything else is a verdict. */
export function verifyLedger(path: string, options: VerifyOptions): LedgerVerdict {
  // Read before the database: a writer moves the anchor after each commit, so it can only be behind.
  const anchor = readAnchor(path, options.sha256, options.mac);
  try {
    return withReadOnlyDatabase(path, (database) =>
      verifyDatabase(database, { anchor, sha256: options.sha256, bootId: readBootId() }),
    );
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'ledger.broken') throw error;
    const anchorState = typeof anchor === 'object' ? 'holds' : anchor === 'absent' ? 'absent' : 'broken';
    const nothing = { records: 0, head: EMPTY_CHAIN.hash, anchor: anchorState } as const;
    return { ok: false, ...nothing, brokenAt: 1, reason: error.message };
  }
}

type VerifyContext = {
  readonly anchor: Anchor | 'absent' | 'invalid';
  readonly sha256: Sha256;
  readonly bootId: string;
  /** What waits beside the database, where that is not shown yet. */
  readonly waiting?: readonly StoredRecord[] | undefined;
  /** Walks only that many of the newest records and takes the older ones as they are. */
  readonly newest?: number | undefined;
};

export function verifyDatabase(database: DatabaseSyncInstance, context: VerifyContext): LedgerVerdict {
  const { anchor } = context;
  const marks = typeof anchor === 'object' ? bindingHeads(anchor, context.bootId) : [];
  let chain = walk(database, context, marks);
  const missing = chain.ok ? marks.find((mark) => mark.sequence > chain.head.sequence) : undefined;
  if (missing !== undefined)
    chain = broken(chain.head, `records ${chain.head.sequence + 1} to ${missing.sequence} are missing at the end`);
  if (chain.ok && anchor === 'invalid') chain = broken(chain.head, 'the anchor of the log is damaged or not ours');
  const common = { records: chain.head.sequence, head: chain.head.hash };
  if (chain.ok) return { ok: true, ...common, anchor: anchor === 'absent' ? 'absent' : 'holds' };
  const anchorState = anchor === 'absent' ? 'absent' : anchor === 'invalid' || missing ? 'broken' : 'holds';
  return { ok: false, ...common, anchor: anchorState, brokenAt: chain.brokenAt, reason: chain.reason };
}

/** Records that must be there: those on disk for certain, and all of them when no power was lost since. */
function bindingHeads(anchor: Anchor, bootId: string): readonly ChainHead[] {
  return bootId !== '' && anchor.bootId === bootId ? [anchor.durable, anchor.latest] : [anchor.durable];
}

function walk(database: DatabaseSyncInstance, context: VerifyContext, marks: readonly ChainHead[]): ChainVerdict {
  let last = EMPTY_CHAIN;
  try {
    if (context.waiting !== undefined) showWaitingRecords(database, context.waiting);
    last = startOf(database, context.newest);
    for (const mark of [...marks, undefined]) {
      if (mark !== undefined && mark.sequence <= last.sequence) continue;
      const verdict = verifyChain(storedRecords(database, last.sequence, mark?.sequence), context.sha256, last);
      last = verdict.head;
      if (!verdict.ok) return verdict;
      if (mark !== undefined && mark.sequence === last.sequence && mark.hash !== last.hash)
        return broken({ sequence: last.sequence - 1, hash: last.hash }, 'the chain was made anew');
    }
    if (headRowHolds(database)) return { ok: true, head: last };
    return broken(last, 'the last records are missing or not what was written');
  } catch {
    return broken(last, 'the database file is damaged');
  }
}

/** The head row is of the database itself; what waits beside it comes after both. */
function headRowHolds(database: DatabaseSyncInstance): boolean {
  const row = database.prepare('SELECT sequence, hash FROM head').get() as ChainHead | undefined;
  const last = database.prepare('SELECT sequence, hash FROM main.audit ORDER BY sequence DESC LIMIT 1').get();
  const { sequence, hash } = (last as ChainHead | undefined) ?? EMPTY_CHAIN;
  return row?.sequence === sequence && row.hash === hash;
}

function startOf(database: DatabaseSyncInstance, newest: number | undefined): ChainHead {
  if (newest === undefined) return EMPTY_CHAIN;
  const row = database
    .prepare(
      'SELECT sequence, hash FROM audit WHERE sequence <= (SELECT sequence FROM head) - ? ORDER BY sequence DESC LIMIT 1',
    )
    .get(newest) as ChainHead | undefined;
  return row ?? EMPTY_CHAIN;
}

function broken(head: ChainHead, reason: string): ChainVerdict {
  return { ok: false, head, brokenAt: head.sequence + 1, reason };
}

/**
 * Runs `use` on the database as it is. Without a WAL nobody writes it, and it is opened so that nothing is made beside
 * it; where there is one and its folder cannot be written to, a copy in a private folder is read.
 */
export function withReadOnlyDatabase<Result>(
  path: string,
  use: (database: DatabaseSyncInstance) => Result,
  isLastTry = false,
): Result {
  // A writer makes the file, then the tables, then the anchor, and only then records.
  if (!hasAnchor(path) && isWithoutTables(path))
    throw new AppError('ledger.unavailable', 'the ledger at this path has not begun');
  if (!existsSync(path)) throw new AppError('ledger.unavailable', 'there is no ledger at this path');
  // Read before the database: a writer takes them out of their file only once they are in it.
  const waiting = readWaitingRecords(path);
  let folder: string | undefined;
  let database: DatabaseSyncInstance | undefined;
  try {
    database = existsSync(`${path}-wal`) ? openReadOnly(path) : openReadOnly(immutable(path));
    if (database === undefined) {
      folder = mkdtempSync(join(tmpdir(), 'countersign-audit-'));
      for (const suffix of ['', '-wal']) {
        if (existsSync(path + suffix)) copyFileSync(path + suffix, join(folder, `ledger${suffix}`));
      }
      database = openReadOnly(join(folder, 'ledger'));
    }
    if (database === undefined) {
      if (isLastTry) throw new AppError('ledger.broken', 'the file is not a readable ledger');
      // A writer that begins or ends may have changed the files between one look and the next.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
      return withReadOnlyDatabase(path, use, true);
    }
    database.exec('BEGIN'); // one moment of the log, however much a writer adds or moves meanwhile
    showWaiting(database, waiting);
    return use(database);
  } finally {
    if (database?.isTransaction) database.exec('ROLLBACK'); // closing alone would leave it open while a statement lives
    database?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

const PAUSE_MS = 100;

function hasAnchor(path: string): boolean {
  return (statSync(anchorPath(path), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function isWithoutTables(path: string): boolean {
  if (!existsSync(path)) return false;
  let database: DatabaseSyncInstance | undefined;
  try {
    database = new DatabaseSync(existsSync(`${path}-wal`) ? path : immutable(path), { readOnly: true, timeout: 2000 });
    return database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  } catch {
    return false;
  } finally {
    database?.close();
  }
}

function showWaiting(database: DatabaseSyncInstance, waiting: readonly StoredRecord[]): void {
  if (waiting.length === 0) return;
  try {
    showWaitingRecords(database, waiting);
  } catch (cause) {
    throw new AppError('ledger.broken', 'the database file is damaged', { cause });
  }
}

/** @see https://sqlite.org/uri.html */
function immutable(path: string): URL {
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return url;
}

function openReadOnly(path: string | URL): DatabaseSyncInstance | undefined {
  let database: DatabaseSyncInstance | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 2000, defensive: true });
    database.exec('PRAGMA temp_store = MEMORY'); // what waits is shown on a full disk too
    database.prepare('SELECT sequence FROM head').get();
    return database;
  } catch {
    database?.close();
    return undefined;
  }
}
