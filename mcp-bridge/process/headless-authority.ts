/**
 * The authority where there is no person and no window: reads as configured, and every write or deletion either denied
 * (the default) or, dangerously, approved without anybody looking. The second is for conformance suites and fixtures.
 */
import type { AuthoritySnapshot } from '../core/model/authority.ts';
import type { Grant } from '../core/model/grant.ts';
import type { Guardrail } from '../core/model/guardrail.ts';
import type { AuthorityPort } from '../pipeline/ports.ts';

export type HeadlessApprovals = 'deny' | 'dangerously-allow-all';

export type HeadlessAuthorityOptions = {
  readonly approvals: HeadlessApprovals;
  readonly mcpClientIds: readonly string[];
  readonly serverIds: readonly string[];
  readonly guardrails: readonly Guardrail[];
};

const beginning = '1970-01-01T00:00:00.000Z';
const noEnd = '9999-12-31T23:59:59.999Z';

export function createHeadlessAuthority(options: HeadlessAuthorityOptions): AuthorityPort {
  const authority: AuthoritySnapshot = {
    epoch: 1,
    grants: readGrants(options),
    guardrails: options.guardrails,
    effectPins: [],
  };
  const approved = new Map<string, string>();
  return {
    snapshot: () => authority,
    async ask({ approvalId, callDigest }) {
      if (options.approvals === 'deny') {
        return {
          outcome: 'denied',
          approvalId,
          reason: 'Nobody is here to approve it: this bridge runs without a window.',
        };
      }
      approved.set(approvalId, callDigest);
      return { outcome: 'approved', approvalId };
    },
    async release({ callDigest, authorizedBy }) {
      // SECURITY(MC-18): used once, for the digest it was given for, here as on the desktop.
      const matches = authorizedBy.kind === 'approval' && approved.get(authorizedBy.approvalId) === callDigest;
      if (authorizedBy.kind === 'approval') approved.delete(authorizedBy.approvalId);
      return matches
        ? { released: true }
        : { released: false, reason: 'There is no unused approval for exactly this call.' };
    },
  };
}

function readGrants({ mcpClientIds, serverIds }: HeadlessAuthorityOptions): readonly Grant[] {
  return mcpClientIds.flatMap((mcpClientId) =>
    serverIds.map((serverId) => ({
      grantId: `read-${mcpClientId}-${serverId}`,
      effect: 'read' as const,
      constraints: { mcpClientId, serverId, attributes: {} },
      sentence: `May read everything on ${serverId}`,
      createdAt: beginning,
      expiresAt: noEnd,
    })),
  );
}
