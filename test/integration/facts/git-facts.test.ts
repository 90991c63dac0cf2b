import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GitCommitFacts, GitPushFacts } from '../../../mcp-bridge/core/model/facts.ts';
import { gather, gitRepository, temporaryFolder, write } from '../../support/facts-fixtures.ts';

let place: ReturnType<typeof temporaryFolder>;
let repository: string;
let git: ReturnType<typeof gitRepository>;
beforeEach(() => {
  place = temporaryFolder();
  repository = join(place.folder, 'shop-api');
  git = gitRepository(repository);
});
afterEach(() => place.remove());

const commit = async (extra: Record<string, unknown> = {}) => {
  const answer = await gather('git_commit', { path: repository, message: 'second', ...extra } as never);
  return { ...answer, facts: answer.facts as GitCommitFacts };
};
const stage = (name: string, content: string | Buffer) => {
  write(repository, name, content);
  git('add', '.');
};
const changed = (facts: GitCommitFacts) => facts.diff.map(({ path, status }) => [path, status]);

test('a commit is its repository, branch, author, message and every staged line', async () => {
  write(repository, 'README.md', 'one\nTWO\nthree\n');
  write(repository, 'src/new.ts', 'export {};\n');
  git('add', '.');
  write(repository, 'README.md', 'one\nnot staged\nthree\n');
  const { facts, attributes } = await commit();
  expect(attributes).toEqual({
    repository,
    repositoryName: 'shop-api',
    branch: 'main',
    amend: false,
    skipsHooks: false,
  });
  expect(facts).toEqual({
    kind: 'git-commit',
    repository: {
      repositoryPath: repository,
      repositoryName: 'shop-api',
      branch: 'main',
      headCommit: git('rev-parse', 'HEAD').trim(),
      remote: undefined,
    },
    author: { name: 'Ada Lovelace', email: 'ada@example.test' },
    message: 'second',
    amend: false,
    skipsHooks: false,
    hooks: [],
    diff: [
      {
        path: 'README.md',
        status: 'modified',
        binary: false,
        addedLines: 1,
        removedLines: 1,
        hunks: [
          {
            header: '@@ -1,3 +1,3 @@',
            lines: [
              { kind: 'context', text: 'one' },
              { kind: 'removed', text: 'two' },
              { kind: 'added', text: 'TWO' },
              { kind: 'context', text: 'three' },
            ],
          },
        ],
      },
      {
        path: 'src/new.ts',
        status: 'added',
        binary: false,
        addedLines: 1,
        removedLines: 0,
        hunks: [{ header: '@@ -0,0 +1,1 @@', lines: [{ kind: 'added', text: 'export {};' }] }],
      },
    ],
  });
});

test('files to stage are read as the working tree has them, staged or not', async () => {
  write(repository, 'README.md', 'staged\n');
  git('add', '.');
  write(repository, 'README.md', 'one\ntwo\nthree\nfour\n');
  write(repository, 'a b/ü.txt', 'new');
  write(repository, 'left-out.txt', 'x');
  const { facts } = await commit({ filesToStage: ['README.md', 'a b'] });
  expect(changed(facts)).toEqual([
    ['README.md', 'modified'],
    ['a b/ü.txt', 'added'],
  ]);
  expect(facts.diff[0]).toMatchObject({ addedLines: 1, removedLines: 0 });
  git('add', '--', 'README.md', 'a b');
  const staged = await commit();
  expect(staged.facts.diff).toEqual(facts.diff);
});

test('a chosen file that is as committed is not part of the commit, and a missing one is deleted', async () => {
  write(repository, 'gone.txt', 'x\n');
  git('add', '.');
  git('commit', '--quiet', '--message=more');
  rmSync(join(repository, 'gone.txt'));
  expect(changed((await commit({ filesToStage: ['README.md', 'gone.txt'] })).facts)).toEqual([['gone.txt', 'deleted']]);
});

