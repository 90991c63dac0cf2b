/** What an AI client subscribed to at a server ends there with it, also when all that it was allowed has been taken away. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { AuthoritySnapshot } from '../../mcp-bridge/core/model/authority.ts';
import { startBridge } from '../../mcp-bridge/process/bridge.ts';
import { createHeadlessAuthority } from '../../mcp-bridge/process/headless-authority.ts';
import { startScriptedHttp } from '../support/scripted-http.ts';
import { connectAi } from '../support/served-bridge.ts';

test.each([
  ['an AI client that was removed', {}, ['resources/subscribe', 'resources/unsubscribe']],
  [
    'while everything is stopped, nothing is sent: a session of',
    { stopped: { reason: 'Stopped.' } },
    ['resources/subscribe'],
  ],
] as const)('MC-23 %s has its subscriptions ended although its grants are gone', async (_name, change, expected) => {
  const upstream = await startScriptedHttp({
    era: 'initialize',
    resources: [{ uri: 'note://1', name: 'note' }],
    on: { 'resources/subscribe': () => ({}), 'resources/unsubscribe': () => ({}) },
  });
  const dataFolder = mkdtempSync(join(tmpdir(), 'countersign-subscriptions-'));
  onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }));
  const usual = createHeadlessAuthority({
    approvals: 'dangerously-allow-all',
    mcpClientIds: ['one'],
    serverIds: ['notes'],
    guardrails: [],
  });
  let authority: AuthoritySnapshot = usual.snapshot();
  const key = `cs_${'a'.repeat(43)}`;
  const bridge = await startBridge({
    dataFolder,
    port: 0,
    servers: { notes: { type: 'http', url: upstream.url } },
    mcpClients: [{ mcpClientId: 'one', name: 'One', keyHash: createHash('sha256').update(key).digest('hex') }],
    review: 'first-use',
    authority: { ...usual, snapshot: () => authority },
    version: '0.0.0',
  });
  onTestFinished(() => bridge.close());
  await (await connectAi('initialize', bridge.url, key)).watch('note://1');
  authority = { ...authority, ...change, grants: [] };
  bridge.replaceMcpClients([]);
  const sent = () => upstream.seen.map(({ method }) => method).filter((method) => method.endsWith('subscribe'));
  await vi.waitFor(() => expect(sent()).toEqual(expected));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(sent()).toEqual(expected);
});
