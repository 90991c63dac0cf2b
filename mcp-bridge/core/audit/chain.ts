/**
 * The hash chain of the audit log: each record's hash covers the hash before it, so that an edit, a removal, a
 * reordering or an insertion anywhere shows at the first record it touches (AU-01, AU-02).
 *
 * hash = SHA-256 of the RFC 8785 form of { at, event, previousHash, sequence }. The event is stored in that form, so
 * checking hashes the stored bytes and trusts no parser.
 */
import { canonicalJson } from '../canonical-json.ts';
import type { JsonValue } from '../model/json.ts';
import type { AuditEvent, AuditRecord } from './record.ts';

export type Sha256 = (text: string) => string;

/** The last record of a chain; what an anchor outside the log remembers (AU-03). */
export type ChainHead = { readonly sequence: number; readonly hash: string };
export const EMPTY_CHAIN: ChainHead = { sequence: 0, hash: '0'.repeat(64) };

/** A record as it lies in the log; `eventText` is the canonical form of the event, byte for byte. */
export type StoredRecord = Omit<AuditRecord, 'event'> & { readonly eventText: string };

export type ChainVerdict =
  | { readonly ok: true; readonly head: ChainHead }
  | { readonly ok: false; readonly head: ChainHead; readonly brokenAt: number; readonly reason: string };

export function nextRecord(head: ChainHead, at: string, event: AuditEvent, sha256: Sha256): StoredRecord {
  const sequence = head.sequence + 1;
  const eventText = canonicalJson(event as unknown as JsonValue);
  const hash = sha256(linkText({ sequence, at, eventText, previousHash: head.hash }));
  return { sequence, at, eventText, previousHash: head.hash, hash };
}

/** Why this record cannot follow that head; undefined when it can. */
function linkProblem(record: StoredRecord, head: ChainHead, sha256: Sha256): string | undefined {
  if (record.sequence !== head.sequence + 1) return `record ${head.sequence + 1} is missing`;
  if (record.previousHash !== head.hash) return `record ${record.sequence} does not follow the record before it`;
  if (record.hash !== sha256(linkText(record))) return `record ${record.sequence} is not what was written`;
  return undefined;
}

/** Walks the whole chain from `start` and stops at the first break; `head` is the last record that holds. */
export function verifyChain(
  records: Iterable<StoredRecord>,
  sha256: Sha256,
  start: ChainHead = EMPTY_CHAIN,
): ChainVerdict {
  let head = start;
  for (const record of records) {
    const reason = linkProblem(record, head, sha256);
    if (reason !== undefined) return { ok: false, head, brokenAt: head.sequence + 1, reason };
    head = { sequence: record.sequence, hash: record.hash };
  }
  return { ok: true, head };
}

// Member names in the order of RFC 8785 §3.2.3.
function linkText(record: Omit<StoredRecord, 'hash'>): string {
  const at = JSON.stringify(record.at);
  const previousHash = JSON.stringify(record.previousHash);
  return `{"at":${at},"event":${record.eventText},"previousHash":${previousHash},"sequence":${record.sequence}}`;
}
