/**
 * The import rules hold in the real tree, and every rule fails when it is broken: each row plants one file in a small
 * copy of the tree's shape and names the complaint it must cause.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkImports } from '../../main/launch/import-rules.mjs';
import { layers } from '../../main/launch/import-table.mjs';
import { repositoryRoot } from '../../main/launch/places.mjs';

/** What planted files may import, so that only the rule under test can complain. */
const skeleton = {
  'mcp-bridge/core/model/effect.ts': 'export type Effect = "read";\nexport const one = 1;\n',
  'mcp-bridge/core/policy/decide.ts': 'import { one } from "../model/effect.ts";\nexport const two = one + 1;\n',
  'mcp-bridge/pipeline/ports.ts': 'export interface Port { readonly x: 1 }\nexport const port = 1;\n',
  'mcp-bridge/facts/git.ts': 'export const git = 1;\n',
  'mcp-bridge/ledger/open.ts': 'export const open = 1;\n',
  'mcp-bridge/process/contract.ts': 'export const contract = 1;\n',
  'mcp-bridge/process/utility.ts': 'export const utility = 1;\n',
  'main/app/compose.ts': 'export const compose = 1;\n',
  'main/ipc/contract.ts': 'export const channels = 1;\n',
  'main/ipc/handle.ts': 'import { ipcMain } from "electron";\nexport const handle = ipcMain;\n',
  'main/vault/vault.ts': 'export const vault = 1;\n',
  'main/preload/dashboard.ts': 'export const preload = 1;\n',
  'main/launch/setup.mjs': 'export const setUp = 1;\n',
  'renderer/ui/button.tsx': 'export const button = 1;\n',
  'renderer/dashboard/app.tsx': 'export const app = 1;\n',
  'renderer/approval/app.tsx': 'export const app = 1;\n',
  'test/support/helper.ts': 'export const helper = 1;\n',
};

let root = '';

function put(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

function faultsWith(file: string, text: string): string[] {
  put(file, text);
  try {
    return checkImports(root);
  } finally {
    rmSync(join(root, file));
  }
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'countersign-imports-'));
  for (const [file, text] of Object.entries(skeleton)) put(file, text);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('the real tree obeys', () => expect(checkImports(repositoryRoot)).toEqual([]));

test('the skeleton obeys, so a complaint below comes from what was planted', () =>
  expect(checkImports(root)).toEqual([]));

test('a tree without sources is not called clean', () => {
  const empty = mkdtempSync(join(tmpdir(), 'countersign-imports-empty-'));
  try {
    expect(checkImports(empty)).toEqual([`${empty} has no source files: nothing was checked`]);
  } finally {
    rmSync(empty, { recursive: true });
  }
});