test.each([
  ['a rename', () => git('mv', 'README.md', 'READ.md'), [['READ.md', 'renamed']]],
  ['a removal', () => git('rm', '--quiet', 'README.md'), [['README.md', 'deleted']]],
  ['an executable bit', () => git('update-index', '--chmod=+x', 'README.md'), [['README.md', 'modified']]],
  [
    'a file that became a link',
    () => {
      rmSync(join(repository, 'README.md'));
      symlinkSync('/etc/passwd', join(repository, 'README.md'));
      git('add', '.');
    },
    [['README.md', 'type-changed']],
  ],
  ['a binary file', () => stage('b.bin', Buffer.from([1, 0, 2])), [['b.bin', 'added']]],
  ['names with line breaks and quotes', () => stage('a"\ndiff --git.txt', 'x'), [['a"\ndiff --git.txt', 'added']]],
] as const)('%s is told as what it is', async (_name, prepare, expected) => {
  prepare();
  expect(changed((await commit()).facts)).toEqual(expected);
});

test('an amended commit is compared with its parent and keeps its author', async () => {
  write(repository, 'second.txt', 'x\n');
  git('add', '.');
  git('-c', 'user.name=Grace Hopper', '-c', 'user.email=grace@example.test', 'commit', '--quiet', '--message=grace');
  const { facts } = await commit({ amend: true, noVerify: true });
  expect(facts).toMatchObject({ amend: true, skipsHooks: true, author: { name: 'Grace Hopper' } });
  expect(changed(facts)).toEqual([['second.txt', 'added']]);
});

test('the author of the call and of the server’s variables are the ones git would use', async () => {
  const author = { name: 'Mallory', email: 'm@example.test' };
  expect((await commit({ author })).facts.author).toEqual(author);
  const port = { environmentOf: () => ({ GIT_USERNAME: 'Bot', GIT_USER_EMAIL: 'bot@example.test' }) };
  const { facts } = await gather('git_commit', { path: repository, message: 'm' }, { port });
  expect((facts as GitCommitFacts).author).toEqual({ name: 'Bot', email: 'bot@example.test' });
});

test('hooks that would run are named, wherever they are configured', async () => {
  mkdirSync(join(repository, 'tools'));
  for (const name of ['pre-commit', 'post-commit', 'commit-msg', 'not-a-hook'])
    chmodSync(write(repository, `tools/${name}`, '#!/bin/sh\n'), 0o755);
  git('config', 'core.hooksPath', 'tools');
  expect((await commit()).facts.hooks).toEqual(['pre-commit', 'commit-msg', 'post-commit']);
  expect((await commit({ noVerify: true })).facts.hooks).toEqual(['post-commit']);
});

test.each([
  ['the message', () => undefined, { message: 'other' }],
  ['what is staged', () => stage('README.md', 'x')],
  ['the branch', () => git('checkout', '--quiet', '-b', 'other')],
  ['the author', () => git('config', 'user.name', 'Eve')],
  ['HEAD', () => git('commit', '--quiet', '--allow-empty', '--message=x')],
] as [string, () => unknown, Record<string, unknown>?][])(
  'the world digest changes with %s',
  async (_name, change, extra = {}) => {
    const before = await commit();
    expect((await commit()).worldDigest).toBe(before.worldDigest);
    change();
    expect((await commit(extra)).worldDigest).not.toBe(before.worldDigest);
  },
);

test('a linked work tree is known as the repository it belongs to', async () => {
  const linked = join(place.folder, 'elsewhere');
  git('worktree', 'add', '--quiet', '-b', 'side', linked);
  const { attributes } = await gather('git_commit', { path: linked, message: 'm' });
  expect(attributes).toMatchObject({ repository, repositoryName: 'shop-api', branch: 'side' });
});

