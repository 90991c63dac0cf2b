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

/** Rows that are read at a time: as arrays and many at once each takes half the time of one by one as an object. */
const AT_ONCE = 500;
type StoredColumns = [sequence: number, at: string, event: string, previousHash: string, hash: string];

/** Every record after `after` up to `last`, in order, without holding them all in memory. */
export function* storedRecords(
  database: DatabaseSyncInstance,
  after = 0,
  last = Number.MAX_SAFE_INTEGER,
): Generator<StoredRecord> {
  const statement = database.prepare(
    `SELECT ${COLUMNS} FROM audit WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ${AT_ONCE}`,
  );
  statement.setReturnArrays(true);
  for (let done: number | undefined = after; done !== undefined; ) {
    const rows: StoredColumns[] = statement.all(done, last);
    for (const [sequence, at, eventText, previousHash, hash] of rows)
      yield { sequence, at, eventText, previousHash, hash };
    done = rows.length === AT_ONCE ? rows.at(-1)?.[0] : undefined;
  }
}

export function queryRecords(database: DatabaseSyncInstance, query: AuditQuery): AuditPage {
  const { where, values } = conditions(database, query);
  const limit = pageLimit(query);
  const rows = database
    .prepare(`SELECT ${COLUMNS} FROM audit ${where} ORDER BY sequence DESC LIMIT ?`)
    .all(...values, limit + 1) as Row[];
  return { records: rows.slice(0, limit).map(auditRecord), next: cursor(rows, limit) };
}

/** Newest decision first; with an outcome, newest outcome first. */
export function queryCalls(database: DatabaseSyncInstance, query: CallQuery): CallPage {
  const limit = pageLimit(query);
  const { where, values } = conditions(database, {
    ...query,
    kind: query.outcome === undefined ? 'call.decided' : undefined,
  });
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

type Condition = { readonly term: string; readonly values: readonly (string | number)[] };

/** The words of a partial index must stand in the query for it to be used; `sequence > 0` holds always. */
function conditions(
  database: DatabaseSyncInstance,
  query: Omit<AuditQuery, 'limit'>,
): { readonly where: string; readonly values: (string | number)[] } {
  const { before, mcpClientId, serverId, outcome } = query;
  const given: readonly (Condition | undefined)[] = [
    { term: 'sequence > 0', values: [] },
    ofKind(query.kind),
    before === undefined ? undefined : { term: 'sequence < ?', values: [before] },
    mcpClientId === undefined ? undefined : { term: 'mcp_client_id = ?', values: [mcpClientId] },
    serverId === undefined ? undefined : { term: 'server_id = ?', values: [serverId] },
    outcome === undefined ? undefined : { term: 'outcome = ?', values: [outcome] },
    ofFewCalls(database, query),
  ];
  const all = given.filter((condition) => condition !== undefined);
  return {
    where: `WHERE ${all.map(({ term }) => term).join(' AND ')}`,
    values: all.flatMap(({ values }) => values),
  };
}

function ofKind(kind: AuditQuery['kind']): Condition | undefined {
  if (kind === undefined) return undefined;
  if (kind === 'call.decided') return { term: `kind = 'call.decided'`, values: [] };
  return { term: kind.startsWith('call.') ? 'kind = ?' : `kind = ? AND ${RARE_KIND}`, values: [kind] };
}

const FEW_CALLS = 2_000;

/**
 * Only decisions are indexed by AI client and server. Of one with many calls the newest records hold a page soon; of one
 * with few, its calls are looked up, or the whole log would be read for it. Every record of a call names the same two.
 */
function ofFewCalls(database: DatabaseSyncInstance, query: Omit<AuditQuery, 'limit'>): Condition | undefined {
  if (query.kind === 'call.decided') return undefined;
  const named = [
    ['mcp_client_id', query.mcpClientId],
    ['server_id', query.serverId],
  ] as const;
  for (const [column, name] of named) {
    if (name === undefined) continue;
    const decided = `FROM audit WHERE kind = 'call.decided' AND ${column} = ?`;
    const counted = database.prepare(`SELECT count(*) AS calls FROM (SELECT 1 ${decided} LIMIT ${FEW_CALLS + 1})`);
    if ((counted.get(name) as { calls: number }).calls > FEW_CALLS) continue;
    const ofCalls = `SELECT sequence FROM audit WHERE call_id IN (SELECT call_id ${decided})`;
    const others = `SELECT sequence FROM audit WHERE ${RARE_KIND} AND ${column} = ?`;
    return { term: `sequence IN (${ofCalls} UNION ALL ${others})`, values: [name, name] };
  }
  return undefined;
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

/** Of so many calls at the most, the oldest first. */
export function newestCallIds(database: DatabaseSyncInstance, howMany: number): readonly string[] {
  const rows = database
    .prepare('SELECT call_id AS callId FROM audit WHERE call_id IS NOT NULL ORDER BY sequence DESC LIMIT ?')
    .all(3 * howMany) as { callId: string }[];
  return [...new Set(rows.map(({ callId }) => callId))].slice(0, howMany).reverse();
}
