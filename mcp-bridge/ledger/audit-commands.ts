/**
 * `countersign audit verify | export | query` without the argument parsing: each takes a path and options and gives
 * lines of text. All of them only read, and work while the app runs.
 */
import type { AuditEvent, AuditRecord } from '../core/audit/record.ts';
import { type AuditQuery, queryCalls, queryRecords, storedRecords } from './queries.ts';
import { type LedgerVerdict, type VerifyOptions, verifyLedger, withReadOnlyDatabase } from './verify-ledger.ts';

/** One line of JSON: {"ok","records","head","anchor","brokenAt"?,"reason"?}; exit status 1 when broken. */
export function auditVerify(
  path: string,
  options: VerifyOptions,
): { readonly verdict: LedgerVerdict; readonly line: string; readonly exitStatus: 0 | 1 } {
  const verdict = verifyLedger(path, options);
  return { verdict, line: JSON.stringify(verdict), exitStatus: verdict.ok ? 0 : 1 };
}

/** Every record in order, one line each, handed to `writeLine` without its line end. */
export function auditExport(path: string, format: 'jsonl' | 'csv', writeLine: (line: string) => void): void {
  withReadOnlyDatabase(path, (database) => {
    if (format === 'csv') writeLine(CSV_COLUMNS.join(','));
    for (const { eventText, ...link } of storedRecords(database)) {
      const record: AuditRecord = { ...link, event: JSON.parse(eventText) as AuditEvent };
      writeLine(format === 'csv' ? csvLine(record) : jsonLine(record));
    }
  });
}

/** Newest first; with `calls`, one line per call in place of one per record. */
export function auditQuery(path: string, query: AuditQuery & { readonly calls?: boolean }): readonly string[] {
  return withReadOnlyDatabase(path, (database) => {
    if (query.calls === true) return queryCalls(database, query).calls.map((call) => JSON.stringify(call));
    return queryRecords(database, query).records.map(jsonLine);
  });
}

function jsonLine({ sequence, at, event, previousHash, hash }: AuditRecord): string {
  return JSON.stringify({ sequence, at, event, previousHash, hash });
}

const CSV_COLUMNS = ['sequence', 'at', 'kind', 'mcpClientId', 'serverId', 'toolName', 'outcome', 'headline', 'event'];

function csvLine({ sequence, at, event }: AuditRecord): string {
  const members: { readonly [name: string]: unknown } = { ...event, sequence, at, event: JSON.stringify(event) };
  return CSV_COLUMNS.map((column) => csvCell(members[column])).join(',');
}

/** RFC 4180 §2. SECURITY(AU-06): a cell that a spreadsheet would run as a formula begins with an apostrophe. */
function csvCell(value: unknown): string {
  const text = value === undefined ? '' : String(value);
  const inert = typeof value !== 'number' && /^[\s]*[=+\-@|%\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
