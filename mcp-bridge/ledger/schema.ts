/**
 * The ledger's tables. `audit` holds the chain and is the approval journal too: an approval is consumed by the one
 * intent that names it, in the same insert, by a unique index (MC-18). What is searched by is generated from the
 * chained event, so no column can say something else than the record. An index costs each append: there are only those
 * that a page of the dashboard needs, and most of them hold few rows. `settled`: up to here every call has its end.
 */
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { AppError } from '../core/errors.ts';

/** True for records that are not of calls: few, and looked for by kind. Queries must say it in these very words. */
export const RARE_KIND = "kind NOT IN ('call.decided', 'call.intent', 'call.outcome')";

/** Of the first version; the records that wait beside the database are queried by the same ones. */
export const AUDIT_COLUMNS = `
  sequence INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  event TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  kind TEXT GENERATED ALWAYS AS (json_extract(event, '$.kind')) VIRTUAL,
  call_id TEXT GENERATED ALWAYS AS (json_extract(event, '$.callId')) VIRTUAL,
  mcp_client_id TEXT GENERATED ALWAYS AS (json_extract(event, '$.mcpClientId')) VIRTUAL,
  server_id TEXT GENERATED ALWAYS AS (json_extract(event, '$.serverId')) VIRTUAL,
  outcome TEXT GENERATED ALWAYS AS (json_extract(event, '$.outcome')) VIRTUAL,
  approval_id TEXT GENERATED ALWAYS AS (json_extract(event, '$.approvalId')) VIRTUAL,
  consumed_approval_id TEXT GENERATED ALWAYS AS (json_extract(event, '$.authorizedBy.approvalId')) VIRTUAL`;

/** One entry per schema version, in order; a released one is never edited. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE audit (${AUDIT_COLUMNS}) STRICT;
   CREATE UNIQUE INDEX one_record_of_a_kind_per_call ON audit (call_id, kind) WHERE call_id IS NOT NULL;
   CREATE UNIQUE INDEX one_intent_per_approval ON audit (consumed_approval_id) WHERE consumed_approval_id IS NOT NULL;
   CREATE INDEX audit_approval ON audit (approval_id, kind) WHERE approval_id IS NOT NULL;
   CREATE INDEX audit_outcome ON audit (outcome) WHERE outcome IS NOT NULL;
   CREATE INDEX audit_rare_kind ON audit (kind) WHERE ${RARE_KIND};
   CREATE INDEX call_mcp_client ON audit (mcp_client_id) WHERE kind = 'call.decided';
   CREATE INDEX call_server ON audit (server_id) WHERE kind = 'call.decided';
   CREATE TABLE head (
     only INTEGER PRIMARY KEY CHECK (only = 1),
     sequence INTEGER NOT NULL,
     hash TEXT NOT NULL,
     settled INTEGER NOT NULL
   ) STRICT;
   INSERT INTO head VALUES (1, 0, '${'0'.repeat(64)}', 0);`,
];

/** Brings an older or empty file up to date; a newer one is refused, because its rules are unknown. */
export function migrate(database: DatabaseSyncInstance): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > MIGRATIONS.length)
    throw new AppError('ledger.unavailable', 'the ledger was written by a newer Countersign');
  MIGRATIONS.slice(version).forEach((statements, index) => {
    database.exec(`BEGIN IMMEDIATE; ${statements} PRAGMA user_version = ${version + index + 1}; COMMIT`);
  });
}