describe('a planted violation is found', () => {
  test.each([
    ['core imports an adapter', 'mcp-bridge/core/x.ts', 'import "../facts/git.ts";', 'mcp-bridge/core may not'],
    ['core imports Node', 'mcp-bridge/core/x.ts', 'import "node:fs";', 'no Node here'],
    ['core imports Node without a prefix', 'mcp-bridge/core/x.ts', 'import "fs";', 'without its node: prefix'],
    ['core imports a package', 'mcp-bridge/core/x.ts', 'import "jose";', 'the package jose: not allowed here'],
    [
      'core imports only a type of an adapter',
      'mcp-bridge/core/x.ts',
      'import type { git } from "../facts/git.ts";',
      'mcp-bridge/core may not',
    ],
    [
      'core re-exports an adapter',
      'mcp-bridge/core/x.ts',
      'export { git } from "../facts/git.ts";',
      'mcp-bridge/core may not',
    ],
    [
      'core names a type by import()',
      'mcp-bridge/core/x.ts',
      'export type X = import("../facts/git.ts").X;',
      'mcp-bridge/core may not',
    ],
    ['core reads the clock', 'mcp-bridge/core/x.ts', 'export const now = Date.now();', 'uses Date.now'],
    ['core makes a date of now', 'mcp-bridge/core/x.ts', 'export const now = new Date();', 'uses new Date()'],
    ['core draws lots', 'mcp-bridge/core/x.ts', 'export const n = Math.random();', 'uses Math.random'],
    ['core waits', 'mcp-bridge/core/x.ts', 'setTimeout(() => {}, 1);', 'uses setTimeout'],
    ['core talks', 'mcp-bridge/core/x.ts', 'export const r = fetch("http://x");', 'uses fetch'],
    [
      'pipeline imports an adapter',
      'mcp-bridge/pipeline/x.ts',
      'import "../ledger/open.ts";',
      'mcp-bridge/pipeline may not',
    ],
    ['pipeline imports Node', 'mcp-bridge/pipeline/x.ts', 'import "node:crypto";', 'no Node here'],
    ['an adapter imports another', 'mcp-bridge/facts/x.ts', 'import "../ledger/open.ts";', 'mcp-bridge/facts may not'],
    [
      'an adapter uses the ports at run time',
      'mcp-bridge/facts/x.ts',
      'import { port } from "../pipeline/ports.ts";',
      'only its types',
    ],
    [
      'an adapter imports the composition',
      'mcp-bridge/facts/x.ts',
      'import "../process/contract.ts";',
      'mcp-bridge/facts may not',
    ],
    [
      "an adapter imports another's library",
      'mcp-bridge/facts/x.ts',
      'import "libpg-query";',
      'the package libpg-query',
    ],
    ['the bridge imports Electron', 'mcp-bridge/process/x.ts', 'import { app } from "electron";', 'only main/ may'],
    ['the bridge requires Electron', 'mcp-bridge/process/x.ts', 'const e = require("electron");', 'only main/ may'],
    [
      'the bridge loads Electron late',
      'mcp-bridge/process/x.ts',
      'export const e = () => import("electron");',
      'only main/ may',
    ],
    [
      'the bridge imports main',
      'mcp-bridge/process/x.ts',
      'import "../../main/vault/vault.ts";',
      'mcp-bridge/process may not',
    ],
    [
      'the contract imports the bridge',
      'mcp-bridge/process/contract.ts',
      'import "../ledger/open.ts";',
      'mcp-bridge/process/contract may not',
    ],
    [
      'main imports an adapter of the bridge',
      'main/vault/x.ts',
      'import "../../mcp-bridge/ledger/open.ts";',
      'main may not',
    ],
    ['main imports a renderer', 'main/vault/x.ts', 'import "../../renderer/dashboard/app.tsx";', 'main may not'],
    ['main imports set-up', 'main/vault/x.ts', 'import "../launch/setup.mjs";', 'main/launch is closed'],
    ['main imports the composition', 'main/vault/x.ts', 'import "../app/compose.ts";', 'main/app/compose is closed'],
    ['main imports a test', 'main/vault/x.ts', 'import "../../test/support/helper.ts";', 'test is closed'],
    ['ipcMain by name', 'main/vault/x.ts', 'import { ipcMain } from "electron";', 'uses ipcMain'],
    ['ipcMain by another name', 'main/vault/x.ts', 'import { ipcMain as i } from "electron";', 'uses ipcMain'],
    [
      'ipcMain through the namespace',
      'main/vault/x.ts',
      'import * as e from "electron"; e.ipcMain.on("x", () => {});',
      'uses ipcMain',
    ],
    ['set-up imports Electron', 'main/launch/x.mjs', 'import "electron";', 'only main/ may'],
    ['a preload script imports main', 'main/preload/x.ts', 'import "../vault/vault.ts";', 'main/preload may not'],
    [
      'a preload script imports the IPC handler',
      'main/preload/x.ts',
      'import "../ipc/handle.ts";',
      'main/ipc/handle is closed',
    ],
    [
      'a page imports main',
      'renderer/dashboard/x.ts',
      'import "../../main/vault/vault.ts";',
      'renderer/dashboard may not',
    ],
    [
      'a page imports rules of the core',
      'renderer/dashboard/x.ts',
      'import "../../mcp-bridge/core/policy/decide.ts";',
      'renderer/dashboard may not',
    ],
    ['a page imports Node', 'renderer/dashboard/x.ts', 'import "node:fs";', 'no Node here'],
    ['a page imports Electron', 'renderer/dashboard/x.tsx', 'import "electron";', 'only main/ may'],
    [
      'one page imports the other',
      'renderer/approval/x.tsx',
      'import "../dashboard/app.tsx";',
      'renderer/approval may not',
    ],
    ['shared UI imports a page', 'renderer/ui/x.tsx', 'import "../dashboard/app.tsx";', 'renderer/ui may not'],
    ['a computed import', 'main/vault/x.ts', 'export const m = (p: string) => import(p);', 'a computed path'],
    ['an import without extension', 'main/vault/x.ts', 'import "./vault";', 'no such file'],
    ['a file that no layer holds', 'mcp-bridge/extras/x.ts', 'export const x = 1;', 'no layer'],
    ['a file that does not parse', 'main/vault/x.ts', 'export const = ;', 'cannot be parsed'],
  ])('%s', (_name, file, text, complaint) => {
    const before = skeleton[file as keyof typeof skeleton];
    const faults = faultsWith(file, text);
    if (before !== undefined) put(file, before);
    expect(faults).toEqual([expect.stringContaining(complaint)]);
    expect(faults[0]).toContain(file);
  });

  test('a cycle', () => {
    put('main/vault/b.ts', 'import "./a.ts";\nexport const b = 1;\n');
    const faults = faultsWith('main/vault/a.ts', 'import "./b.ts";\nexport const a = 1;\n');
    rmSync(join(root, 'main/vault/b.ts'));
    expect(faults).toEqual(['cycle: main/vault/a.ts → main/vault/b.ts → main/vault/a.ts']);
  });

  test('a name of the core’s own is not the global of that name', () =>
    expect(faultsWith('mcp-bridge/core/x.ts', 'const fetch = (n: number) => n;\nexport const x = fetch(1);\n')).toEqual(
      [],
    ));

  test('types that describe each other are no cycle', () => {
    put('main/vault/b.ts', 'import type { A } from "./a.ts";\nexport type B = A | 1;\n');
    const faults = faultsWith('main/vault/a.ts', 'import type { B } from "./b.ts";\nexport type A = { b: B };\n');
    rmSync(join(root, 'main/vault/b.ts'));
    expect(faults).toEqual([]);
  });
});

test('every layer of the table is broken by a row above or holds only tests', () => {
  const exercised = [
    'mcp-bridge/core',
    'mcp-bridge/pipeline',
    'mcp-bridge/facts',
    'mcp-bridge/process/contract',
    'mcp-bridge/process',
    'main/launch',
    'main/preload',
    'main',
    'renderer/dashboard',
    'renderer/approval',
    'renderer/ui',
  ];
  // The remaining adapters and the two IPC places are lines of the same shape as one that is exercised.
  const sameShape = [
    'mcp-bridge/inbound',
    'mcp-bridge/upstream',
    'mcp-bridge/ledger',
    'mcp-bridge/parsers',
    'mcp-bridge/token',
    'mcp-bridge/connect',
    'main/identity',
    'mcp-bridge/process/effect-view-schema',
    'mcp-bridge/process/message-calls',
    'main/ipc/handle',
    'main/ipc',
    'renderer/lib',
    'test',
  ];
  expect(layers.map((layer) => layer.place).sort()).toEqual([...exercised, ...sameShape].sort());
});
