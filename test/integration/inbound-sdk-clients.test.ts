import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernHttpTransport,
} from '@modelcontextprotocol/client';
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OlderHttpTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type InboundFixture, startInbound } from '../support/inbound-fixture.ts';

async function older({ inbound, keyA }: InboundFixture, path = '/mcp'): Promise<OlderClient> {
  const mcpClient = new OlderClient({ name: 'older', version: '1' }, { capabilities: { elicitation: {} } });
  mcpClient.setRequestHandler(ElicitRequestSchema, async () => ({ action: 'accept', content: { name: 'Ada' } }));
  const transport = new OlderHttpTransport(new URL(`http://127.0.0.1:${inbound.port}${path}`), {
    requestInit: { headers: { authorization: `Bearer ${keyA}` } },
  });
  await mcpClient.connect(transport as Parameters<OlderClient['connect']>[0]);
  onTestFinished(() => mcpClient.close());
  return mcpClient;
}

async function modern({ inbound, keyA }: InboundFixture): Promise<ModernClient> {
  const mcpClient = new ModernClient({ name: 'modern', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await mcpClient.connect(
    new ModernHttpTransport(new URL(inbound.url), { requestInit: { headers: { authorization: `Bearer ${keyA}` } } }),
  );
  onTestFinished(() => mcpClient.close());
  return mcpClient;
}

test('the SDK of the initialize era lists and calls', async () => {
  const fixture = await startInbound();
  const mcpClient = await older(fixture);
  expect((await mcpClient.listTools()).tools.map(({ name }) => name)).toContain('echo');
  expect(await mcpClient.callTool({ name: 'echo', arguments: { a: 1 } })).toEqual({
    content: [{ type: 'text', text: '{"a":1}' }],
  });
  expect(fixture.received.map(({ era, protocolVersion }) => [era, protocolVersion])).toEqual([
    ['initialize', '2025-11-25'],
    ['initialize', '2025-11-25'],
  ]);
});

test('the SDK of 2026-07-28 discovers, lists and calls without a session', async () => {
  const fixture = await startInbound();
  const mcpClient = await modern(fixture);
  expect((await mcpClient.listTools()).tools.map(({ name }) => name)).toContain('echo');
  const result = await mcpClient.callTool({ name: 'echo', arguments: { a: 1 } });
  expect(result.content).toEqual([{ type: 'text', text: '{"a":1}' }]);
  expect(new Set(fixture.received.map(({ era }) => era))).toEqual(new Set(['stateless']));
});

test('progress reaches the caller before the result', async () => {
  const mcpClient = await older(await startInbound());
  const seen: number[] = [];
  await mcpClient.callTool({ name: 'progress', arguments: {} }, undefined, {
    onprogress: ({ progress }) => seen.push(progress),
  });
  expect(seen).toEqual([1, 2, 3]);
});

test('a question goes to the AI client on the stream of its call, and the answer comes back', async () => {
  const mcpClient = await older(await startInbound());
  const result = await mcpClient.callTool({ name: 'ask', arguments: {} });
  expect(result).toEqual({
    content: [{ type: 'text', text: '{"action":"accept","content":{"name":"Ada"}}' }],
  });
});

test('a cancel by the SDK ends the call in the bridge', async () => {
  const fixture = await startInbound();
  const mcpClient = await older(fixture);
  const controller = new AbortController();
  const call = mcpClient.callTool({ name: 'wait', arguments: {} }, undefined, { signal: controller.signal });
  call.catch(() => {});
  await vi.waitFor(() => expect(fixture.waiting.size).toBe(1));
  controller.abort('enough');
  await expect(call).rejects.toThrow();
  await vi.waitFor(() => expect(fixture.waiting.size).toBe(0));
});

test('an endpoint for one server is served next to the one for all', async () => {
  const fixture = await startInbound();
  const mcpClient = await older(fixture, '/mcp/echo');
  await mcpClient.callTool({ name: 'echo', arguments: {} });
  expect(fixture.received.map(({ endpoint }) => endpoint)).toEqual([{ kind: 'server', serverId: 'echo' }]);
});
