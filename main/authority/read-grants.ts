import { createHash } from 'node:crypto';
import type { Grant } from '../../mcp-bridge/core/model/grant.ts';
import type { Settings } from './settings-store.ts';

/**
 * Reading is granted per AI client and server, from the moment the person connects both until they revoke it
 * (DESIGN 4, step 4). The id is stable, so that a revoked read grant stays revoked.
 */
export function readGrantFor(mcpClientId: string, serverId: string, createdAt: string): Grant {
  return {
    grantId: `read-${createHash('sha256')
      .update(JSON.stringify([mcpClientId, serverId]))
      .digest('hex')
      .slice(0, 24)}`,
    effect: 'read',
    constraints: { mcpClientId, serverId, attributes: {} },
    sentence: `May read everything on ${serverId}`,
    createdAt,
    expiresAt: '9999-12-31T23:59:59.999Z',
  };
}

/** For every AI client and every server it is offered, less what was revoked. */
export function standingReadGrants({
  mcpClients,
  servers,
  revokedReadGrants,
}: Pick<Settings, 'mcpClients' | 'servers' | 'revokedReadGrants'>): readonly Grant[] {
  return mcpClients
    .flatMap(({ mcpClientId, pairedAt, serverIds }) =>
      Object.entries(servers)
        .filter(([serverId]) => serverIds?.includes(serverId) ?? true)
        .map(([serverId, { addedAt }]) => readGrantFor(mcpClientId, serverId, pairedAt > addedAt ? pairedAt : addedAt)),
    )
    .filter(({ grantId }) => !revokedReadGrants.includes(grantId));
}

type Revocations = Pick<Settings, 'mcpClients' | 'servers' | 'revokedReadGrants'>;

/** What stays revoked when a server is removed: one that is added later is consented to anew, whatever its name. */
export function withoutServer({ mcpClients, revokedReadGrants }: Revocations, serverId: string): string[] {
  const gone = mcpClients.map(({ mcpClientId }) => readGrantFor(mcpClientId, serverId, '').grantId);
  return revokedReadGrants.filter((grantId) => !gone.includes(grantId));
}

/** What stays revoked when an AI client is removed: one that is paired later may get the same id. */
export function withoutMcpClient({ servers, revokedReadGrants }: Revocations, mcpClientId: string): string[] {
  const gone = Object.keys(servers).map((serverId) => readGrantFor(mcpClientId, serverId, '').grantId);
  return revokedReadGrants.filter((grantId) => !gone.includes(grantId));
}