test.each([
  ['no path', {}],
  ['the server’s own folder', { path: '.' }],
  ['a folder that is not there', { path: '/nonexistent/repository' }],
  ['a folder without a repository', { path: '/' }],
] as const)('facts are unavailable and attributes absent for %s', async (_name, path) => {
  const { facts, attributes } = await gather('git_commit', { ...path, message: 'm' });
  expect(facts).toEqual({ kind: 'unavailable', reason: expect.any(String) });
  expect(attributes).toEqual({});
});

test('the first commit of a repository is everything that is staged', async () => {
  const fresh = join(place.folder, 'fresh');
  mkdirSync(fresh);
  git('init', '--quiet', '--initial-branch=trunk', fresh);
  write(fresh, 'a.txt', 'x\n');
  git('-C', fresh, 'add', '.');
  const { facts, attributes } = await gather('git_commit', { path: fresh, message: 'm' });
  expect(attributes).toMatchObject({ repository: fresh, branch: 'trunk' });
  expect(changed(facts as GitCommitFacts)).toEqual([['a.txt', 'added']]);
});

test('a folder whose name holds a line break is not misread', async () => {
  const odd = join(place.folder, 'shop-api\n/srv/other');
  gitRepository(odd);
  expect(await gather('git_commit', { path: odd, message: 'm' })).toMatchObject({
    facts: { kind: 'unavailable' },
    attributes: {},
  });
});

test('a detached HEAD has no branch, so a freeze of any branch covers it', async () => {
  git('checkout', '--quiet', '--detach');
  expect((await commit()).attributes).toEqual({
    repository,
    repositoryName: 'shop-api',
    amend: false,
    skipsHooks: false,
  });
});

test('a push tells the remote, the branch there and the commits that it lacks', async () => {
  const remote = join(place.folder, 'remote.git');
  git('init', '--quiet', '--bare', remote);
  git('remote', 'add', 'origin', remote);
  git('push', '--quiet', '-u', 'origin', 'main');
  git('commit', '--quiet', '--allow-empty', '--message=one more');
  const { facts, attributes } = await gather('git_push', { path: repository });
  expect(facts).toMatchObject({
    kind: 'git-push',
    remote: { name: 'origin', url: remote },
    targetBranch: 'main',
    force: false,
    deletes: false,
    commits: [{ subject: 'one more', author: 'Ada Lovelace <ada@example.test>' }],
  });
  expect(attributes).toMatchObject({ repository, branch: 'main', remote, force: false, deletes: false });
});

test.each([
  ['a forced refspec', { branch: '+main' }, { force: true, deletes: false, targetBranch: 'main' }],
  ['an empty source', { branch: ':main' }, { force: false, deletes: true, targetBranch: 'main' }],
  ['a rename on the way', { branch: 'main:release' }, { force: false, deletes: false, targetBranch: 'release' }],
  ['force with lease', { branch: 'main', forceWithLease: true }, { force: true, targetBranch: 'main' }],
  ['delete', { branch: 'main', delete: true }, { deletes: true, targetBranch: 'main' }],
  ['another name there', { branch: 'main', remoteBranch: 'x' }, { targetBranch: 'x' }],
] as const)('a push by %s is told as such', async (_name, extra, expected) => {
  git('remote', 'add', 'origin', 'https://user:secret@example.test/shop.git');
  const { facts } = await gather('git_push', { path: repository, ...extra });
  expect(facts as GitPushFacts).toMatchObject({ ...expected, remote: { url: 'https://…@example.test/shop.git' } });
});

test('a push that only the configuration understands is not guessed', async () => {
  git('config', 'push.default', 'matching');
  const { facts, attributes } = await gather('git_push', { path: repository });
  expect(facts.kind).toBe('unavailable');
  expect(attributes).toMatchObject({ repository });
});

test('other git tools tell the repository and the branch they change', async () => {
  const { facts, attributes } = await gather('git_branch', { path: repository, mode: 'delete', branchName: 'old' });
  expect(facts).toMatchObject({ kind: 'git-other', action: 'branch delete' });
  expect(attributes).toEqual({ repository, repositoryName: 'shop-api', branch: 'old', action: 'branch delete' });
});

