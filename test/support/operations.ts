/** Operations, grants and freezes to write tables with: small, valid, and changed by what a row is about. */
import type { Classification } from '../../mcp-bridge/core/model/classification.ts';
import type { Attributes } from '../../mcp-bridge/core/model/facts.ts';
import type { Grant } from '../../mcp-bridge/core/model/grant.ts';
import type { CodeFreeze } from '../../mcp-bridge/core/model/guardrail.ts';
import type { Operation } from '../../mcp-bridge/core/model/operation.ts';

export const nowMs = Date.parse('2026-03-10T12:00:00.000Z');

export function operation(
  classification: Partial<Classification> = {},
  attributes: Attributes = {},
  call: Partial<Operation['call']> = {},
): Operation {
  return {
    call: {
      caller: {
        mcpClientId: 'ai',
        mcpClientName: 'AI',
        mcpSessionId: 's1',
        mcpSessionStartedAt: '2026-03-10T11:00:00.000Z',
      },
      serverId: 'git',
      serverEndpoint: 'git-server',
      toolName: 'git_commit',
      definitionHash: 'd1',
      arguments: { message: 'm' },
      canonicalArguments: '{"message":"m"}',
      callDigest: 'c'.repeat(64),
      ...call,
    },
    classification: {
      effect: 'write',
      basis: 'profile',
      confidence: 'high',
      domain: 'version-control',
      action: 'commit',
      reasons: [],
      ...classification,
    },
    gathered: { facts: { kind: 'none' }, attributes, worldDigest: 'w' },
  };
}

export const shopApi = { repository: '/src/shop-api', repositoryName: 'shop-api', branch: 'main' } as const;

export function sessionGrant(overrides: Partial<Grant> = {}, constraints: Partial<Grant['constraints']> = {}): Grant {
  return {
    grantId: 'g1',
    effect: 'write',
    constraints: {
      mcpClientId: 'ai',
      mcpSessionId: 's1',
      serverId: 'git',
      toolName: 'git_commit',
      definitionHash: 'd1',
      attributes: { repository: '/src/shop-api', branch: 'main' },
      ...constraints,
    },
    sentence: 'May commit to shop-api on main',
    createdAt: '2026-03-10T11:30:00.000Z',
    expiresAt: '2026-03-10T13:00:00.000Z',
    ...overrides,
  };
}

export const readGrant: Grant = {
  grantId: 'r1',
  effect: 'read',
  constraints: { mcpClientId: 'ai', serverId: 'git', attributes: {} },
  sentence: 'May read everything on git',
  createdAt: '2026-03-10T11:00:00.000Z',
  expiresAt: '9999-12-31T23:59:59.999Z',
};

export function freeze(overrides: Partial<CodeFreeze> = {}): CodeFreeze {
  return {
    kind: 'code-freeze',
    guardrailId: 'f1',
    name: 'Release week',
    from: '2026-03-10T00:00:00.000Z',
    until: '2026-03-11T00:00:00.000Z',
    repositories: { kind: 'all' },
    branches: { kind: 'all' },
    enabled: true,
    ...overrides,
  };
}
