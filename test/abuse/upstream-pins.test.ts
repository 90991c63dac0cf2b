/** Programs that are changed behind a pinned command line; judged by whether the pin still holds (MC-04, LO-16). */
import { appendFileSync, chmodSync, copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { childEnvironment } from '../../mcp-bridge/upstream/child-environment.ts';
import { resolveCommand } from '../../mcp-bridge/upstream/resolve-command.ts';
import { parseServerConfig, type StdioServerConfig } from '../../mcp-bridge/upstream/server-config.ts';
import { temporaryFolder } from '../support/upstream-fixture.ts';

function folderWith(files: Readonly<Record<string, string>>): (name: string) => string {
  const folder = temporaryFolder();
  const path = (name: string) => join(folder, name);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text, { mode: 0o755 });
  }
  return path;
}

async function hashOf(command: string, args: readonly string[], cwd?: string): Promise<string> {
  const entry = { command, args, ...(cwd === undefined ? {} : { cwd }) };
  return (await resolveCommand(parseServerConfig('it', entry) as StdioServerConfig, '/usr/bin:/bin')).executableHash;
}

describe('MC-04: the pin covers', () => {
  type Path = (name: string) => string;
  test.each<[string, (path: Path) => readonly string[], string]>([
    ['the script', (path) => [path('server.mjs')], 'server.mjs'],
    [
      'the script after a module that is loaded first',
      (path) => ['--import', path('first.mjs'), path('server.mjs')],
      'server.mjs',
    ],
    ['a module that is loaded first', (path) => ['--import', path('first.mjs'), path('server.mjs')], 'first.mjs'],
    ['such a module in one word', (path) => [`--require=${path('first.mjs')}`, path('server.mjs')], 'first.mjs'],
    ['such a module by the short option', (path) => ['-r', path('first.mjs'), path('server.mjs')], 'first.mjs'],
    [
      'such a module as an address',
      (path) => ['--import', `file://${path('first.mjs')}`, path('server.mjs')],
      'first.mjs',
    ],
    ['a file of variables', (path) => [`--env-file=${path('first.mjs')}`, path('server.mjs')], 'first.mjs'],
    ['the script that a folder stands for', (path) => [path('.'), '--flag'], 'index.js'],
  ])('%s', async (_name, args, changed) => {
    const path = folderWith({ 'server.mjs': '1', 'first.mjs': '1', 'index.js': '1' });
    const before = await hashOf(process.execPath, args(path));
    expect(await hashOf(process.execPath, args(path)), 'nothing changed').toBe(before);
    appendFileSync(path(changed), '2');
    expect(await hashOf(process.execPath, args(path))).not.toBe(before);
  });

  test.each<[string, (path: Path) => readonly string[]]>([
    ['env', (path) => [path('server.mjs')]],
    ['env', (path) => ['A=b', '-u', 'C', process.execPath, path('server.mjs')]],
    ['nice', (path) => ['-n', '5', process.execPath, path('server.mjs')]],
    ['timeout', (path) => ['60', process.execPath, path('server.mjs')]],
  ])('what %s starts', async (command, args) => {
    const path = folderWith({ 'server.mjs': '1' });
    const before = await hashOf(command, args(path));
    appendFileSync(path('server.mjs'), '2');
    expect(await hashOf(command, args(path))).not.toBe(before);
  });

  test('what a link leads to, and every file of a package', async () => {
    const path = folderWith({
      'node_modules/a/package.json': '{}',
      'node_modules/a/dist/index.js': '1',
      'node_modules/a/lib/deep/more.js': '1',
      'other.js': '1',
    });
    symlinkSync(path('node_modules/a/dist/index.js'), path('link.js'));
    const before = await hashOf(process.execPath, [path('link.js')]);
    appendFileSync(path('node_modules/a/lib/deep/more.js'), '2');
    expect(await hashOf(process.execPath, [path('link.js')])).not.toBe(before);
  });

  test('what a link inside a package leads to', async () => {
    const path = folderWith({
      'node_modules/a/package.json': '{}',
      'node_modules/a/index.js': '1',
      'elsewhere.js': '1',
      'elsewhere-too.js': '1',
    });
    symlinkSync(path('elsewhere.js'), path('node_modules/a/lib.js'));
    symlinkSync(path('.'), path('node_modules/a/circle'));
    const before = await hashOf(process.execPath, [path('node_modules/a/index.js')]);
    appendFileSync(path('elsewhere.js'), '2');
    const after = await hashOf(process.execPath, [path('node_modules/a/index.js')]);
    expect(after).not.toBe(before);
    rmSync(path('node_modules/a/lib.js'));
    symlinkSync(path('elsewhere-too.js'), path('node_modules/a/lib.js'));
    expect(await hashOf(process.execPath, [path('node_modules/a/index.js')])).not.toBe(before);
  });

  test('every file of a package of thousands', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 3_500 }, (_, index) => [`node_modules/a/lib/${index}.js`, '1']),
    );
    const path = folderWith({ ...many, 'node_modules/a/package.json': '{}', 'node_modules/a/index.js': '1' });
    const before = await hashOf(process.execPath, [path('node_modules/a/index.js')]);
    appendFileSync(path('node_modules/a/lib/3499.js'), '2');
    expect(await hashOf(process.execPath, [path('node_modules/a/index.js')])).not.toBe(before);
  });

  test('a program that is no interpreter by its bytes, and not the data it is given', async () => {
    const path = folderWith({ 'data.db': '1' });
    copyFileSync(resolve('/bin/true'), path('server'));
    chmodSync(path('server'), 0o755);
    const before = await hashOf(path('server'), [path('data.db')]);
    appendFileSync(path('data.db'), '2');
    expect(await hashOf(path('server'), [path('data.db')])).toBe(before);
    appendFileSync(path('server'), '2');
    expect(await hashOf(path('server'), [path('data.db')])).not.toBe(before);
  });
});

