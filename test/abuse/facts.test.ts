import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GitCommitFacts } from '../../mcp-bridge/core/model/facts.ts';
import type { JsonObject } from '../../mcp-bridge/core/model/json.ts';
import { findGit } from '../../mcp-bridge/facts/git/run-git.ts';
import { gather, gitRepository, temporaryFolder, write } from '../support/facts-fixtures.ts';

let place: ReturnType<typeof temporaryFolder>;
let repository: string;
let marker: string;
let git: ReturnType<typeof gitRepository>;
beforeEach(() => {
  place = temporaryFolder();
  repository = join(place.folder, 'hostile');
  marker = join(place.folder, 'ran');
  git = gitRepository(repository);
});
afterEach(() => place.remove());

/** A program that leaves a mark, for every place in which git would run one. */
function trap(): string {
  const path = write(place.folder, 'trap.sh', `#!/bin/sh\necho "$0 $*" >> '${marker}'\ncat\n`);
  chmodSync(path, 0o755);
  return path;
}

const commit = (extra = {}) => gather('git_commit', { path: repository, message: 'm', ...extra });

test.each<[string, (program: string) => void]>([
  ['core.fsmonitor', (program) => git('config', 'core.fsmonitor', program)],
  ['core.pager', (program) => git('config', 'core.pager', program)],
  ['core.sshCommand', (program) => git('config', 'core.sshCommand', program)],
  ['core.alternateRefsCommand', (program) => git('config', 'core.alternateRefsCommand', program)],
  ['an external diff', (program) => git('config', 'diff.external', program)],
  [
    'gpg.program with shown signatures',
    (program) => {
      git('config', 'gpg.program', program);
      git('config', 'log.showSignature', 'true');
    },
  ],
  [
    'an alias of every command',
    (program) => {
      for (const name of ['diff', 'rev-parse', 'log', 'ls-files', 'cat-file'])
        git('config', `alias.${name}`, `!${program}`);
    },
  ],
  [
    'a text conversion',
    (program) => {
      git('config', 'diff.evil.textconv', program);
      git('config', 'diff.evil.command', program);
      write(repository, '.gitattributes', '* diff=evil\n');
      git('-c', 'diff.evil.command=', 'add', '.');
    },
  ],
  [
    'a clean filter',
    (program) => {
      write(repository, '.gitattributes', '* filter=evil\n');
      git('config', 'filter.evil.clean', program);
      git('config', 'filter.evil.smudge', program);
      git('config', 'filter.evil.process', program);
    },
  ],
  [
    'every hook',
    (program) => {
      for (const name of ['pre-commit', 'post-index-change', 'reference-transaction', 'post-checkout']) {
        write(repository, `.git/hooks/${name}`, readFileSync(program));
        chmodSync(join(repository, '.git/hooks', name), 0o755);
      }
    },
  ],
  [
    'a remote that fetches missing objects',
    (program) => {
      git('config', 'remote.origin.url', `ext::${program}`);
      git('config', 'remote.origin.promisor', 'true');
      git('config', 'protocol.ext.allow', 'always');
      git('config', 'extensions.partialClone', 'origin');
      git('config', 'core.repositoryFormatVersion', '1');
      const id = git('rev-parse', 'HEAD:README.md').trim();
      rmSync(join(repository, '.git/objects', id.slice(0, 2), id.slice(2)));
    },
  ],
])('CL-11: reading facts never runs %s of a hostile repository', async (_name, prepare) => {
  write(repository, 'README.md', 'changed\n');
  git('add', '.');
  write(repository, 'README.md', 'changed again\n');
  write(repository, 'more.txt', 'x\n');
  prepare(trap());
  rmSync(marker, { force: true });
  await commit({ filesToStage: ['README.md', 'more.txt'] });
  await commit();
  await commit({ amend: true });
  await gather('git_push', { path: repository, branch: 'main' });
  await gather('git_reset', { path: repository, mode: 'hard' });
  expect(existsSync(marker) ? readFileSync(marker, 'utf8') : '').toBe('');
});

test('the trap works: git without our care runs it', () => {
  git('config', 'core.fsmonitor', trap());
  git('status');
  expect(existsSync(marker)).toBe(true);
});

test('reading facts writes nothing into the repository', async () => {
  write(repository, 'README.md', 'changed\n');
  const before = git('status', '--porcelain=v2', '--branch');
  const index = readFileSync(join(repository, '.git/index'));
  await commit({ filesToStage: ['.'] });
  expect(readFileSync(join(repository, '.git/index'))).toEqual(index);
  expect(git('status', '--porcelain=v2', '--branch')).toBe(before);
});

