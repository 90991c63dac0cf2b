/**
 * AI clients that other people wrote, as they are published: the SDKs of both eras and mcp-remote, over HTTP and through
 * the shim, for all servers and for one. They bring their own idea of the protocol.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernHttp } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio';
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OlderStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as OlderHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  type Endpoint,
  expectedLog,
  expectedStory,
  openPeerOffice,
  type PeerOffice,
  playStory,
  type SdkClient,
  sdkPeer,
  shimArgs,
  urlOf,
} from '../support/peers.ts';

const root = resolve(import.meta.dirname, '../..');
const cli = join(root, 'dist/mcp-bridge/cli.js');
const mcpRemote = join(dirname(createRequire(import.meta.url).resolve('mcp-remote/package.json')), 'dist/proxy.js');

let folder: string;
let bridge: ChildProcess;

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
  await new Promise((done, failed) => {
    lines.once('line', done);
    bridge.once('exit', (code) => failed(new Error(`the bridge ended with ${code}`)));
  });
});
afterAll(async () => {
  const ended = new Promise((done) => bridge.once('exit', done));
  bridge.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

test('the key that serve left for the shim is enough for it', async () => {
  const mcpClient = new OlderClient({ name: 'older', version: '1' });
  onTestFinished(() => mcpClient.close());
  const args = [cli, 'stdio', '--client', 'remote', '--data-dir', join(folder, 'data')];
  await mcpClient.connect(new OlderStdio({ command: process.execPath, args, env: {}, stderr: 'ignore' }));
  const peer = sdkPeer(mcpClient);
  expect(await peer.tools()).toContain('fixture__test_simple_text');
  expect(await peer.call('fixture__test_simple_text', {})).toEqual({
    isError: false,
    text: 'This is a simple text response for testing.',
  });
  expect(await peer.resources()).toContain('test://static-text');
});

const older = () => new OlderClient({ name: 'older', version: '1' });
const modern = () => new ModernClient({ name: 'modern', version: '1' }, { versionNegotiation: { mode: 'auto' } });
const withKey = ({ key }: PeerOffice) => ({ requestInit: { headers: { authorization: `Bearer ${key}` } } });
const shim = (office: PeerOffice, endpoint: Endpoint) => ({
  command: process.execPath,
  args: shimArgs(office, endpoint),
  env: {}, // some AI clients start their servers so
  stderr: 'ignore' as const,
});
type OlderTransport = Parameters<OlderClient['connect']>[0];

/** Each connects one AI client of its own kind. */
const ways = {
  'the SDK of the initialize era, over HTTP': async (office, endpoint) => {
    const mcpClient = older();
    const transport = new OlderHttp(new URL(urlOf(office, endpoint)), withKey(office));
    await mcpClient.connect(transport as OlderTransport);
    return mcpClient;
  },
  'the SDK of the initialize era, through the shim': async (office, endpoint) => {
    const mcpClient = older();
    await mcpClient.connect(new OlderStdio(shim(office, endpoint)));
    return mcpClient;
  },
  'the SDK of 2026-07-28, over HTTP': async (office, endpoint) => {
    const mcpClient = modern();
    await mcpClient.connect(new ModernHttp(new URL(urlOf(office, endpoint)), withKey(office)));
    return mcpClient;
  },
  'the SDK of 2026-07-28, through the shim': async (office, endpoint) => {
    const mcpClient = modern();
    await mcpClient.connect(new ModernStdio(shim(office, endpoint)));
    return mcpClient;
  },
  'mcp-remote, over HTTP, its AI client of the initialize era': async (office, endpoint) => {
    const mcpClient = older();
    await mcpClient.connect(new OlderStdio(remote(office, endpoint)));
    return mcpClient;
  },
  'mcp-remote, over HTTP, its AI client of 2026-07-28': async (office, endpoint) => {
    const mcpClient = modern();
    await mcpClient.connect(new ModernStdio(remote(office, endpoint)));
    return mcpClient;
  },
} satisfies Record<string, (office: PeerOffice, endpoint: Endpoint) => Promise<SdkClient & { close(): Promise<void> }>>;

/** The bridge between stdio and HTTP that many configurations name; its choice of transport is its own. */
function remote(office: PeerOffice, endpoint: Endpoint) {
  const args = [mcpRemote, urlOf(office, endpoint), '--header', `Authorization:Bearer ${office.key}`];
  const home = { HOME: office.dataFolder, MCP_REMOTE_CONFIG_DIR: join(office.dataFolder, 'mcp-remote') };
  return {
    command: process.execPath,
    args,
    env: { PATH: process.env['PATH'] ?? '', ...home },
    stderr: 'ignore' as const,
  };
}

describe.each(Object.keys(ways) as (keyof typeof ways)[])('%s', (way) => {
  test.each([
    ['all servers', 'all'],
    ['one server, its names unchanged', 'office'],
  ] as const)('%s: lists, reads, writes what is approved, deletes nothing that is denied', async (_name, endpoint) => {
    const office = await openPeerOffice();
    const mcpClient = await ways[way](office, endpoint);
    onTestFinished(() => mcpClient.close());
    const story = await playStory(sdkPeer(mcpClient), office, endpoint);
    expect({ story, log: office.executed() }).toEqual({ story: expectedStory(endpoint), log: expectedLog });
  });
});
