import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { freeId, keysForBridge, newKeyFor, pairMcpClient, writeKeyFile } from '../../../main/clients/pairing.ts';
import { snippetsFor } from '../../../main/clients/snippets.ts';
import { UnsafePath } from '../../../main/vault/private-files.ts';
import { aiClients } from '../../../mcp-bridge/connect/ai-clients.ts';

test.each([
  ['Claude Code', [], 'claude-code'],
  ['Claude Code', ['claude-code'], 'claude-code-2'],
  ['Claude Code', ['claude-code', 'claude-code-2'], 'claude-code-3'],
  ['  ../../etc  ', [], 'etc'],
  ['日本語', [], 'ai-client'],
  ['x'.repeat(200), [], 'x'.repeat(40)],
])('%s beside %j is called %s', (name, taken, id) => {
  expect(freeId(name, taken)).toBe(id);
});

test('a key has 256 random bits and only its hash is kept', () => {
  const { key, paired } = pairMcpClient('Codex', [], 0);
  expect(key).toMatch(/^cs_[A-Za-z0-9_-]{43}$/);
  expect(paired.keyHash).toBe(createHash('sha256').update(key).digest('hex'));
  expect(JSON.stringify(paired)).not.toContain(key);
  expect(pairMcpClient('Codex', [], 0).key).not.toBe(key);
});

test('LO-07, LO-13: the key file is readable by this user only, and a planted link is replaced, not followed', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-keys-'));
  try {
    fs.mkdirSync(path.join(folder, 'clients'));
    fs.writeFileSync(path.join(folder, 'victim'), 'untouched');
    fs.symlinkSync(path.join(folder, 'victim'), path.join(folder, 'clients', 'codex.key'));
    writeKeyFile(folder, 'codex', 'cs_secret');
    const file = path.join(folder, 'clients', 'codex.key');
    expect(fs.lstatSync(file).isSymbolicLink()).toBe(false);
    expect((fs.statSync(file).mode & 0o777).toString(8)).toBe('600');
    expect(fs.readFileSync(path.join(folder, 'victim'), 'utf8')).toBe('untouched');
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test.each([
  ['a link', (folder: string, elsewhere: string) => fs.symlinkSync(elsewhere, folder)],
  [
    'a folder that others may write to',
    (folder: string) => {
      fs.mkdirSync(folder);
      fs.chmodSync(folder, 0o777);
    },
  ],
])('LO-13: no key is written where %s was planted', (_name, plant) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-keys-'));
  try {
    const elsewhere = path.join(folder, 'elsewhere');
    fs.mkdirSync(elsewhere);
    plant(path.join(folder, 'clients'), elsewhere);
    expect(() => writeKeyFile(folder, 'codex', 'cs_secret')).toThrow(UnsafePath);
    expect([fs.readdirSync(elsewhere), fs.readdirSync(path.join(folder, 'clients'))]).toEqual([[], []]);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test('every snippet names the bridge, and the ones that start the shim hold no key', () => {
  const facts = {
    url: 'http://127.0.0.1:47100/mcp',
    key: 'cs_KEY',
    mcpClientId: 'codex',
    programFolder: '/opt/it is',
    dataFolder: '/data',
  };
  for (const { title, text, command } of snippetsFor(facts)) {
    const startsShim = text.includes('/opt/it is/stdio-shim.cjs');
    expect([title, startsShim ? text.includes('cs_KEY') : text.includes(facts.url)]).toEqual([title, !startsShim]);
    expect(command).toMatch(/^node '\/opt\/it is\/cli\.js' connect [a-z-]+ --client codex --data-dir \/data$/);
  }
});

test('every AI client that the command line can connect has a command to copy, and no other has', () => {
  const facts = { url: 'u', key: 'k', mcpClientId: 'a', programFolder: '/p', dataFolder: '/d' };
  const words = snippetsFor(facts).map(({ command }) => command.split(' ')[3]);
  expect([...words].sort()).toEqual(aiClients.map(({ id }) => id).sort());
});

test('a new key is another key for the same AI client, with the servers it had', () => {
  const { paired, key } = pairMcpClient('Codex', [], 0);
  const narrowed = { ...paired, serverIds: ['files'] };
  const rotated = newKeyFor(narrowed);
  expect(rotated.paired).toEqual({ ...narrowed, keyHash: createHash('sha256').update(rotated.key).digest('hex') });
  expect(rotated.key).not.toBe(key);
  expect(keysForBridge([paired, rotated.paired])).toEqual([
    { mcpClientId: 'codex', name: 'Codex', keyHash: paired.keyHash },
    { mcpClientId: 'codex', name: 'Codex', keyHash: rotated.paired.keyHash, serverIds: ['files'] },
  ]);
});
