/** What the dashboard and the command line read from the log. Newest first, by cursor; never a whole table at once. */
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { StoredRecord } from '../core/audit/chain.ts';
import type { AuditEvent, AuditRecord, CallAuthorization, CallEvent, CallOutcome } from '../core/audit/record.ts';
import { RARE_KIND } from './schema.ts';

export type AuditQuery = {
  /** 1 to 1000. */
  readonly limit: number;
  /** Only records with a lower sequence: the `next` of the page before. */
  readonly before?: number | undefined;
  readonly kind?: AuditEvent['kind'] | undefined;
  readonly mcpClientId?: string | undefined;
  readonly serverId?: string | undefined;
  readonly outcome?: CallOutcome | undefined;
};
/** `next` is the cursor of the following page; undefined at the end. */
export type AuditPage = { readonly records: readonly AuditRecord[]; readonly next?: number | undefined };

export type CallQuery = Omit<AuditQuery, 'kind'>;
export type CallPage = { readonly calls: readonly CallRow[]; readonly next?: number | undefined };

type CallDecided = Extract<CallEvent, { kind: 'call.decided' }>;
/** A call from decision to end. Without `outcome` it is still on its way. */
export type CallRow = Omit<CallDecided, 'kind'> & {
  readonly sequence: number;
  readonly decidedAt: string;
  readonly authorizedBy?: CallAuthorization | undefined;
  readonly sentAt?: string | undefined;
  readonly outcome?: CallOutcome | undefined;
  readonly detail?: string | undefined;
  readonly durationMs?: number | undefined;
  readonly endedAt?: string | undefined;
};

export type LedgerCounts = {
  readonly records: number;
  readonly calls: number;
  /** Records that are not of calls. */
  readonly byKind: { readonly [kind: string]: number };
  readonly byOutcome: { readonly [outcome: string]: number };
};

type Row = { sequence: number; at: string; event: string; previous_hash: string; hash: string };
const COLUMNS = 'sequence, at, event, previous_hash, hash';

/** Every record after `after` up to `last`, in order, without holding them all in memory. */
export function* storedRecords(database: DatabaseSyncInstance, after = 0, last?: number): Generator<StoredRecord> {
  const statement = database.prepare(
    `SELECT ${COLUMNS} FROM audit WHERE sequence > ? AND sequence <= ? ORDER BY sequence`,
  );
  for (const row of statement.iterate(after, last ?? Number.MAX_SAFE_INTEGER) as Iterable<Row>) {
    const { sequence, at, event, previous_hash: previousHash, hash } = row;
    yield { sequence, at, eventText: event, previousHash, hash };
  }
}

export function queryRecords(database: DatabaseSyncInstance, query: AuditQuery): AuditPage {
  const { where, values } = conditions(query);
  const limit = pageLimit(query);
  const rows = database
    .prepare(`SELECT ${COLUMNS} FROM audit ${where} ORDER BY sequence DESC LIMIT ?`)
    .all(...values, limit + 1) as Row[];
  return { records: rows.slice(0, limit).map(auditRecord), next: cursor(rows, limit) };
}

/** Newest decision first; with an outcome, newest outcome first. */
export function queryCalls(database: DatabaseSyncInstance, query: CallQuery): CallPage {
  const limit = pageLimit(query);
  const { where, values } = conditions({ ...query, kind: query.outcome === undefined ? 'call.decided' : undefined });
  const found = database
    .prepare(`SELECT sequence, call_id AS callId FROM audit ${where} ORDER BY sequence DESC LIMIT ?`)
    .all(...values, limit + 1) as { sequence: number; callId: string }[];
  const records = database.prepare('SELECT sequence, at, event FROM audit WHERE call_id = ? ORDER BY sequence');
  const calls = found.slice(0, limit).flatMap(({ callId }) => callRow(records.all(callId) as Row[]) ?? []);
  return { calls, next: cursor(found, limit) };
}

function callRow(rows: readonly Row[]): CallRow | undefined {
  let call: CallRow | undefined;
  for (const { sequence, at, event: text } of rows) {
    const event = JSON.parse(text) as CallEvent;
    if (event.kind === 'call.decided') {
      const { kind: _kind, ...decided } = event;
      call = { ...decided, sequence, decidedAt: at };
    } else if (call !== undefined && event.kind === 'call.intent') {
      call = { ...call, authorizedBy: event.authorizedBy, sentAt: at };
    } else if (call !== undefined && event.kind === 'call.outcome') {
      const { outcome, detail, durationMs } = event;
      call = { ...call, outcome, detail, durationMs, endedAt: at };
    }
  }
  return call;
}

export function countRecords(database: DatabaseSyncInstance): LedgerCounts {
  const count = (where: string) =>
    database.prepare(`SELECT count(*) AS count FROM audit ${where}`).get() as { count: number };
  const tally = (column: 'kind' | 'outcome', where: string) => {
    const rows = database
      .prepare(`SELECT ${column} AS name, count(*) AS count FROM audit WHERE ${where} GROUP BY ${column}`)
      .all() as { name: string; count: number }[];
    return Object.fromEntries(rows.map(({ name, count: number }) => [name, number]));
  };
  return {
    records: count('').count,
    calls: count(`WHERE kind = 'call.decided'`).count,
    byKind: tally('kind', RARE_KIND),
    byOutcome: tally('outcome', 'outcome IS NOT NULL'),
  };
}

/** The words of a partial index must stand in the query for it to be used; `sequence > 0` holds always. */
function conditions(query: Omit<AuditQuery, 'limit'>): {
  readonly where: string;
  readonly values: (string | number)[];
} {
  const { kind } = query;
  const ofKind =
    kind === undefined
      ? []
      : kind === 'call.decided'
        ? [`kind = 'call.decided'`]
        : kind.startsWith('call.')
          ? ['kind = ?']
          : ['kind = ?', RARE_KIND];
  const terms: readonly (readonly [string, string | number | undefined])[] = [
    ['sequence < ?', query.before],
    ['mcp_client_id = ?', query.mcpClientId],
    ['server_id = ?', query.serverId],
    ['outcome = ?', query.outcome],
  ];
  const given = terms.flatMap(([term, value]) => (value === undefined ? [] : [[term, value] as const]));
  return {
    where: `WHERE ${['sequence > 0', ...ofKind, ...given.map(([term]) => term)].join(' AND ')}`,
    values: [...(ofKind.includes('kind = ?') && kind !== undefined ? [kind] : []), ...given.map(([, value]) => value)],
  };
}

function pageLimit({ limit }: { readonly limit: number }): number {
  return Number.isInteger(limit) ? Math.min(Math.max(limit, 1), 1000) : 100;
}

function cursor(rows: readonly { readonly sequence: number }[], limit: number): number | undefined {
  return rows.length > limit ? rows[limit - 1]?.sequence : undefined;
}

function auditRecord({ sequence, at, event, previous_hash: previousHash, hash }: Row): AuditRecord {
  return { sequence, at, event: JSON.parse(event) as AuditEvent, previousHash, hash };
}
