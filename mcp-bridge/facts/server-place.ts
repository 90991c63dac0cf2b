/** Whose world a server acts on: the files of this machine, a hosting service, a knowledge graph of its own. */
import { isAbsolute } from 'node:path';
import type { Attributes } from '../core/model/facts.ts';
import type { JsonObject } from '../core/model/json.ts';
import type { ServerFacts } from '../pipeline/ports.ts';
import { textOf } from './arguments.ts';

/** What runs elsewhere, or in a container, means other files by the same path; ours would be a guess. */
export function seesOurFiles({ endpoint }: ServerFacts): boolean {
  return !/^https?:/i.test(endpoint) && !/(^|[\\/])(docker|podman|nerdctl|ssh|wsl)(\.exe)?(\s|$)/i.test(endpoint);
}

/** A drive in the cloud has paths too: only a server that was given folders of ours, or is known for them, counts. */
export function isFileServer(server: ServerFacts): boolean {
  const isKnown = server.profileName === '@modelcontextprotocol/server-filesystem';
  return seesOurFiles(server) && (isKnown || server.roots.length > 0);
}

/** The arguments of a hosting service's API are the target itself: owner, repository and branch as the service takes them. */
export function hostedRepository(toolName: string, toolArguments: JsonObject): Attributes | undefined {
  if (/^git[_-]/i.test(toolName)) return undefined; // the tools of git itself, on a work tree
  const owner = textOf(toolArguments, ['owner', 'project', 'workspace', 'namespace']);
  const name = textOf(toolArguments, ['repo', 'repository', 'repo_slug', 'project_id']);
  if (name === undefined || isAbsolute(name) || (owner === undefined && !name.includes('/'))) return undefined;
  const branch = textOf(toolArguments, ['branch', 'base', 'target_branch']);
  return {
    repository: owner === undefined ? name : `${owner}/${name}`,
    repositoryName: name.split('/').at(-1) ?? name,
    ...(branch === undefined ? {} : { branch }),
  };
}

export function isMemoryServer({ profileName }: ServerFacts): boolean {
  return profileName === '@modelcontextprotocol/server-memory' || profileName === 'mcp/memory';
}
