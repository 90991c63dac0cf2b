/** Real servers as child processes: what they did is asked of git, the file system and their own files. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callTool, eventually, servers, startManager, temporaryFolder, textOf } from '../support/upstream-fixture.ts';

test('the file server writes a file, and nothing outside its folder', async () => {
  const folder = temporaryFolder();
  const manager = await startManager({ files: servers.filesystem(folder) });
  expect(manager.status()[0]).toMatchObject({ state: 'ready', era: 'initialize', tools: 14 });
  expect(manager.catalogue.facts('files')).toMatchObject({
    profileName: '@modelcontextprotocol/server-filesystem',
    roots: [folder],
  });
  await callTool(manager, 'files', 'write_file', { path: join(folder, 'note.txt'), content: 'kept' });
  expect(readFileSync(join(folder, 'note.txt'), 'utf8')).toBe('kept');
  const outside = join(temporaryFolder(), 'note.txt');
  const refused = await callTool(manager, 'files', 'write_file', { path: outside, content: 'x' });
  expect(refused).toMatchObject({ kind: 'answered', result: { isError: true } });
  expect(existsSync(outside)).toBe(false);
});

test('the memory server keeps what it was told, over a kill and a restart', async () => {
  const file = join(temporaryFolder(), 'memory.jsonl');
  const manager = await startManager({ memory: servers.memory(file) });
  const entities = [{ name: 'Ada', entityType: 'person', observations: ['wrote a program'] }];
  expect(await callTool(manager, 'memory', 'create_entities', { entities })).toMatchObject({ kind: 'answered' });
  const firstPid = manager.status()[0]?.pid ?? 0;
  process.kill(firstPid, 'SIGKILL');
  await eventually(() => manager.status()[0]?.pid !== firstPid);
  expect(textOf(await callTool(manager, 'memory', 'read_graph'))).toContain('Ada');
  expect(manager.status()[0]?.pid).not.toBe(firstPid);
});

test('the git server commits in a real repository', async () => {
  const folder = temporaryFolder();
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  git('init', '-q', '-b', 'main');
  git('config', 'user.email', 'ada@example.com');
  git('config', 'user.name', 'Ada');
  git('config', 'commit.gpgsign', 'false');
  writeFileSync(join(folder, 'a.txt'), 'a');
  git('add', 'a.txt');
  const manager = await startManager({ git: servers.git() });
  expect(manager.status()[0]).toMatchObject({ state: 'ready', tools: 28 });
  await callTool(manager, 'git', 'git_set_working_dir', { path: folder });
  const outcome = await callTool(manager, 'git', 'git_commit', { path: folder, message: 'First' });
  expect(outcome).toMatchObject({ kind: 'answered' });
  expect(git('log', '--format=%s').trim()).toBe('First');
});

test('the everything server: progress of a long call, many calls at one time, and its lists', async () => {
  const manager = await startManager({ all: servers.everything() });
  const heard: unknown[] = [];
  const long = callTool(
    manager,
    'all',
    'trigger-long-running-operation',
    { duration: 0.4, steps: 4 },
    {
      meta: { progressToken: 'mine' },
      onNotification: (_method, params) => heard.push([params['progressToken'], params['progress']]),
    },
  );
  const many = Array.from({ length: 50 }, (_, index) =>
    callTool(manager, 'all', 'echo', { message: `number ${index}` }),
  );
  const texts = (await Promise.all(many)).map(textOf);
  expect(texts).toEqual(Array.from({ length: 50 }, (_, index) => `Echo: number ${index}`));
  expect(await long).toMatchObject({ kind: 'answered' });
  expect(heard).toEqual([1, 2, 3, 4].map((step) => ['mine', step]));
  const { prompts, resourceTemplates } = manager.catalogue.listed('all');
  expect([prompts.length > 0, resourceTemplates.length > 0]).toEqual([true, true]);
});

test('kill -9 in the middle of a call is unknown; the server is back by itself and the next call works', async () => {
  const manager = await startManager({ all: servers.everything() });
  const call = callTool(manager, 'all', 'trigger-long-running-operation', { duration: 30, steps: 3 });
  await new Promise((wake) => setTimeout(wake, 100));
  process.kill(manager.status()[0]?.pid ?? 0, 'SIGKILL');
  expect(await call).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('SIGKILL') });
  expect(textOf(await callTool(manager, 'all', 'echo', { message: 'again' }))).toBe('Echo: again');
});

test('arguments are checked against the pinned schema, without coercion', async () => {
  const manager = await startManager({ all: servers.everything() });
  const tool = manager.catalogue.resolve('all', 'get-sum');
  const problems = (value: Parameters<typeof manager.catalogue.validateArguments>[1]) =>
    tool === undefined ? ['no such tool'] : manager.catalogue.validateArguments(tool, value);
  expect(problems({ a: 1, b: 2 })).toEqual([]);
  expect(problems({ a: '1', b: 2 })).toEqual(['"a" must be number.']);
  expect(problems({ a: 1 })).toEqual(['The object lacks "b".']);
});

test('servers are added, replaced and taken away while others go on', async () => {
  const folder = temporaryFolder();
  const manager = await startManager({ files: servers.filesystem(folder) });
  const { parseServerConfig } = await import('../../mcp-bridge/upstream/server-config.ts');
  await manager.add(parseServerConfig('all', servers.everything()));
  const pid = manager.status().find(({ serverId }) => serverId === 'all')?.pid ?? 0;
  expect(textOf(await callTool(manager, 'all', 'echo', { message: 'hi' }))).toBe('Echo: hi');
  await manager.remove('all');
  expect(manager.catalogue.serverIds()).toEqual(['files']);
  expect(() => process.kill(pid, 0)).toThrow();
  expect(await callTool(manager, 'all', 'echo', { message: 'hi' })).toMatchObject({ kind: 'not-sent' });
  expect(await callTool(manager, 'files', 'list_allowed_directories')).toMatchObject({ kind: 'answered' });
});
