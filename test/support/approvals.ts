import type { ApprovalRequest } from '../../mcp-bridge/core/approval/approval-request.ts';
import type { EffectView } from '../../mcp-bridge/core/model/effect-view.ts';
import { nowMs } from './operations.ts';

export function approvalRequest(
  overrides: Partial<ApprovalRequest> = {},
  view: Partial<EffectView> = {},
): ApprovalRequest {
  return {
    approvalId: 'a1',
    callDigest: 'c'.repeat(64),
    caller: {
      mcpClientId: 'ai',
      mcpClientName: 'AI',
      mcpSessionId: 's1',
      mcpSessionStartedAt: '2026-03-10T11:00:00.000Z',
    },
    serverId: 'git',
    toolName: 'git_commit',
    canonicalArguments: '{}',
    view: {
      effect: 'write',
      headline: [{ text: 'Commit', style: 'plain' }],
      consequence: 'Nothing is pushed.',
      irreversible: false,
      warnings: [],
      facts: [],
      sections: [],
      claims: [],
      confirmation: { kind: 'none' },
      approveLabel: 'Approve once',
      ...view,
    },
    deniedBefore: 0,
    askedAt: new Date(nowMs).toISOString(),
    expiresAt: new Date(nowMs + 300_000).toISOString(),
    ...overrides,
  };
}

export const deletionView: Partial<EffectView> = {
  effect: 'delete',
  irreversible: true,
  confirmation: { kind: 'type-name', name: 'exports' },
  approveLabel: 'Delete 2 files',
};
