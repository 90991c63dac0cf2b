/** Facts of a call to a git tool on this machine: the repository and branch always, the whole effect where it is known. */
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Attributes, Facts } from '../../core/model/facts.ts';
import { textOf } from '../arguments.ts';
import { Unreadable } from '../unreadable.ts';
import { readCommit } from './commit.ts';
import type { GitCall } from './git-call.ts';
import { readOther } from './other.ts';
import { readPush } from './push.ts';
import { type Repository, readRepository, repositoryAttributes } from './repository.ts';
import type { Git } from './run-git.ts';

export type Reading = { readonly facts: Facts; readonly attributes: Attributes };

export async function readGit(git: Git, call: GitCall): Promise<Reading> {
  if (call.action === 'clone' || call.action === 'init') return readNewRepository(call);
  const repository = await readRepository(git, call.path);
  const attributes = repositoryAttributes(repository, changedBranch(call));
  try {
    return await readEffect(git, repository, call, attributes);
  } catch (error) {
    // Which repository and branch is known all the same, so a freeze of others does not stop the call.
    if (error instanceof Unreadable) return { facts: { kind: 'unavailable', reason: error.message }, attributes };
    throw error;
  }
}

async function readEffect(git: Git, repository: Repository, call: GitCall, attributes: Attributes): Promise<Reading> {
  switch (call.action) {
    case 'commit': {
      const facts = await readCommit(git, repository, call);
      return { facts, attributes: { ...attributes, amend: facts.amend, skipsHooks: facts.skipsHooks } };
    }
    case 'push': {
      const facts = await readPush(git, repository, call);
      const { targetBranch: branch, remote, force, deletes } = facts;
      return { facts, attributes: { ...attributes, branch, remote: remote.url, force, deletes } };
    }
    default:
      return {
        facts: await readOther(git, repository, call),
        attributes: { ...attributes, action: call.action },
      };
  }
}

/** The branch whose commits or name change, where that is not the one checked out. */
function changedBranch(call: GitCall): string | undefined {
  if (/^branch (create|delete|rename)$/.test(call.action)) return call.branch;
  if (call.action === 'push') return call.branch;
  if (/^rebase/.test(call.action)) return textOf(call.arguments, ['branch']);
  return undefined;
}

async function readNewRepository({ path }: GitCall): Promise<Reading> {
  if (path === undefined || !isAbsolute(path)) return { facts: { kind: 'none' }, attributes: {} };
  const parent = await realpath(dirname(path)).catch(() => dirname(path));
  const repository = join(parent, basename(path));
  return {
    facts: { kind: 'none' },
    attributes: { repository, repositoryName: basename(repository), path: repository },
  };
}
