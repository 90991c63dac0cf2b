/** Upstreams that lie about their tools; judged by what they executed and by what mcp clients are served. */
import { chmodSync, copyFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { filePinStore, memoryPinStore } from '../../mcp-bridge/upstream/pin-store.ts';
import { parseServerConfig } from '../../mcp-bridge/upstream/server-config.ts';
import { executed } from '../support/uplog.ts';
import {
  callTool,
  eventually,
  node,
  servers,
  startManager,
  temporaryFolder,
  textOf,
} from '../support/upstream-fixture.ts';

const evil = (mode: string, more: readonly string[] = []) => servers.evil('--mode', mode, ...more);

test('MC-03: a definition changed by list_changed blocks the tool until it is reviewed', async () => {
  const folder = temporaryFolder();
  const [log, state] = [join(folder, 'uplog'), join(folder, 'state')];
  const manager = await startManager({ it: evil('rug-pull', ['--log', log, '--state', state]) });
  expect(textOf(await callTool(manager, 'it', 'greet'))).toBe('hello');
  await eventually(() => manager.catalogue.resolve('it', 'greet')?.review === 'changed');
  expect(manager.catalogue.listTools('it')).toEqual([]);
  expect(await callTool(manager, 'it', 'greet')).toMatchObject({ kind: 'not-sent' });
  expect(executed(log)).toEqual(['greet']);
  const [difference] = manager.catalogue.differences('it');
  expect(difference).toMatchObject({
    state: 'changed',
    differences: [{ path: 'description', before: 'Says hello.', after: 'Deletes everything.' }],
  });
  expect(manager.catalogue.review('it', 'greet', difference?.definitionHash ?? '')).toBe(true);
  expect(await callTool(manager, 'it', 'greet')).toMatchObject({ kind: 'answered' });
});

test('MC-03: a rug pulled while the server restarts is seen before the call that woke it is sent', async () => {
  const folder = temporaryFolder();
  const [log, state] = [join(folder, 'uplog'), join(folder, 'state')];
  const manager = await startManager({ it: evil('rug-pull', ['--log', log, '--state', state]) });
  writeFileSync(state, '');
  process.kill(manager.status()[0]?.pid ?? 0, 'SIGKILL');
  await eventually(() => manager.status()[0]?.state !== 'ready');
  expect(await callTool(manager, 'it', 'greet')).toMatchObject({ kind: 'not-sent' });
  expect(executed(log)).toEqual([]);
});

test('MC-04: the same definition from a changed program, version or command line is another one', async () => {
  const folder = temporaryFolder();
  const script = join(folder, 'server.mjs');
  copyFileSync(resolve('test/support/evil-upstream.mjs'), script);
  const pinStore = memoryPinStore();
  const states = async (args: readonly string[]) => {
    const manager = await startManager({ it: node(script, args) }, { pinStore });
    const state = manager.catalogue.resolve('it', 'greet')?.review;
    await manager.close();
    return state;
  };
  const state = join(folder, 'state');
  const args = ['--mode', 'sleeper', '--state', state];
  expect(await states(args)).toBe('reviewed');
  expect(await states(args), 'nothing changed').toBe('reviewed');
  expect(await states([...args, '--more']), 'another argument').toBe('changed');
  writeFileSync(state, '');
  expect(await states(args), 'another version').toBe('changed');
  writeFileSync(script, `${readFileSync(script, 'utf8')}\n// one line more\n`);
  expect(await states(args), 'another program').toBe('changed');
});

test('MC-05: a server that shows one definition to us and another to the next is served from the pin', async () => {
  const manager = await startManager({ it: evil('flip-flop') });
  const served = () => manager.catalogue.listTools('it').map(({ definition }) => definition.description);
  expect(served()).toEqual(['Says hello.']);
  process.kill(manager.status()[0]?.pid ?? 0, 'SIGKILL');
  await callTool(manager, 'it', 'greet');
  expect(served().every((description) => description === 'Says hello.')).toBe(true);
});

test('MC-06: a description that speaks of another server’s tool is flagged and changes nothing there', async () => {
  const folder = temporaryFolder();
  const manager = await startManager({ shadow: evil('shadow'), files: servers.filesystem(folder) });
  const helper = manager.catalogue.reviews('shadow').find(({ toolName }) => toolName === 'helper');
  expect(helper?.flags.map(({ kind, path }) => `${kind} ${path}`)).toEqual(
    expect.arrayContaining(['other-tool description', 'instruction description']),
  );
  expect(manager.catalogue.resolve('files', 'read_text_file')).toMatchObject({ review: 'reviewed' });
});

test('MC-07: look-alikes by case, _ and -, alphabet or invisible letters are all refused, the plain one too', async () => {
  const folder = temporaryFolder();
  const log = join(folder, 'uplog');
  const manager = await startManager({ it: evil('look-alike', ['--log', log]) });
  expect(manager.catalogue.listTools('it')).toEqual([]);
  for (const name of ['greet', 'Greet', 'gr-eet', 'gr_eet', 'greеt', 'gr\u200beet'])
    expect(await callTool(manager, 'it', name)).toMatchObject({ kind: 'not-sent' });
  expect(executed(log)).toEqual([]);
  expect(manager.status()[0]).toMatchObject({ state: 'ready', tools: 0 });
  expect(manager.status()[0]?.nameProblems.length).toBe(6);
});

test('MC-07: a name given twice is offered not at all', async () => {
  const manager = await startManager({ it: evil('twice') });
  expect(manager.catalogue.resolve('it', 'greet')).toBeUndefined();
});

test('MC-08: two servers that call themselves the same stay apart by the ids the person gave', async () => {
  const folder = temporaryFolder();
  const logs = { first: join(folder, 'first'), second: join(folder, 'second') };
  const manager = await startManager({
    first: evil('plain', ['--log', logs.first]),
    second: evil('plain', ['--log', logs.second]),
  });
  const named = manager.catalogue.parseExposedName({ kind: 'all' }, 'second__greet');
  expect(named).toEqual({ serverId: 'second', toolName: 'greet' });
  await callTool(manager, 'second', 'greet');
  expect([executed(logs.first), executed(logs.second)]).toEqual([[], ['greet']]);
});

test('new tools are not callable until reviewed, when nobody said first-use', async () => {
  const folder = temporaryFolder();
  const log = join(folder, 'uplog');
  const manager = await startManager({ it: evil('plain', ['--log', log]) }, { review: 'manual' });
  expect(manager.catalogue.resolve('it', 'greet')).toMatchObject({ review: 'new' });
  expect(await callTool(manager, 'it', 'greet')).toMatchObject({ kind: 'not-sent' });
  const [review] = manager.catalogue.differences('it');
  expect(manager.catalogue.review('it', 'greet', 'f'.repeat(64)), 'another hash').toBe(false);
  expect(manager.catalogue.review('it', 'greet', review?.definitionHash ?? '', 'refused')).toBe(true);
  expect(manager.catalogue.resolve('it', 'greet')).toMatchObject({ review: 'refused' });
  expect(await callTool(manager, 'it', 'greet')).toMatchObject({ kind: 'not-sent' });
  expect(executed(log)).toEqual([]);
});

test.each([
  ['a changed byte', (path: string) => writeFileSync(path, readFileSync(path, 'utf8').replace('Says', 'Sayz'))],
  ['no MAC any more', (path: string) => writeFileSync(path, readFileSync(path, 'utf8').replace(/,"mac":"[^"]*"/, ''))],
  ['a file that others may write', (path: string) => chmodSync(path, 0o666)],
  ['no JSON', (path: string) => writeFileSync(path, '{')],
])('LO-14: pins with %s are not believed, and nothing is accepted by itself', async (_name, tamper) => {
  const path = join(temporaryFolder(), 'pins.json');
  const key = Buffer.alloc(32, 7);
  const first = await startManager({ it: evil('plain') }, { pinStore: filePinStore(path, key) });
  await first.close();
  expect(filePinStore(path, key).load()).toMatchObject({ it: { tools: { greet: { state: 'reviewed' } } } });
  tamper(path);
  const second = await startManager({ it: evil('plain') }, { pinStore: filePinStore(path, key) });
  expect(second.catalogue.problem).toContain(path);
  expect(second.catalogue.resolve('it', 'greet')).toMatchObject({ review: 'new' });
});

test('LO-13: a link in the place of the pins is not followed', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'real.json'), '{"version":1,"servers":{}}', { mode: 0o600 });
  symlinkSync(join(folder, 'real.json'), join(folder, 'pins.json'));
  expect(() => filePinStore(join(folder, 'pins.json')).load()).toThrow(/cannot be opened/);
});

test('MC-36: a server that is not in the configuration cannot be called', async () => {
  const manager = await startManager({ it: evil('plain') });
  expect(await callTool(manager, 'shadow', 'greet')).toMatchObject({ kind: 'not-sent' });
});

test.each([
  ['an underscore', 'a_b'],
  ['capitals', 'Git'],
  ['another alphabet', 'gіt'],
  ['our own name', 'countersign'],
  ['a name like our own', 'c0untersign'],
  ['our own name in two parts', 'counter-sign'],
  ['a prototype', '__proto__'],
  ['nothing', ''],
])('MC-07: a server id with %s is refused', (_name, serverId) => {
  expect(() => parseServerConfig(serverId, { command: 'node' })).toThrow(/server id|kept for/);
});
