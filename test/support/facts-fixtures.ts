import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Classification } from '../../mcp-bridge/core/model/classification.ts';
import type { GatheredFacts } from '../../mcp-bridge/core/model/facts.ts';
import type { JsonObject } from '../../mcp-bridge/core/model/json.ts';
import { createFactsPort, type FactsOptions } from '../../mcp-bridge/facts/facts-port.ts';
import type { ServerFacts } from '../../mcp-bridge/pipeline/ports.ts';

export function temporaryFolder(): { readonly folder: string; remove(): void } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'facts-test-')));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const gitEnvironment = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_DATE: '2026-11-20T10:00:00Z',
  GIT_COMMITTER_DATE: '2026-11-20T10:00:00Z',
};

/** A repository with one commit of README.md on main, and a function that runs git in it. */
export function gitRepository(folder: string): (...gitArguments: readonly string[]) => string {
  mkdirSync(folder, { recursive: true });
  const git = (...gitArguments: readonly string[]) =>
    execFileSync('git', [...gitArguments], { cwd: folder, env: gitEnvironment, encoding: 'utf8', stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Ada Lovelace');
  git('config', 'user.email', 'ada@example.test');
  write(folder, 'README.md', 'one\ntwo\nthree\n');
  git('add', '.');
  git('commit', '--quiet', '--message=first');
  return git;
}

export function write(folder: string, name: string, content: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

export type GatherOptions = {
  readonly server?: Partial<ServerFacts>;
  readonly classification?: Partial<Classification>;
  readonly port?: Partial<FactsOptions>;
  readonly signal?: AbortSignal;
  readonly inputSchema?: JsonObject;
};

export function gather(
  toolName: string,
  toolArguments: JsonObject,
  options: GatherOptions = {},
): Promise<GatheredFacts> {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const environmentOf = () => ({ HOME: '/nonexistent' });
  const port = createFactsPort({ sha256, environmentOf, ...options.port });
  const profileName = '@modelcontextprotocol/server-filesystem';
  const server = { serverId: 's', endpoint: 'node s.js', profileName, trusted: false, roots: [], ...options.server };
  const definition = { name: toolName, inputSchema: options.inputSchema ?? { type: 'object' } };
  const pinned = { serverId: 's', definition, definitionHash: 'h' };
  const classification: Classification = {
    effect: 'write',
    basis: 'profile',
    confidence: 'high',
    domain: toolName.startsWith('git_') ? 'version-control' : 'files',
    reasons: [],
    ...options.classification,
  };
  const signal = options.signal ?? new AbortController().signal;
  return port.gather({ server, pinned, review: 'reviewed' }, toolArguments, classification, signal);
}
