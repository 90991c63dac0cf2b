/** What a push would change on the other side, as far as this machine knows without asking it. */
import type { GitPushFacts } from '../../core/model/facts.ts';
import { textOf } from '../arguments.ts';
import { Unreadable } from '../unreadable.ts';
import type { GitCall } from './git-call.ts';
import { listCommits, MAX_COMMITS } from './list-commits.ts';
import { lines, type Repository, remoteUrl, withoutPassword } from './repository.ts';
import type { Git } from './run-git.ts';

export async function readPush(git: Git, repository: Repository, call: GitCall): Promise<GitPushFacts> {
  const { folder, facts } = repository;
  const remoteName = textOf(call.arguments, ['remote', 'remote_name']) ?? 'origin';
  const url = await remoteUrl(git, folder, remoteName);
  const target = await readTarget(git, repository, call, remoteName);
  const commits = target.deletes ? [] : await readCommits(git, folder, remoteName, target);
  const remarks = [
    ...(url === '' ? ['The remote is not one of the repository’s remotes; it is used as an address.'] : []),
    ...(call.arguments['tags'] === true ? ['All tags are pushed too.'] : []),
    ...(commits.length > MAX_COMMITS ? [`Only the newest ${MAX_COMMITS} commits are listed.`] : []),
    ...(target.isTracked || target.deletes
      ? []
      : ['The branch is new to the remote as far as this machine knows; commits that no branch there has are listed.']),
  ];
  return {
    kind: 'git-push',
    repository: facts,
    remote: { name: remoteName, url: url === '' ? withoutPassword(remoteName) : url },
    targetBranch: target.branch,
    force: target.force,
    deletes: target.deletes,
    commits: commits.slice(0, MAX_COMMITS),
    ...(remarks.length === 0 ? {} : { remarks }),
  };
}

type Target = {
  readonly source: string;
  readonly branch: string;
  readonly force: boolean;
  readonly deletes: boolean;
  readonly isTracked: boolean;
};

async function readTarget(git: Git, repository: Repository, call: GitCall, remoteName: string): Promise<Target> {
  const { folder, facts } = repository;
  const flags = call.arguments;
  const named = flags['branch'];
  const refspec = typeof named === 'string' && named !== '' ? parseRefspec(named) : undefined;
  const destination = textOf(flags, ['remoteBranch', 'remote_branch']) ?? refspec?.destination;
  const branch = destination ?? refspec?.source ?? (await branchByConfiguration(git, folder, remoteName, facts.branch));
  const short = branch.replace(/^refs\/heads\//, '');
  const known = await git({
    folder,
    arguments: ['rev-parse', '--quiet', '--verify', `refs/remotes/${remoteName}/${short}^{commit}`],
    accept: [0, 1, 128],
  });
  const forced = ['force', 'forceWithLease', 'force_with_lease', 'mirror'].some((name) => flags[name] === true);
  return {
    source: refspec?.source || 'HEAD',
    branch: short,
    force: forced || refspec?.force === true,
    deletes: flags['delete'] === true || refspec?.source === '',
    isTracked: known.status === 0,
  };
}

/** git-push(1), refspec: `[+]SOURCE[:DESTINATION]`; an empty source deletes. */
function parseRefspec(text: string): {
  readonly force: boolean;
  readonly source: string;
  readonly destination?: string | undefined;
} {
  const force = text.startsWith('+');
  const [source = '', destination] = (force ? text.slice(1) : text).split(':');
  return { force, source, destination: destination === '' ? undefined : destination };
}

/** Without a branch in the call, the configuration decides (push.default, git-config(1)). */
async function branchByConfiguration(
  git: Git,
  folder: string,
  remoteName: string,
  current: string | undefined,
): Promise<string> {
  const read = async (name: string) => {
    const { output } = await git({ folder, arguments: ['config', '--get-all', name], accept: [0, 1] });
    return lines(output).at(-1);
  };
  const [mode = 'simple', refspec, upstream] = await Promise.all([
    read('push.default'),
    read(`remote.${remoteName}.push`),
    current === undefined ? undefined : read(`branch.${current}.merge`),
  ]);
  if (refspec !== undefined || mode === 'matching' || current === undefined)
    throw new Unreadable('The repository’s configuration decides which branches are pushed; the call names none.');
  return (mode === 'upstream' || mode === 'tracking') && upstream ? upstream : current;
}

async function readCommits(
  git: Git,
  folder: string,
  remoteName: string,
  { source, branch, isTracked }: Target,
): Promise<GitPushFacts['commits']> {
  const known = isTracked ? [`refs/remotes/${remoteName}/${branch}`] : [`--remotes=${remoteName}`];
  return listCommits(git, folder, [
    ...known.flatMap((reference) => ['--not', reference, '--not']),
    '--end-of-options',
    source,
  ]);
}
