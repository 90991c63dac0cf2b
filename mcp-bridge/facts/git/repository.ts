/** Which repository and branch a call acts on, as git itself sees them. */
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute } from 'node:path';
import type { Attributes, GitRepositoryFacts } from '../../core/model/facts.ts';
import { Unreadable } from '../unreadable.ts';
import type { Git } from './run-git.ts';

export type Repository = {
  readonly facts: GitRepositoryFacts;
  /** Canonical folder that the call named; git commands run there. */
  readonly folder: string;
  /** The main work tree: the same for all linked work trees, so that none of them evades a freeze. */
  readonly mainPath: string;
  readonly isLinked: boolean;
};

export async function readRepository(git: Git, path: string | undefined): Promise<Repository> {
  // The git server resolves a relative path against a folder of its own, which only it knows.
  if (path === undefined || !isAbsolute(path))
    throw new Unreadable('The call names no absolute path, so only the git server knows which repository it means.');
  const folder = await realpath(path).catch(() => {
    throw new Unreadable('The folder of the repository does not exist.');
  });
  const [topLevel, common, branchName, head, remoteNames] = await Promise.all([
    git({ folder, arguments: ['rev-parse', '--show-toplevel'] }),
    git({ folder, arguments: ['rev-parse', '--path-format=absolute', '--git-common-dir'] }),
    git({ folder, arguments: ['symbolic-ref', '--quiet', '--short', 'HEAD'], accept: [0, 1] }),
    git({ folder, arguments: ['rev-parse', '--quiet', '--verify', 'HEAD^{commit}'], accept: [0, 1] }),
    git({ folder, arguments: ['remote'] }),
  ]);
  const repositoryPath = onePath(topLevel.output);
  const commonFolder = onePath(common.output);
  const mainPath = basename(commonFolder) === '.git' ? dirname(commonFolder) : repositoryPath;
  const remoteName = pickRemote(lines(remoteNames.output));
  const facts = {
    repositoryPath,
    // The folder's name, not the remote's: an address is only a line in a file that others may have written.
    repositoryName: basename(mainPath),
    branch: lines(branchName.output)[0],
    headCommit: lines(head.output)[0],
    remote: remoteName === undefined ? undefined : { name: remoteName, url: await remoteUrl(git, folder, remoteName) },
  };
  return { facts, folder, mainPath, isLinked: mainPath !== repositoryPath };
}

/** As the push would use it, with the person's rewriting rules (`url.*.insteadOf`) applied. */
export async function remoteUrl(git: Git, folder: string, name: string): Promise<string> {
  const run = { folder, arguments: ['remote', 'get-url', '--push', '--all', '--', name], accept: [0, 2, 128] };
  const { status, output } = await git(run);
  return status === 0 ? lines(output).map(withoutPassword).join(', ') : '';
}

/** `branch` is the one that the call changes; where it is not the one checked out, the caller names it. */
export function repositoryAttributes(repository: Repository, branch = repository.facts.branch): Attributes {
  return {
    repository: repository.mainPath,
    repositoryName: repository.facts.repositoryName,
    ...(branch === undefined ? {} : { branch }),
  };
}

/** A folder's name may hold line breaks: only the one that git adds is taken off. */
function onePath(output: Buffer): string {
  return output.toString('utf8').replace(/\n$/, '');
}

export function lines(output: Buffer): readonly string[] {
  return output
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** SECURITY(AU-15): an address may carry a password; neither a window nor a digest needs it. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*:[^/@]*@/i, '$1…@');
}

function pickRemote(names: readonly string[]): string | undefined {
  return names.includes('origin') ? 'origin' : names[0];
}
