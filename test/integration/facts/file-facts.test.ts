import { mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FileFacts, GatheredFacts } from '../../../mcp-bridge/core/model/facts.ts';
import type { JsonObject } from '../../../mcp-bridge/core/model/json.ts';
import { gather, temporaryFolder, write } from '../../support/facts-fixtures.ts';

let place: ReturnType<typeof temporaryFolder>;
let root: string;
let outside: string;
beforeEach(() => {
  place = temporaryFolder();
  root = join(place.folder, 'root');
  outside = join(place.folder, 'outside');
  mkdirSync(root);
  mkdirSync(outside);
});
afterEach(() => place.remove());

const profileName = '@modelcontextprotocol/server-filesystem';
type Answer = Omit<GatheredFacts, 'facts'> & { readonly facts: FileFacts };
const read = async (
  toolName: string,
  toolArguments: JsonObject,
  effect: 'write' | 'delete' = 'write',
): Promise<Answer> => {
  const answer = await gather(toolName, toolArguments, {
    server: { roots: [root], profileName },
    classification: { effect, domain: 'files' },
  });
  return { ...answer, facts: answer.facts as FileFacts };
};

test('a new file is all added lines', async () => {
  const path = join(root, 'notes.md');
  const { facts, attributes } = await read('write_file', { path, content: 'a\nb' });
  expect(attributes).toEqual({ path, folder: root });
  expect(facts).toEqual({
    kind: 'files',
    action: 'create',
    targets: [{ path, exists: false }],
    diff: [
      {
        path,
        status: 'added',
        binary: false,
        addedLines: 2,
        removedLines: 0,
        hunks: [
          {
            header: '@@ -0,0 +1,2 @@',
            lines: [
              { kind: 'added', text: 'a' },
              { kind: 'added', text: 'b' },
              { kind: 'no-newline', text: 'No newline at end of file' },
            ],
          },
        ],
      },
    ],
  });
});

test('an overwritten file is compared with what is there', async () => {
  const path = write(root, 'a.txt', 'one\ntwo\n');
  const { facts } = await read('write_file', { path, content: 'one\n2\n' });
  expect(facts).toMatchObject({
    action: 'overwrite',
    targets: [{ path, exists: true, entryKind: 'file', bytes: 8, modifiedAt: statSync(path).mtime.toISOString() }],
    diff: [{ status: 'modified', addedLines: 1, removedLines: 1 }],
  });
});

test('edits are shown as the server will make them', async () => {
  const path = write(root, 'a.txt', 'price = 1\r\nname = $x\r\n');
  const edits = [{ oldText: 'name = $x', newText: "name = $& $' $1" }];
  const { facts } = await read('edit_file', { path, edits });
  const added = facts.diff[0]?.hunks.flatMap((hunk) => hunk.lines.filter((line) => line.kind === 'added'));
  expect(added).toEqual([
    { kind: 'added', text: 'price = 1' },
    { kind: 'added', text: "name = $& $' $1" },
  ]);
});

test('an edit whose text is not there word for word is not guessed', async () => {
  const path = write(root, 'a.txt', 'one\n');
  const { facts } = await read('edit_file', { path, edits: [{ oldText: ' two ', newText: 'x' }] });
  expect(facts).toMatchObject({ diff: [], remarks: [expect.stringContaining('word for word')] });
});

test.each<[string, () => void, string, string]>([
  [
    'through a link out of the folders',
    () => symlinkSync(outside, join(root, 'link')),
    'link/new.txt',
    'outside/new.txt',
  ],
  ['by dots', () => undefined, '../outside/new.txt', 'outside/new.txt'],
  [
    'through a link to a file that is not there yet',
    () => symlinkSync('../outside/made', join(root, 'link')),
    'link',
    'outside/made',
  ],
])('CL-13: a path that leads out %s is told as where it leads', async (_name, prepare, named, expected) => {
  prepare();
  const { facts, attributes } = await read('write_file', { path: `${root}/${named}`, content: 'x' });
  expect(facts.targets).toEqual([{ path: join(place.folder, expected), exists: false, outsideRoots: true }]);
  expect(attributes['path']).toBe(join(place.folder, expected));
});

test('a link inside the folders is followed without alarm', async () => {
  write(root, 'real.txt', 'x\n');
  symlinkSync('real.txt', join(root, 'link.txt'));
  const { facts } = await read('write_file', { path: join(root, 'link.txt'), content: 'y\n' });
  expect(facts.targets[0]).toMatchObject({ path: join(root, 'real.txt'), entryKind: 'file' });
  expect(facts.targets[0]?.outsideRoots).toBeUndefined();
});

