/** Programs that other people wrote, in front of the bridge as it is served: they bring their own idea of the protocol. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const cli = join(root, 'dist/mcp-bridge/cli.js');
const mcpRemote = join(dirname(createRequire(import.meta.url).resolve('mcp-remote/package.json')), 'dist/proxy.js');

type Ready = { readonly url: string; readonly clients: readonly { readonly id: string; readonly key: string }[] };

let folder: string;
let bridge: ChildProcess;
let ready: Ready;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-clients-'));
  const config = join(folder, 'countersign.json');
  const fixture = {
    command: process.execPath,
    args: [join(root, 'test/support/conformance-upstream.mjs')],
    trusted: true,
  };
  const dataFolder = join(folder, 'data');
  const clients = [{ id: 'remote' }];
  writeFileSync(config, JSON.stringify({ mcpServers: { fixture }, clients, dataFolder, review: 'first-use' }));
  bridge = spawn(process.execPath, [cli, 'serve', '--config', config, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: bridge.stdout as NodeJS.ReadableStream });
  ready = await new Promise((done, failed) => {
    lines.once('line', (line) => done(JSON.parse(line) as Ready));
    bridge.once('exit', (code) => failed(new Error(`the bridge ended with ${code}`)));
  });
});
afterAll(async () => {
  const ended = new Promise((done) => bridge.once('exit', done));
  bridge.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

const key = () => ready.clients[0]?.key ?? '';
const ways = {
  'mcp-remote, over HTTP': () => ({
    args: [mcpRemote, ready.url, '--header', `Authorization:Bearer ${key()}`, '--transport', 'http-only'],
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, MCP_REMOTE_CONFIG_DIR: join(folder, 'mcp-remote') },
  }),
  'countersign stdio, with the key that serve left for it': () => ({
    args: [cli, 'stdio', '--client', 'remote', '--data-dir', join(folder, 'data')],
    env: {},
  }),
} as const;

async function connect(way: keyof typeof ways): Promise<Client> {
  const { args, env } = ways[way]();
  const mcpClient = new Client({ name: 'older', version: '1' });
  onTestFinished(() => mcpClient.close());
  await mcpClient.connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: 'ignore' }));
  return mcpClient;
}

test.each(Object.keys(ways) as (keyof typeof ways)[])('%s: lists tools and resources and reads', async (way) => {
  const mcpClient = await connect(way);
  const { tools } = await mcpClient.listTools();
  expect(tools.map(({ name }) => name)).toContain('fixture__test_simple_text');
  const read = await mcpClient.callTool({ name: 'fixture__test_simple_text', arguments: {} });
  expect(read.content).toEqual([{ type: 'text', text: 'This is a simple text response for testing.' }]);
  const { resources } = await mcpClient.listResources();
  expect(resources.map(({ uri }) => uri)).toContain('test://static-text');
});