test.each<[string, string, Record<string, unknown>, () => void, unknown]>([
  [
    'untracked files that a clean deletes',
    'git_clean',
    { force: true, directories: true },
    () => {
      write(repository, '.gitignore', '*.log\n');
      git('add', '.');
      write(repository, 'new.txt', 'x');
      write(repository, 'deep/new.txt', 'x');
      write(repository, 'kept.log', 'x');
    },
    [{ noun: 'untracked file', items: [{ name: 'deep/new.txt' }, { name: 'new.txt' }] }],
  ],
  [
    'commits that only a deleted branch holds',
    'git_branch',
    { mode: 'delete', branchName: 'side' },
    () => {
      git('checkout', '--quiet', '-b', 'side');
      git('commit', '--quiet', '--allow-empty', '--message=only here');
      git('checkout', '--quiet', 'main');
    },
    [{ noun: 'commit', items: [expect.objectContaining({ name: 'only here' })] }],
  ],
  [
    'commits that a merge brings',
    'git_merge',
    { branch: 'side' },
    () => {
      git('checkout', '--quiet', '-b', 'side');
      git('commit', '--quiet', '--allow-empty', '--message=comes in');
      git('checkout', '--quiet', 'main');
    },
    [{ noun: 'commit', items: [expect.objectContaining({ name: 'comes in' })] }],
  ],
  [
    'commits that a reset drops',
    'git_reset',
    { mode: 'hard', target: 'HEAD~1' },
    () => {
      git('commit', '--quiet', '--allow-empty', '--message=dropped');
      write(repository, 'README.md', 'work of hours');
      write(repository, 'untracked.txt', 'stays');
    },
    [
      { noun: 'commit', items: [expect.objectContaining({ name: 'dropped' })] },
      { noun: 'changed file', items: [{ name: 'README.md', detail: 'modified' }] },
    ],
  ],
  [
    'stashes before they are cleared',
    'git_stash',
    { mode: 'clear' },
    () => {
      write(repository, 'README.md', 'x');
      git('stash', 'push', '--quiet', '--message=half done');
    },
    [{ noun: 'stash', items: [{ name: 'stash@{0}', detail: 'On main: half done' }] }],
  ],
  [
    'files that an add would stage',
    'git_add',
    { paths: ['.'] },
    () => {
      write(repository, 'new.txt', 'x');
      write(repository, 'README.md', 'x');
    },
    [
      {
        noun: 'changed file',
        items: [
          { name: 'README.md', detail: 'modified' },
          { name: 'new.txt', detail: 'added' },
        ],
      },
    ],
  ],
])('lists %s', async (_name, toolName, toolArguments, prepare, affected) => {
  prepare();
  const { facts } = await gather(toolName, { path: repository, ...toolArguments } as never);
  expect(facts).toMatchObject({ kind: 'git-other', affected });
});

test('what a name that looks like an option would affect is told as unreadable', async () => {
  const { facts } = await gather('git_merge', { path: repository, branch: '--output=x' });
  expect(facts).toMatchObject({ kind: 'git-other', remarks: [expect.any(String)] });
});

test('the tools of a hosting service name their target themselves', async () => {
  const { facts, attributes } = await gather(
    'merge_pull_request',
    { owner: 'acme', repo: 'shop-api', pull_number: 7 },
    { classification: { domain: 'version-control' } },
  );
  expect(facts).toEqual({ kind: 'none' });
  expect(attributes).toEqual({ repository: 'acme/shop-api', repositoryName: 'shop-api' });
});

test('a caller that is gone, or no time, leaves nothing but the reason', async () => {
  const signal = AbortSignal.abort();
  expect((await gather('git_commit', { path: repository }, { signal })).facts.kind).toBe('unavailable');
  const port = { timeoutMs: 1 };
  expect((await gather('git_commit', { path: repository }, { port })).facts.kind).toBe('unavailable');
});
