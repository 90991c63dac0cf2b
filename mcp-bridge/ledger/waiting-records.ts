/**
 * Records that are accepted and not in the database yet: a line each in a file beside it, so that taking one in costs
 * one write to the system in place of a transaction. They move into the database many at a time.
 *
 * They are in the file when `add` returns and so outlive the process, not a loss of power: what must outlive that too
 * goes into the database at once. A line that was not written whole was never accepted. The file goes when its lines have
 * moved, so that a reader who has it open reads either the old lines or the new ones.
 */
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { type ChainHead, EMPTY_CHAIN, type StoredRecord } from '../core/audit/chain.ts';
import { AppError } from '../core/errors.ts';
import { ensurePrivateFile } from './private-file.ts';
import { AUDIT_COLUMNS } from './schema.ts';

export type WaitingRecords = {
  readonly records: readonly StoredRecord[];
  /** Of their file. */
  readonly bytes: number;
  /** All or none; throws the system's error. */
  add(added: readonly StoredRecord[]): void;
  /** They are in the database now. */
  clear(): void;
  close(): void;
};

export function waitingPath(ledgerPath: string): string {
  return `${ledgerPath}.tail`;
}

/** Begins without a file: what a run before left there is in the database by then. */
export function openWaitingRecords(ledgerPath: string): WaitingRecords {
  const path = waitingPath(ledgerPath);
  let records: StoredRecord[] = [];
  let bytes = 0;
  let descriptor: number | undefined;
  const make = (): number => {
    ensurePrivateFile(path);
    bytes = 0;
    // What is still there could not be removed when it had moved.
    return openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_TRUNC | NOT_A_LINK);
  };
  const close = (): void => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  rmSync(path, { force: true });
  return {
    get records() {
      return records;
    },
    get bytes() {
      return bytes;
    },
    add(added) {
      descriptor ??= make();
      const lines = added.map(lineOf).join('');
      const length = Buffer.byteLength(lines);
      let written = 0;
      try {
        written = writeSync(descriptor, lines);
      } finally {
        // A line that nobody was told of must not be there when the next one comes.
        if (written !== length) ftruncateSync(descriptor, bytes);
      }
      if (written !== length) throw new AppError('ledger.unavailable', 'a record was not written whole');
      bytes += length;
      records.push(...added);
    },
    clear() {
      if (records.length === 0) return;
      records = [];
      bytes = 0;
      close();
      try {
        rmSync(path, { force: true });
      } catch {
        // They are in the database, which every reader knows; the file is emptied before the next one.
      }
    },
    close,
  };
}

const NOT_A_LINK = constants.O_NOFOLLOW ?? 0;

/** Canonical JSON has no raw tab or line break, so neither needs an escape. */
function lineOf({ sequence, at, previousHash, hash, eventText }: StoredRecord): string {
  return `${sequence}\t${at}\t${previousHash}\t${hash}\t${eventText}\n`;
}

/** What waits beside that ledger, whoever writes it, up to the first line that is no record. */
export function readWaitingRecords(ledgerPath: string): readonly StoredRecord[] {
  const text = readPlainFile(waitingPath(ledgerPath));
  const records: StoredRecord[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const [, sequence, at, previousHash, hash, eventText] = line.match(linePattern) ?? [];
    if (!sequence || !at || !previousHash || !hash || !eventText) break;
    records.push({ sequence: Number(sequence), at, previousHash, hash, eventText });
  }
  return records;
}

// With `s`: canonical JSON holds U+2028 and U+2029 as they are, and to a pattern those end a line.
const linePattern = /^(\d{1,15})\t([^\t]+)\t([0-9a-f]{64})\t([0-9a-f]{64})\t(\{.*\})$/s;

/** SECURITY(LO-13): a link is not followed, and nothing is waited for that a pipe might give. Empty without a file. */
function readPlainFile(path: string): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | NOT_A_LINK | (constants.O_NONBLOCK ?? 0));
    if (!fstatSync(descriptor).isFile()) throw new Error('not a plain file');
    return readFileSync(descriptor, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new AppError('ledger.unavailable', 'the waiting records of the ledger cannot be read', { cause });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * Lets every query on `audit` see them too, for this connection alone: those that go on where the database ends. The
 * others it holds already, or the power was lost and took what was between; whether more is missing than that, the
 * anchor tells.
 */
export function showWaitingRecords(database: DatabaseSyncInstance, records: readonly StoredRecord[]): void {
  const last = database.prepare('SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1').get();
  const { sequence: held, hash } = (last as ChainHead | undefined) ?? EMPTY_CHAIN;
  const first = records.findIndex((record) => record.sequence === held + 1 && record.previousHash === hash);
  if (first === -1) return;
  database.exec(`CREATE TEMP TABLE waiting (${AUDIT_COLUMNS}) STRICT`);
  const insert = database.prepare(
    'INSERT OR IGNORE INTO waiting (sequence, at, event, previous_hash, hash) VALUES (?, ?, ?, ?, ?)',
  );
  for (const record of records.slice(first))
    insert.run(record.sequence, record.at, record.eventText, record.previousHash, record.hash);
  database.exec('CREATE TEMP VIEW audit AS SELECT * FROM main.audit UNION ALL SELECT * FROM temp.waiting');
}

/** Shows them for the time of one `read` on the writer's own connection. */
export function withWaitingShown<Result>(
  database: DatabaseSyncInstance,
  records: readonly StoredRecord[],
  read: () => Result,
): Result {
  database.exec('BEGIN');
  try {
    showWaitingRecords(database, records);
    return read();
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}

/** Puts those that are shown into the database itself; the caller has verified them, and moves the head. */
export function keepShownRecords(database: DatabaseSyncInstance): void {
  if (database.prepare("SELECT 1 FROM temp.sqlite_schema WHERE name = 'waiting'").get() === undefined) return;
  const columns = 'sequence, at, event, previous_hash, hash';
  database.exec(`
    BEGIN IMMEDIATE;
    INSERT INTO main.audit (${columns}) SELECT ${columns} FROM temp.waiting ORDER BY sequence;
    UPDATE main.head SET (sequence, hash) = (SELECT sequence, hash FROM main.audit ORDER BY sequence DESC LIMIT 1);
    COMMIT;
    DROP VIEW temp.audit; DROP TABLE temp.waiting;`);
}
