/**
 * What the run before left open when it ended without closing: calls without an outcome and approvals without an
 * answer. They are given an end in the log and nothing is ever sent again (AU-08, AU-09).
 */
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { AuditEvent, CallEvent, CallOutcome } from '../core/audit/record.ts';

type ApprovalAsked = Extract<AuditEvent, { kind: 'approval.asked' }>;
type CallDecided = Extract<CallEvent, { kind: 'call.decided' }>;

export function loseEnds(database: DatabaseSyncInstance): readonly AuditEvent[] {
  return [...openApprovals(database).map(withdrawn), ...openCalls(database).map(ended)];
}

function openApprovals(database: DatabaseSyncInstance): readonly ApprovalAsked[] {
  const rows = database
    .prepare(
      `SELECT event FROM audit AS asked WHERE sequence > (SELECT settled FROM head) AND kind = 'approval.asked' AND NOT EXISTS
         (SELECT 1 FROM audit WHERE approval_id = asked.approval_id AND kind = 'approval.answered')
       ORDER BY sequence`,
    )
    .all() as { event: string }[];
  return rows.map(({ event }) => JSON.parse(event) as ApprovalAsked);
}

/** Each call's furthest record, where that is not its outcome: one for each call, in whatever order its records came. */
function openCalls(database: DatabaseSyncInstance): readonly CallEvent[] {
  const rows = database
    .prepare(
      `SELECT event FROM audit AS call WHERE sequence > (SELECT settled FROM head)
         AND kind IN ('call.decided', 'call.intent') AND NOT EXISTS
         (SELECT 1 FROM audit WHERE call_id = call.call_id AND kind = 'call.outcome')
         AND (kind = 'call.intent' OR NOT EXISTS
         (SELECT 1 FROM audit WHERE call_id = call.call_id AND kind = 'call.intent'))
       ORDER BY sequence`,
    )
    .all() as { event: string }[];
  return rows.map(({ event }) => JSON.parse(event) as CallEvent);
}

function withdrawn({ approvalId, callDigest }: ApprovalAsked): AuditEvent {
  const reason = 'the app ended before it was answered';
  return { kind: 'approval.answered', approvalId, callDigest, answer: 'withdrawn', reason };
}

function ended(event: CallEvent): AuditEvent {
  const { callId, callDigest, mcpClientId, mcpSessionId, serverId, toolName } = event;
  const identity = { callId, callDigest, mcpClientId, mcpSessionId, serverId, toolName };
  const { outcome, detail } = event.kind === 'call.decided' ? endOfDecided(event) : endOfSent;
  return { ...identity, kind: 'call.outcome', outcome, detail, durationMs: 0 };
}

const endOfSent = { outcome: 'unknown', detail: 'the app ended before the answer came' } as const;

function endOfDecided({ decision }: CallDecided): { readonly outcome: CallOutcome; readonly detail: string } {
  switch (decision) {
    case 'forbid':
      return { outcome: 'refused', detail: 'the app ended before it told the AI client' };
    case 'prompt':
      return { outcome: 'withdrawn', detail: 'the app ended while it waited for an answer' };
    case 'permit':
      return { outcome: 'not-sent', detail: 'the app ended before it was sent' };
  }
}
