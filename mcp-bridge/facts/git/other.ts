/** Git tools other than commit and push: what they take away or bring in, where reading it runs nothing. */
import type { AffectedThings, GitOtherFacts } from '../../core/model/facts.ts';
import { textOf, textsOf } from '../arguments.ts';
import { Unreadable } from '../unreadable.ts';
import type { GitCall } from './git-call.ts';
import { listCommits, MAX_COMMITS } from './list-commits.ts';
import { lines, type Repository } from './repository.ts';
import type { Git } from './run-git.ts';
import { readWorkingTreeChanges } from './working-tree-changes.ts';

export async function readOther(git: Git, repository: Repository, call: GitCall): Promise<GitOtherFacts> {
  const facts = { kind: 'git-other', repository: repository.facts, action: call.action } as const;
  try {
    const affected = await Promise.all(readAffected(git, repository, call));
    if (affected.length === 0) return facts;
    const isCut = affected.some(({ noun, items }) => noun === 'commit' && items.length > MAX_COMMITS);
    return { ...facts, affected, ...(isCut ? { remarks: [`There are more than ${MAX_COMMITS} commits.`] } : {}) };
  } catch (error) {
    if (error instanceof Unreadable)
      return { ...facts, remarks: [`What it affects could not be listed: ${error.message}`] };
    throw error;
  }
}

function readAffected(git: Git, repository: Repository, call: GitCall): readonly Promise<AffectedThings>[] {
  const { folder, facts } = repository;
  const { headCommit } = facts;
  const named = (name: string) => textOf(call.arguments, [name]);
  switch (call.action) {
    case 'add':
      return [readChanged(git, repository, pathsToAdd(call), call.arguments['update'] !== true)];
    case 'clean':
      return [readUntracked(git, folder, call)];
    case 'branch delete': {
      const branch = call.branch ?? '';
      const others = ['--not', `--exclude=${branch}`, '--branches', '--tags', '--remotes', '--not'];
      return [readCommits(git, folder, [...others, '--end-of-options', `refs/heads/${branch}`])];
    }
    case 'merge': {
      const branch = named('branch');
      if (branch === undefined || headCommit === undefined) return [];
      return [readCommits(git, folder, ['--not', headCommit, '--not', '--end-of-options', branch])];
    }
    case 'checkout':
      return call.arguments['force'] === true || call.arguments['paths'] !== undefined
        ? [readChanged(git, repository, pathsOf(call), false)]
        : [];
    case 'reset': {
      if (headCommit === undefined || call.arguments['paths'] !== undefined) return [];
      const dropped = [headCommit, '--not', '--end-of-options', named('target') ?? 'HEAD'];
      const losesFiles = ['hard', 'merge'].includes(named('mode') ?? '');
      return [
        readCommits(git, folder, dropped),
        ...(losesFiles ? [readChanged(git, repository, WHOLE_TREE, false)] : []),
      ];
    }
    case 'stash drop':
    case 'stash clear':
      return [readStashes(git, folder)];
    default:
      return [];
  }
}

/** gitglossary(7), pathspec: the top of the work tree, wherever the call stands in it. */
const WHOLE_TREE = [':/'];

function pathsOf(call: GitCall): readonly string[] {
  const paths = textsOf(call.arguments['paths'] ?? call.arguments['files']);
  return paths.length === 0 ? WHOLE_TREE : paths;
}

function pathsToAdd(call: GitCall): readonly string[] {
  return call.arguments['all'] === true || call.arguments['update'] === true ? WHOLE_TREE : pathsOf(call);
}

/** Files that are not as the last commit has them. */
async function readChanged(
  git: Git,
  { folder, facts }: Repository,
  paths: readonly string[],
  untracked: boolean,
): Promise<AffectedThings> {
  const where = { folder, topLevel: facts.repositoryPath, base: facts.headCommit };
  const { changes } = await readWorkingTreeChanges(git, where, paths, { untracked });
  return { noun: 'changed file', items: changes.map(({ path, status }) => ({ name: path, detail: status })) };
}

async function readCommits(git: Git, folder: string, revisions: readonly string[]): Promise<AffectedThings> {
  const commits = await listCommits(git, folder, revisions);
  const items = commits.map(({ hash, subject, author }) => ({
    name: subject,
    detail: `${hash.slice(0, 12)} ${author}`,
  }));
  return { noun: 'commit', items };
}

/** git-clean(1): files that git does not know, from the folder down; ignored ones too where the call says so. */
async function readUntracked(git: Git, folder: string, call: GitCall): Promise<AffectedThings> {
  const isIgnoredToo = call.arguments['ignored'] === true;
  const { output } = await git({
    folder,
    arguments: ['ls-files', '-z', '--others', ...(isIgnoredToo ? [] : ['--exclude-standard'])],
  });
  const names = output.toString('utf8').split('\0').filter(Boolean);
  const isDeep = call.arguments['directories'] === true;
  return {
    noun: 'untracked file',
    items: names.filter((name) => isDeep || !name.includes('/')).map((name) => ({ name })),
  };
}

async function readStashes(git: Git, folder: string): Promise<AffectedThings> {
  const { output } = await git({ folder, arguments: ['stash', 'list', '--format=%gd%x01%gs'] });
  const items = lines(output).map((line) => {
    const [name = '', detail = ''] = line.split('\x01');
    return { name, detail };
  });
  return { noun: 'stash', items };
}
