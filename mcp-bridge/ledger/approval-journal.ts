/**
 * An intent that names an approval is only recorded while the journal says that this approval lives: answered
 * "approved", for the same call digest (MC-17, MC-18, MC-19). That it is consumed once is the schema's unique index.
 */
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { AuditEvent } from '../core/audit/record.ts';
import { AppError } from '../core/errors.ts';

export function checkApprovalIsLive(database: DatabaseSyncInstance, event: AuditEvent): void {
  if (event.kind !== 'call.intent' || event.authorizedBy.kind !== 'approval') return;
  const answers = database
    .prepare(
      `SELECT json_extract(event, '$.answer') AS answer, json_extract(event, '$.callDigest') AS callDigest
       FROM audit WHERE approval_id = ? AND kind = 'approval.answered'`,
    )
    .all(event.authorizedBy.approvalId) as { answer: string; callDigest: string }[];
  const lives = answers.every(({ answer, callDigest }) => answer === 'approved' && callDigest === event.callDigest);
  if (answers.length === 0 || !lives)
    throw new AppError('ledger.unavailable', 'the approval was not given, has ended, or is for another call');
}
