/** Records to fill a ledger with. */
import type { AuditEvent } from '../../mcp-bridge/core/audit/record.ts';

const digest = 'd'.repeat(64);
const identity = (callId: string) => ({
  callId,
  callDigest: digest,
  mcpClientId: 'claude',
  mcpSessionId: 's-1',
  serverId: 'git',
  toolName: 'git_commit',
});

export const decided = (callId: string, decision: 'permit' | 'prompt' | 'forbid' = 'permit'): AuditEvent => ({
  kind: 'call.decided',
  ...identity(callId),
  effect: 'write',
  basis: 'profile',
  domain: 'version-control',
  decision,
  reasons: ['because'],
  policies: [],
  headline: 'Commit 1 file to main',
});

export const intent = (callId: string, approvalId?: string): AuditEvent => ({
  kind: 'call.intent',
  ...identity(callId),
  effect: 'write',
  authorizedBy: approvalId === undefined ? { kind: 'grant', grantId: 'g' } : { kind: 'approval', approvalId },
});

export const outcome = (
  callId: string,
  result: 'succeeded' | 'failed' | 'denied' | 'pending' = 'succeeded',
): AuditEvent => ({ kind: 'call.outcome', ...identity(callId), outcome: result, durationMs: 3 });

export const asked = (approvalId: string): AuditEvent => ({
  kind: 'approval.asked',
  approvalId,
  callDigest: digest,
  mcpClientId: 'claude',
  effect: 'write',
  headline: 'Commit 1 file to main',
});

export const answered = (
  approvalId: string,
  answer: 'approved' | 'denied' | 'expired' | 'withdrawn' = 'approved',
): AuditEvent => ({ kind: 'approval.answered', approvalId, callDigest: digest, answer, reason: 'said the person' });