test('the arguments of a script are no part of the program', async () => {
  const path = folderWith({ 'server.mjs': '1', 'data.json': '1' });
  const args = [path('server.mjs'), path('data.json'), '--require', path('data.json')];
  const before = await hashOf(process.execPath, args);
  appendFileSync(path('data.json'), '2');
  expect(await hashOf(process.execPath, args)).toBe(before);
});

test.each([
  ...['npm_config_node_options', 'NPM_CONFIG_NODE_OPTIONS', 'npm_config_script_shell', 'npm_config_userconfig'],
  ...[
    'BUN_OPTIONS',
    'BUN_INSPECT_PRELOAD',
    'PYTHONUSERBASE',
    'PYTHONWARNINGS',
    'PYTHONPYCACHEPREFIX',
    'LUA_INIT',
    'LUA_INIT_5_4',
  ],
  ...[
    'ZDOTDIR',
    'PHPRC',
    'PHP_INI_SCAN_DIR',
    'OPENSSL_MODULES',
    'GIT_ASKPASS',
    'SSH_ASKPASS',
    'GIT_EDITOR',
    'GIT_PAGER',
  ],
  ...['R_PROFILE_USER', 'JULIA_LOAD_PATH', 'ERL_FLAGS', 'DOTNET_ADDITIONAL_DEPS', 'LESSOPEN', 'PERL5SHELL', 'GEM_HOME'],
])('LO-16: declaring %s is refused', (name) => {
  expect(() => childEnvironment({ [name]: 'x' }, {}, 'env')).toThrow(new RegExp(`env.${name}`));
});

test.each([
  'npm_config_registry',
  'PYTHONUNBUFFERED',
  'PYTHONIOENCODING',
  'PYTHONUTF8',
  'GIT_AUTHOR_NAME',
  'GIT_TERMINAL_PROMPT',
  'GIT_BASE_DIR',
  'GIT_SIGN_COMMITS',
  'GIT_USERNAME',
  'LOG_LEVEL',
  'NODE_ENV',
  'API_KEY',
  'DEBUG',
])('%s may be declared', (name) => {
  expect({ ...childEnvironment({ [name]: 'x' }, {}, 'env') }).toEqual({ [name]: 'x' });
});
