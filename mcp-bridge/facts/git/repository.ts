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
  /** Where this work tree's own state is: HEAD, a merge that is going on. */
  readonly gitFolder: string;
  /** From where git would run hooks (core.hooksPath). */
  readonly hooksFolder: string;
};

export async function readRepository(git: Git, path: string | undefined): Promise<Repository> {
  // The git server resolves a relative path against a folder of its own, which only it knows.
  if (path === undefined || !isAbsolute(path))
    throw new Unreadable('The call names no absolute path, so only the git server knows which repository it means.');
  const folder = await realpath(path).catch(() => {
    throw new Unreadable('The folder of the repository does not exist.');
  });
  const [places, remotes] = await Promise.all([
    git({
      folder,
      arguments: ['rev-parse', '--path-format=absolute', ...PLACES, 'HEAD', '--symbolic-full-name', 'HEAD'],
      accept: [0, 128],
    }),
    git({ folder, arguments: ['remote', '--verbose'], accept: [0, 128] }),
  ]);
  const [repositoryPath, commonFolder, gitFolder, hooksFolder, ...head] = lines(places.output);
  if (!repositoryPath || !commonFolder || !gitFolder || !hooksFolder)
    throw new Unreadable('git finds no repository with a work tree there.');
  // A name with a line break would shift what each line means.
  if (head.length !== (places.status === 0 ? 2 : 1))
    throw new Unreadable('The folder of the repository has a name that cannot be read.');
  const born =
    places.status === 0 ? { headCommit: head[0], branch: branchName(head[1]) } : await readUnborn(git, folder);
  const mainPath = basename(commonFolder) === '.git' ? dirname(commonFolder) : repositoryPath;
  const facts = {
    repositoryPath,
    // The folder's name, not the remote's: an address is only a line in a file that others may have written.
    repositoryName: basename(mainPath),
    ...born,
    remote: pickRemote(lines(remotes.output)),
  };
  return { facts, folder, mainPath, gitFolder, hooksFolder };
}

const PLACES = ['--show-toplevel', '--git-common-dir', '--absolute-git-dir', '--git-path', 'hooks'];

/** A branch without a commit yet: HEAD names nothing, so only the symbolic reference tells. */
async function readUnborn(git: Git, folder: string): Promise<Pick<GitRepositoryFacts, 'branch' | 'headCommit'>> {
  const { output } = await git({ folder, arguments: ['symbolic-ref', '--quiet', 'HEAD'] });
  return { headCommit: undefined, branch: branchName(lines(output)[0]) };
}

function branchName(reference: string | undefined): string | undefined {
  return reference?.startsWith('refs/heads/') ? reference.slice('refs/heads/'.length) : undefined;
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

/** `origin`, else the first. The format of `git remote --verbose`: NAME TAB ADDRESS ` (push)`. */
function pickRemote(verbose: readonly string[]): GitRepositoryFacts['remote'] {
  const remotes = verbose.flatMap((line) => {
    const found = /^(?<name>[^\t]+)\t(?<url>.*) \(push\)$/.exec(line)?.groups;
    return found ? [{ name: found['name'] ?? '', url: withoutPassword(found['url'] ?? '') }] : [];
  });
  return remotes.find(({ name }) => name === 'origin') ?? remotes[0];
}