test('a relative path counts from the server’s folders, and is unreadable without any', async () => {
  const { facts } = await read('write_file', { path: 'sub/a.txt', content: '' });
  expect(facts.targets[0]?.path).toBe(join(root, 'sub/a.txt'));
  const unknown = await gather('write_file', { path: 'a.txt', content: '' });
  expect(unknown).toMatchObject({ facts: { kind: 'unavailable' }, attributes: {} });
});

test('a move tells both ends, and that the second is taken', async () => {
  const source = write(root, 'a.txt', 'x');
  const destination = write(root, 'b.txt', 'y');
  const { facts } = await read('move_file', { source, destination });
  expect(facts).toMatchObject({
    action: 'move',
    targets: [
      { path: source, exists: true },
      { path: destination, exists: true },
    ],
  });
});

test('a write into a repository’s own folder is what guardrails see', async () => {
  const { attributes } = await read('move_file', {
    source: join(root, 'x'),
    destination: join(root, '.git/refs/heads/main'),
  });
  expect(attributes['path']).toBe(join(root, '.git/refs/heads/main'));
});

test('a deletion of a folder covers everything in it, and no link is followed', async () => {
  for (let index = 0; index < 20; index++) write(root, `data/${index}/file.txt`, '12345');
  write(outside, 'kept.txt', 'x');
  symlinkSync(outside, join(root, 'data/link'));
  const { facts } = await read('delete_directory', { path: join(root, 'data'), recursive: true }, 'delete');
  expect(facts).toMatchObject({ action: 'delete', covers: { files: 21, folders: 21 } });
  expect(facts.covers?.items.map((item) => item.path)).not.toContain(join(outside, 'kept.txt'));
  expect(facts.covers?.items.find((item) => item.path.endsWith('link'))?.entryKind).toBe('link');
});

test('a deleted link is the link, not what it leads to', async () => {
  write(outside, 'kept.txt', 'x');
  symlinkSync(join(outside, 'kept.txt'), join(root, 'link'));
  const { facts } = await read('delete_file', { path: join(root, 'link') }, 'delete');
  expect(facts.targets).toMatchObject([{ path: join(root, 'link'), entryKind: 'link' }]);
});

test.each([
  ['what is there is a folder', () => mkdirSync(join(root, 'x'))],
  ['what is there is too large', () => write(root, 'x', Buffer.alloc(5 * 1024 * 1024))],
] as const)('facts are unavailable when %s, and the path is known all the same', async (_name, prepare) => {
  prepare();
  const { facts, attributes } = await read('write_file', { path: join(root, 'x'), content: 'y' });
  expect(facts).toEqual({ kind: 'unavailable', reason: expect.any(String) });
  expect(attributes).toEqual({ path: join(root, 'x'), folder: root });
});

test('the world digest follows the content that would be replaced', async () => {
  const path = write(root, 'a.txt', 'one');
  const before = (await read('write_file', { path, content: 'x' })).worldDigest;
  write(root, 'a.txt', 'two');
  expect((await read('write_file', { path, content: 'x' })).worldDigest).not.toBe(before);
});

test('a tool that reads gets no facts and touches nothing', async () => {
  const answer = await gather('read_file', { path: '/nonexistent' }, { classification: { effect: 'read' } });
  expect(answer).toMatchObject({ facts: { kind: 'none' }, attributes: {} });
});

test('5000 changed lines are compared, all of them', async () => {
  const lines = (word: string) => Array.from({ length: 5000 }, (_, index) => `${word} ${index}`).join('\n');
  const path = write(root, 'large.txt', lines('old'));
  const { facts } = await read('write_file', { path, content: lines('new') });
  expect(facts.diff[0]).toMatchObject({ addedLines: 5000, removedLines: 5000 });
});

test.each([
  ['over the network', { endpoint: 'https://drive.example.test/mcp' }],
  ['in a container', { endpoint: '/usr/bin/docker run -i mcp/filesystem', roots: ['/'] }],
  ['of unknown make, given no folder', { endpoint: 'node cloud-drive.js', profileName: 'cloud-drive' }],
] as const)('a path on a server %s is not looked up here, and still seen by guardrails', async (_name, server) => {
  const path = write(root, '.git/config', 'x');
  const { facts, attributes } = await gather('write_file', { path, content: 'y' }, { server });
  expect(facts).toEqual({ kind: 'none' });
  expect(attributes).toEqual({ path });
});

test('a repository that a server sees elsewhere is not guessed', async () => {
  const server = { endpoint: 'docker run -i mcp/git' };
  const { facts, attributes } = await gather('git_commit', { path: root, message: 'm' }, { server });
  expect(facts.kind).toBe('unavailable');
  expect(attributes).toEqual({});
});
