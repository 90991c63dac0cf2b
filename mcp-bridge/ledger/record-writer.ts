/**
 * Puts records at the end of the chain, by one of two ways. What must outlive a loss of power, and what consumes an
 * approval, is a transaction of the database at once. Other records of calls and approvals, which are nearly all of
 * them, wait in a file beside it and go into it together.
 *
 * INVARIANT: the chain's head moves only after a record is in one of the two; every failure to put it there throws.
 */
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { type ChainHead, nextRecord, type Sha256 } from '../core/audit/chain.ts';
import type { AuditEvent } from '../core/audit/record.ts';
import { storableEvent } from '../core/audit/storable-event.ts';
import type { AppError } from '../core/errors.ts';
import type { ClockPort } from '../pipeline/ports.ts';
import { createBegunCalls, ENDED_KNOWN } from './begun-calls.ts';
import type { Anchor, AnchorWriter } from './head-anchor.ts';
import { asLedgerError, isDiskFailure } from './ledger-errors.ts';
import { newestCallIds } from './queries.ts';
import { type NewRecord, openRecordStore } from './record-store.ts';
import type { WaitingRecords } from './waiting-records.ts';

export type RecordWriter = {
  write(events: readonly AuditEvent[], durably: boolean): void;
  /** Puts what waits into the database, for whoever reads that. False: it waits on, as it cannot be written. */
  settle(): boolean;
  /** Everything on disk and the anchor at its end; from then on every write throws `afterwards`. */
  finish(afterwards: AppError): void;
};

export type RecordWriterParts = {
  readonly database: DatabaseSyncInstance;
  readonly waiting: WaitingRecords;
  readonly anchor: AnchorWriter;
  readonly verifiedAt: ChainHead;
  readonly bootId: string;
  readonly clock: Pick<ClockPort, 'nowMs'>;
  readonly sha256: Sha256;
};

/** How many records wait at the most: putting so many into the database holds a call up by about a millisecond. */
const MOST_WAITING = 96;
const MOST_WAITING_BYTES = 4 * 1024 * 1024;
const LONGEST_WAIT_MS = 200;
/** How far the anchor may lag behind what waits. With what goes into the database it moves at once. */
const ANCHOR_LAG_MS = 20;

export function createRecordWriter(parts: RecordWriterParts): RecordWriter {
  const { database, waiting, anchor, bootId, clock, sha256 } = parts;
  const store = openRecordStore(database);
  const begunCalls = createBegunCalls(newestCallIds(database, ENDED_KNOWN));
  let head = parts.verifiedAt;
  let durable = head;
  let failure: AppError | undefined;
  let settleTimer: NodeJS.Timeout | undefined;
  let anchorTimer: NodeJS.Timeout | undefined;

  /** After a failed write to disk nobody knows what is on it (AU-10): only opening anew, which verifies, helps. */
  const guarded = (act: () => void): void => {
    if (failure !== undefined) throw failure;
    try {
      act();
    } catch (cause) {
      const error = asLedgerError(cause);
      if (isDiskFailure(cause)) failure = error;
      throw error;
    }
  };
  /** What a timer can tell nobody, the next write does; nothing is lost by trying later. */
  const inBackground = (act: () => void): void => {
    try {
      guarded(act);
    } catch {
      if (failure === undefined) settleTimer ??= setTimeout(settleLater, LONGEST_WAIT_MS).unref();
    }
  };
  const settleLater = (): void => {
    settleTimer = undefined;
    inBackground(() => commit([], false));
  };
  const moveAnchor = (): void => {
    clearTimeout(anchorTimer);
    anchorTimer = undefined;
    const moved: Anchor = { bootId, durable, latest: head };
    anchor.write(moved);
  };

  const commit = (added: readonly NewRecord[], durably: boolean): void => {
    const settledAt = begunCalls.allEnded() ? head.sequence : undefined;
    store.commit(waiting.records, added, { durably, settledAt });
    clearTimeout(settleTimer);
    settleTimer = undefined;
    waiting.clear();
  };
  const wait = (added: readonly NewRecord[]): void => {
    waiting.add(added.map(({ record }) => record));
    settleTimer ??= setTimeout(settleLater, LONGEST_WAIT_MS).unref();
    anchorTimer ??= setTimeout(() => inBackground(moveAnchor), ANCHOR_LAG_MS).unref();
  };

  return {
    write(events, durably) {
      if (events.length === 0) return;
      guarded(() => {
        const at = new Date(clock.nowMs()).toISOString();
        let end = head;
        const added = events.map((event): NewRecord => {
          const record = nextRecord(end, at, storableEvent(event), sha256);
          end = record;
          return { event, record };
        });
        const isRoom = waiting.records.length < MOST_WAITING && waiting.bytes < MOST_WAITING_BYTES;
        const mayWait = !durably && isRoom && begunCalls.areNext(events);
        if (mayWait) wait(added);
        else commit(added, durably);
        begunCalls.take(events);
        head = { sequence: end.sequence, hash: end.hash };
        if (durably) durable = head;
        if (!mayWait) moveAnchor();
      });
    },
    settle() {
      if (waiting.records.length === 0) return true;
      try {
        guarded(() => commit([], false));
        return true;
      } catch {
        return false;
      }
    },
    finish(afterwards) {
      try {
        if (failure !== undefined) return;
        guarded(() => {
          commit([], true);
          database.exec('PRAGMA synchronous = FULL');
          const checkpoint = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
          // A reader may hold it up; then what was only committed may not be on disk.
          if (checkpoint.busy === 0) durable = head;
          moveAnchor();
        });
      } finally {
        failure = afterwards;
        clearTimeout(settleTimer);
        clearTimeout(anchorTimer);
      }
    },
  };
}
