/** Everything that a commit would hold, read just before it is shown and again just before it is made. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { GitCommitFacts } from '../../core/model/facts.ts';
import { diffFile, type FileChange } from '../text-diff.ts';
import type { GitCall } from './git-call.ts';
import { readCommitHooks } from './hooks.ts';
import { lines, type Repository } from './repository.ts';
import type { Git } from './run-git.ts';
import { readIndexChanges, withContents } from './staged-changes.ts';
import { readWorkingTreeChanges } from './working-tree-changes.ts';

export async function readCommit(git: Git, repository: Repository, call: GitCall): Promise<GitCommitFacts> {
  const { folder, facts } = repository;
  const base = await baseOf(git, repository, call.amend);
  const [staged, chosen, author] = await Promise.all([
    readIndexChanges(git, folder, base).then((changes) => withContents(git, folder, changes)),
    call.filesToStage.length === 0
      ? undefined
      : readWorkingTreeChanges(git, { folder, topLevel: facts.repositoryPath, base }, call.filesToStage),
    readAuthor(git, repository, call),
  ]);
  // A file chosen by the call goes in as the working tree has it, whatever was staged of it before.
  const kept = staged.filter(({ path }) => !chosen?.paths.has(path)).map(renamedFromChosen(chosen?.paths));
  const changes = [...kept, ...(chosen?.changes ?? [])].sort((a, b) => (a.path < b.path ? -1 : 1));
  const remarks = [
    ...(chosen?.filtered ?? []).map((path) => `A filter of the repository changes ${path} when it is committed.`),
    ...unusualStates(repository.gitFolder),
  ];
  return {
    kind: 'git-commit',
    repository: facts,
    author,
    message: call.message ?? '',
    amend: call.amend,
    skipsHooks: call.skipsHooks,
    hooks: readCommitHooks(repository.hooksFolder, call),
    diff: changes.map(diffFile),
    ...(remarks.length === 0 ? {} : { remarks }),
  };
}

/** A staged rename whose old path is put back by the call is shown as the new file that it then is. */
function renamedFromChosen(chosen: ReadonlySet<string> | undefined): (change: FileChange) => FileChange {
  return (change) => {
    if (change.previousPath === undefined || !chosen?.has(change.previousPath)) return change;
    return { path: change.path, status: 'added', after: change.after };
  };
}

/** What the new commit is compared with: HEAD, or for an amended one HEAD's parent. */
async function baseOf(git: Git, { folder, facts }: Repository, amend: boolean): Promise<string | undefined> {
  if (!amend || facts.headCommit === undefined) return facts.headCommit;
  const { output } = await git({
    folder,
    arguments: ['rev-parse', '--quiet', '--verify', 'HEAD^1^{commit}'],
    accept: [0, 1],
  });
  if (output.length > 0) return lines(output)[0];
  const emptyTree = await git({ folder, arguments: ['hash-object', '-t', 'tree', '--stdin'] });
  return lines(emptyTree.output)[0];
}

async function readAuthor(git: Git, { folder }: Repository, call: GitCall): Promise<GitCommitFacts['author']> {
  if (call.author !== undefined) return call.author;
  // An amended commit keeps its author (git-commit(1), --amend).
  const { output } = call.amend
    ? await git({ folder, arguments: ['log', '-1', '--no-show-signature', '--format=%an <%ae> 0 +0000', 'HEAD'] })
    : await git({ folder, arguments: ['var', 'GIT_AUTHOR_IDENT'], accept: [0, 128] });
  const found = /^(?<name>[^\n]*) <(?<email>[^>\n]*)> /.exec(output.toString('utf8'));
  return { name: found?.groups?.['name'] ?? '', email: found?.groups?.['email'] ?? '' };
}

const STATES: readonly (readonly [string, string])[] = [
  ['MERGE_HEAD', 'This commit concludes a merge.'],
  ['CHERRY_PICK_HEAD', 'This commit concludes a cherry-pick.'],
  ['REVERT_HEAD', 'This commit concludes a revert.'],
  ['rebase-merge', 'A rebase is going on in this repository.'],
  ['rebase-apply', 'A rebase is going on in this repository.'],
];

function unusualStates(gitFolder: string): readonly string[] {
  return STATES.filter(([file]) => existsSync(join(gitFolder, file))).map(([, sentence]) => sentence);
}
