/** Git tools other than commit and push: what they take away or bring in, where reading it runs nothing. */
import type { GitOtherFacts } from '../../core/model/facts.ts';
import { textOf } from '../arguments.ts';
import { Unreadable } from '../unreadable.ts';
import type { GitCall } from './git-call.ts';
import { listCommits, MAX_COMMITS } from './list-commits.ts';
import { lines, type Repository } from './repository.ts';
import type { Git } from './run-git.ts';

type Affected = NonNullable<GitOtherFacts['affected']>;

export async function readOther(git: Git, repository: Repository, call: GitCall): Promise<GitOtherFacts> {
  const facts = { kind: 'git-other', repository: repository.facts, action: call.action } as const;
  try {
    const affected = await readAffected(git, repository, call);
    if (affected === undefined) return facts;
    const isCut = affected.noun === 'commit' && affected.items.length > MAX_COMMITS;
    return { ...facts, affected, ...(isCut ? { remarks: [`There are more than ${MAX_COMMITS} commits.`] } : {}) };
  } catch (error) {
    if (error instanceof Unreadable)
      return { ...facts, remarks: [`What it affects could not be listed: ${error.message}`] };
    throw error;
  }
}

function readAffected(git: Git, repository: Repository, call: GitCall): Promise<Affected | undefined> {
  const { folder, facts } = repository;
  const named = (name: string) => textOf(call.arguments, [name]);
  switch (call.action) {
    case 'clean':
      return readUntracked(git, folder, call);
    case 'branch delete': {
      const branch = call.branch ?? '';
      const others = ['--not', `--exclude=${branch}`, '--branches', '--tags', '--remotes', '--not'];
      return readCommits(git, folder, [...others, '--end-of-options', `refs/heads/${branch}`]);
    }
    case 'merge':
      return named('branch') === undefined || facts.headCommit === undefined
        ? Promise.resolve(undefined)
        : readCommits(git, folder, ['--not', facts.headCommit, '--not', '--end-of-options', named('branch') ?? '']);
    case 'reset':
      return call.arguments['paths'] !== undefined || facts.headCommit === undefined
        ? Promise.resolve(undefined)
        : readCommits(git, folder, [facts.headCommit, '--not', '--end-of-options', named('target') ?? 'HEAD']);
    case 'stash drop':
    case 'stash clear':
      return readStashes(git, folder);
    default:
      return Promise.resolve(undefined);
  }
}

async function readCommits(git: Git, folder: string, revisions: readonly string[]): Promise<Affected> {
  const commits = await listCommits(git, folder, revisions);
  const items = commits.map(({ hash, subject, author }) => ({
    name: subject,
    detail: `${hash.slice(0, 12)} ${author}`,
  }));
  return { noun: 'commit', items };
}

/** git-clean(1): files that git does not know, from the folder down; ignored ones too where the call says so. */
async function readUntracked(git: Git, folder: string, call: GitCall): Promise<Affected> {
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

async function readStashes(git: Git, folder: string): Promise<Affected> {
  const { output } = await git({ folder, arguments: ['stash', 'list', '--format=%gd%x01%gs'] });
  const items = lines(output).map((line) => {
    const [name = '', detail = ''] = line.split('\x01');
    return { name, detail };
  });
  return { noun: 'stash', items };
}
