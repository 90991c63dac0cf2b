/** What the dashboard and the command line read from the log. Newest first, by cursor; never a whole table at once. */
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { StoredRecord } from '../core/audit/chain.ts';
import type { AuditEvent, AuditRecord, CallAuthorization, CallEvent, CallOutcome } from '../core/audit/record.ts';

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

export function queryCalls(database: DatabaseSyncInstance, query: CallQuery): CallPage {
  const { outcome, ...rest } = query;
  const { where, values } = conditions({ ...rest, kind: 'call.decided' });
  const ofOutcome = outcome === undefined ? '' : 'AND call_id IN (SELECT call_id FROM audit WHERE outcome = ?)';
  const limit = pageLimit(query);
  const rows = database
    .prepare(`SELECT ${COLUMNS} FROM audit ${where} ${ofOutcome} ORDER BY sequence DESC LIMIT ?`)
    .all(...values, ...(outcome === undefined ? [] : [outcome]), limit + 1) as Row[];
  const later = database.prepare(
    `SELECT at, event FROM audit WHERE call_id = ? AND kind IN ('call.intent', 'call.outcome') ORDER BY sequence`,
  );
  const calls = rows.slice(0, limit).map((row) => {
    const { kind: _kind, ...decided } = JSON.parse(row.event) as CallDecided;
    return { ...decided, sequence: row.sequence, decidedAt: row.at, ...laterFacts(later.all(decided.callId) as Row[]) };
  });
  return { calls, next: cursor(rows, limit) };
}

function laterFacts(rows: readonly Row[]): Partial<CallRow> {
  return Object.assign(
    {},
    ...rows.map((row): Partial<CallRow> => {
      const event = JSON.parse(row.event) as CallEvent;
      if (event.kind === 'call.intent') return { authorizedBy: event.authorizedBy, sentAt: row.at };
      if (event.kind !== 'call.outcome') return {};
      const { outcome, detail, durationMs } = event;
      return { outcome, detail, durationMs, endedAt: row.at };
    }),
  );
}

export function countRecords(database: DatabaseSyncInstance): LedgerCounts {
  const tally = (column: 'kind' | 'outcome') => {
    const rows = database
      .prepare(`SELECT ${column} AS name, count(*) AS count FROM audit WHERE ${column} IS NOT NULL GROUP BY ${column}`)
      .all() as { name: string; count: number }[];
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  };
  const byKind = tally('kind');
  return { records: Object.values(byKind).reduce((a, b) => a + b, 0), byKind, byOutcome: tally('outcome') };
}

function conditions(query: Omit<AuditQuery, 'limit'>): {
  readonly where: string;
  readonly values: (string | number)[];
} {
  const terms: readonly (readonly [string, string | number | undefined])[] = [
    ['sequence < ?', query.before],
    ['kind = ?', query.kind],
    ['mcp_client_id = ?', query.mcpClientId],
    ['server_id = ?', query.serverId],
    ['outcome = ?', query.outcome],
  ];
  const given = terms.flatMap(([term, value]) => (value === undefined ? [] : [[term, value] as const]));
  // `sequence > 0` holds always: it lets every query begin with the same word.
  return {
    where: `WHERE ${['sequence > 0', ...given.map(([term]) => term)].join(' AND ')}`,
    values: given.map(([, value]) => value),
  };
}

function pageLimit({ limit }: { readonly limit: number }): number {
  return Number.isInteger(limit) ? Math.min(Math.max(limit, 1), 1000) : 100;
}

function cursor(rows: readonly Row[], limit: number): number | undefined {
  return rows.length > limit ? rows[limit - 1]?.sequence : undefined;
}

function auditRecord({ sequence, at, event, previous_hash: previousHash, hash }: Row): AuditRecord {
  return { sequence, at, event: JSON.parse(event) as AuditEvent, previousHash, hash };
}
