/** Command lines that name a well-known package but start something else: its profile must not apply. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { describeServer } from '../../mcp-bridge/upstream/describe-server.ts';
import { parseServerConfigs } from '../../mcp-bridge/upstream/server-config.ts';
import { temporaryFolder } from '../support/upstream-fixture.ts';

const memory = '@modelcontextprotocol/server-memory';

function place(folder: string, path: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  chmodSync(file, 0o755);
  return file;
}

function profileName(command: string, args: readonly string[], cwd?: string): string | undefined {
  const [serverConfig] = parseServerConfigs({ it: { command, args, ...(cwd ? { cwd } : {}) } });
  return serverConfig && describeServer(serverConfig, {}).profileName;
}

test.each<[string, readonly string[], string | undefined]>([
  ['npx', [memory], memory],
  ['npx', ['-y', `${memory}@2026.8.31`, '--flag'], memory],
  ['npx', ['--package=evil', memory], undefined],
  ['npx', ['--package', 'evil', memory], undefined],
  ['npx', ['-p', 'evil', memory], undefined],
  ['npx', ['-pevil', memory], undefined],
  ['npx', ['-y', '--registry=https://evil.example', memory], undefined],
  ['npx', ['-c', 'evil', memory], undefined],
  ['npx', ['x', memory], 'x'],
  ['npx', [`${memory}@npm:evil`], undefined],
  ['npx', [`${memory}@file:../evil`], undefined],
  ['npx', [`./${memory}`], undefined],
  ['npm', ['exec', memory, '--package=evil'], undefined],
  ['npm', ['exec', memory, '--', '--package=data'], memory],
  ['npm', ['run', memory], undefined],
  ['pnpm', ['dlx', memory], memory],
  ['pnpm', ['exec', memory], undefined],
  ['uvx', ['--from', 'evil', 'mcp-server-time'], undefined],
  ['uvx', ['--with', 'evil', 'mcp-server-time'], undefined],
  ['uvx', ['mcp-server-time'], 'mcp-server-time'],
])('MC-08: %s %j is known as the package that it starts, or as none', (program, args, expected) => {
  expect(profileName(place(temporaryFolder(), program), args)).toBe(expected);
});

test.each<[string, (script: string, evil: string) => readonly string[], string | undefined]>([
  ['the script of a package', (script) => [script], memory],
  ['a harmless option in front', (script) => ['--no-warnings', script], memory],
  ['another module in front', (script, evil) => ['--import', evil, script], undefined],
  ['another module in front, joined', (script, evil) => [`--require=${evil}`, script], undefined],
  ['code in front', (script) => ['-e', 'evil()', script], undefined],
])('MC-08: node with %s', (_name, argsFor, expected) => {
  const folder = temporaryFolder();
  const script = place(folder, `node_modules/${memory}/dist/index.js`);
  const evil = place(folder, 'evil.js');
  expect(profileName(place(folder, 'node'), argsFor(script, evil), folder)).toBe(expected);
});
