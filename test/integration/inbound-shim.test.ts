import { resolve } from 'node:path';
import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernStdioTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OlderStdioTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { bundleEntry } from '../support/bundle-entry.ts';
import { startShimBridge } from '../support/shim-fixture.ts';

let bundle: Awaited<ReturnType<typeof bundleEntry>>;
beforeAll(async () => {
  bundle = await bundleEntry(resolve(import.meta.dirname, '../../mcp-bridge/inbound/stdio-shim.ts'));
});
afterAll(() => bundle.remove());

/** The environment is empty on purpose: some AI clients start their servers so. */
function command(dataDir: string): { command: string; args: string[]; env: Record<string, string> } {
  return {
    command: process.execPath,
    args: [bundle.path, '--client', 'client-a', '--data-dir', dataDir],
    env: {},
  };
}

async function older(dataDir: string): Promise<OlderClient> {
  const mcpClient = new OlderClient({ name: 'older', version: '1' }, { capabilities: { elicitation: {} } });
  mcpClient.setRequestHandler(ElicitRequestSchema, async () => ({ action: 'decline' }));
  await mcpClient.connect(new OlderStdioTransport(command(dataDir)));
  onTestFinished(() => mcpClient.close());
  return mcpClient;
}

test('the SDK of the initialize era calls, asks and sees progress through the shim', async () => {
  const { dataDir, received } = await startShimBridge();
  const mcpClient = await older(dataDir);
  const seen: number[] = [];
  await mcpClient.callTool({ name: 'progress', arguments: {} }, undefined, {
    onprogress: ({ progress }) => seen.push(progress),
  });
  const asked = await mcpClient.callTool({ name: 'ask', arguments: {} });
  expect({ seen, asked, eras: received.map(({ era }) => era) }).toEqual({
    seen: [1, 2, 3],
    asked: { content: [{ type: 'text', text: '{"action":"decline"}' }] },
    eras: ['initialize', 'initialize'],
  });
});

test('the SDK of 2026-07-28 speaks its own era through the shim', async () => {
  const { dataDir, received } = await startShimBridge();
  const mcpClient = new ModernClient({ name: 'modern', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await mcpClient.connect(new ModernStdioTransport(command(dataDir)));
  onTestFinished(() => mcpClient.close());
  const result = await mcpClient.callTool({ name: 'echo', arguments: { a: 1 } });
  expect(result.content).toEqual([{ type: 'text', text: '{"a":1}' }]);
  expect(received.map(({ era }) => era)).toEqual(['stateless']);
});

test('a cancel through the shim ends the call in the bridge', async () => {
  const { dataDir, waiting } = await startShimBridge();
  const mcpClient = await older(dataDir);
  const controller = new AbortController();
  const call = mcpClient.callTool({ name: 'wait', arguments: {} }, undefined, { signal: controller.signal });
  call.catch(() => {});
  await vi.waitFor(() => expect(waiting.size).toBe(1));
  const [inbound] = waiting;
  controller.abort('enough');
  await vi.waitFor(() => expect(waiting.size).toBe(0));
  expect(inbound?.signal.reason).toMatchObject({ end: 'cancelled' });
});

test('an AI client that ends takes its waiting calls with it', async () => {
  const { dataDir, waiting } = await startShimBridge();
  const mcpClient = await older(dataDir);
  mcpClient.callTool({ name: 'wait', arguments: {} }).catch(() => {});
  await vi.waitFor(() => expect(waiting.size).toBe(1));
  const [inbound] = waiting;
  await mcpClient.close();
  await vi.waitFor(() => expect(inbound?.signal.reason).toMatchObject({ end: 'disconnected' }));
});
