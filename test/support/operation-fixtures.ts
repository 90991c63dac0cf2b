import type { Classification } from '../../mcp-bridge/core/model/classification.ts';
import type {
  Attributes,
  Facts,
  FileDiff,
  GitCommitFacts,
  GitRepositoryFacts,
} from '../../mcp-bridge/core/model/facts.ts';
import type { JsonObject } from '../../mcp-bridge/core/model/json.ts';
import type { Operation } from '../../mcp-bridge/core/model/operation.ts';

export type OperationFixture = {
  readonly serverId?: string;
  readonly toolName?: string;
  readonly arguments?: JsonObject;
  readonly classification?: Partial<Classification>;
  readonly facts?: Facts;
  readonly attributes?: Attributes;
  readonly environment?: string;
};

export function operationWith(fixture: OperationFixture = {}): Operation {
  const toolArguments = fixture.arguments ?? {};
  return {
    call: {
      caller: {
        mcpClientId: 'claude',
        mcpClientName: 'Claude Code',
        mcpSessionId: 'session-1',
        mcpSessionStartedAt: '2026-11-21T09:00:00.000Z',
      },
      serverId: fixture.serverId ?? 'git',
      serverEndpoint: 'npx server',
      toolName: fixture.toolName ?? 'git_commit',
      definitionHash: 'f'.repeat(64),
      arguments: toolArguments,
      canonicalArguments: JSON.stringify(toolArguments),
      callDigest: 'd'.repeat(64),
    },
    classification: {
      effect: 'write',
      basis: 'profile',
      confidence: 'high',
      domain: 'version-control',
      reasons: ['It writes.'],
      ...fixture.classification,
    },
    gathered: {
      facts: fixture.facts ?? { kind: 'none' },
      attributes: fixture.attributes ?? {},
      worldDigest: 'w'.repeat(64),
    },
    environment: fixture.environment,
  };
}

export const repository: GitRepositoryFacts = {
  repositoryPath: '/srv/shop-api',
  repositoryName: 'shop-api',
  branch: 'main',
  headCommit: 'a'.repeat(40),
  remote: { name: 'origin', url: 'git@example.test:acme/shop-api.git' },
};

export function fileDiff(path: string): FileDiff {
  return {
    path,
    status: 'modified',
    binary: false,
    addedLines: 1,
    removedLines: 1,
    hunks: [
      {
        header: '@@ -1,1 +1,1 @@',
        lines: [
          { kind: 'removed', text: 'old' },
          { kind: 'added', text: 'new' },
        ],
      },
    ],
  };
}

export function commitFacts(changes: Partial<GitCommitFacts> = {}): GitCommitFacts {
  return {
    kind: 'git-commit',
    repository,
    author: { name: 'Ada Lovelace', email: 'ada@example.test' },
    message: 'Fix rounding',
    amend: false,
    skipsHooks: false,
    hooks: [],
    diff: [fileDiff('src/a.ts'), fileDiff('src/b.ts')],
    ...changes,
  };
}