test('a filter that would change a chosen file is told', async () => {
  write(repository, '.gitattributes', '*.bin filter=lfs\n');
  write(repository, 'a.bin', 'large');
  const { facts } = await commit({ filesToStage: ['a.bin'] });
  expect((facts as GitCommitFacts).remarks).toEqual(['A filter of the repository changes a.bin when it is committed.']);
});

test.each([
  ['GIT_DIR', '/nonexistent'],
  ['GIT_INDEX_FILE', '/nonexistent'],
  ['GIT_EXTERNAL_DIFF', '/bin/false'],
  ['GIT_CONFIG_COUNT', '1000'],
  ['GIT_WORK_TREE', '/'],
] as const)('%s of our own environment does not reach git', async (name, value) => {
  const before = process.env[name];
  process.env[name] = value;
  try {
    expect((await commit()).facts).toMatchObject({ kind: 'git-commit', repository: { repositoryPath: repository } });
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
});

test('LO-18: a git in a relative or the current folder is not taken', () => {
  const before = process.env['PATH'];
  const folder = join(place.folder, 'bin');
  mkdirSync(folder);
  chmodSync(write(folder, 'git', '#!/bin/sh\n'), 0o755);
  process.env['PATH'] = `.:bin::${before}`;
  try {
    expect(findGit()).toMatch(/^\//);
    expect(findGit()).not.toContain(place.folder);
  } finally {
    process.env['PATH'] = before;
  }
});

test('arguments that look like options are names to git', async () => {
  for (const filesToStage of [['--output=/tmp/x'], ['-A'], [':(exclude)README.md']]) {
    const { facts } = await commit({ filesToStage });
    expect(['git-commit', 'unavailable']).toContain(facts.kind);
  }
  for (const branch of ['--receive-pack=x', '-d', '--all'])
    expect((await gather('git_push', { path: repository, branch })).facts.kind).toBe('unavailable');
  expect(
    (await gather('git_push', { path: repository, remote: '--upload-pack=x', branch: 'main' })).facts.kind,
  ).not.toBe('none');
});

test('MC-13: an argument that the tool does not declare cannot name another target', async () => {
  const other = join(place.folder, 'other');
  gitRepository(other);
  const inputSchema = { type: 'object', properties: { repo_path: {}, message: {} } };
  const smuggled = { repo_path: repository, message: 'm', path: other, owner: 'acme', repo: 'harmless', amend: true };
  const { facts, attributes } = await gather('git_commit', smuggled, { inputSchema });
  expect(attributes).toMatchObject({ repository, amend: false });
  expect(facts).toMatchObject({ kind: 'git-commit', repository: { repositoryPath: repository } });
});

test('MC-13: the names of a hosting service do not hide a work tree', async () => {
  const smuggled = { path: repository, message: 'm', owner: 'acme', repo: 'harmless' };
  expect((await gather('git_commit', smuggled)).attributes).toMatchObject({ repository });
});

test('a secret in a remote’s address is in no fact', async () => {
  git('remote', 'add', 'origin', 'https://user:hunter2secret@example.test/x.git');
  const answers = [await commit(), await gather('git_push', { path: repository, branch: 'main' })];
  expect(JSON.stringify(answers)).not.toContain('hunter2secret');
});

const toolNames = [
  'git_commit',
  'git_push',
  'git_branch',
  'git_clean',
  'write_file',
  'edit_file',
  'move_file',
  'delete_file',
];
const memberNames = [
  'path',
  'content',
  'edits',
  'source',
  'destination',
  'paths',
  'branch',
  'remote',
  'message',
  'author',
];
const memberValue = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '/',
    '/proc/kmsg',
    '/dev/zero',
    '/proc/self/mem',
    '\ud800',
    '..',
    '~',
    'file:///etc',
    'file://host/x',
    '\0',
  ),
  fc.jsonValue(),
);

test('facts of any arguments come in time and never throw', async () => {
  const arbitrary = fc.dictionary(fc.constantFrom(...memberNames), memberValue);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...toolNames), arbitrary, async (toolName, toolArguments) => {
      const answer = await gather(toolName, toolArguments as JsonObject, { port: { timeoutMs: 1000 } });
      expect(answer.worldDigest).toMatch(/^[0-9a-f]{64}$/);
      expect(Object.keys(answer.facts)).toContain('kind');
    }),
    { numRuns: 150 },
  );
});
