import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditEvent } from '../../mcp-bridge/core/audit/record.ts';
import { type Ledger, type LedgerOptions, openLedger } from '../../mcp-bridge/ledger/open-ledger.ts';

export const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

/** A private folder for one test, and a ledger path in it; `remove` when done. */
export function ledgerFolder(): { readonly folder: string; readonly path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-test-'));
  return {
    folder,
    path: join(folder, 'private', 'ledger.sqlite'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function testLedger(path: string, options: Partial<LedgerOptions> = {}): Ledger {
  let nowMs = Date.UTC(2026, 10, 21, 9, 0, 0);
  return openLedger({ path, clock: { nowMs: () => nowMs++ }, sha256, ...options });
}

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
