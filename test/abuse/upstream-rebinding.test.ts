/** Names that change their minds; judged by whether anything inside was connected to (OA-10). */
import { createServer } from 'node:net';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { callTool, startManager } from '../support/upstream-fixture.ts';

type Found = { readonly address: string; readonly family: number };
const answers = vi.hoisted(() => ({ next: [] as Found[][], asked: 0 }));

vi.mock('node:dns', async (original) => ({
  ...(await original<typeof import('node:dns')>()),
  lookup: (_name: string, _options: unknown, callback: (error: null, found: Found[]) => void) => {
    const found = answers.next.length > 1 ? answers.next.shift() : answers.next[0];
    answers.asked += 1;
    setImmediate(() => callback(null, found ?? []));
  },
}));

beforeEach(() => {
  answers.next = [];
  answers.asked = 0;
});

/** Counts whoever connects to this machine. */
async function inside(): Promise<{ readonly port: number; readonly connections: () => number }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as { port: number }).port, connections: () => connections };
}

const v4 = (address: string): Found => ({ address, family: 4 });
const v6 = (address: string): Found => ({ address, family: 6 });

test.each<[string, Found[][]]>([
  ['this machine', [[v4('127.0.0.1')]]],
  ['this machine in IPv6', [[v6('::ffff:127.0.0.1')]]],
  ['a public address and this machine', [[v4('93.184.216.34'), v4('127.0.0.1')]]],
  ['this machine at the second question', [[v4('0.0.0.0')], [v4('127.0.0.1')]]],
  ['a metadata service', [[v4('169.254.169.254')]]],
  ['a private network', [[v4('10.0.0.1')]]],
  ['nothing', [[]]],
])('a name that stands for %s is not connected to', async (_name, next) => {
  const { port, connections } = await inside();
  answers.next = next;
  const manager = await startManager({ it: { url: `https://mcp.example.com:${port}/mcp` } }, { reconnectWaitMs: 300 });
  expect(await callTool(manager, 'it', 'greet')).toMatchObject({ kind: 'not-sent' });
  expect(answers.asked).toBeGreaterThan(0);
  expect(connections()).toBe(0);
  expect(manager.status()[0]?.lastError).toMatch(/refused|resolved/);
});

test('localhost that stands for somewhere else is not connected to', async () => {
  answers.next = [[v4('93.184.216.34')]];
  const manager = await startManager({ it: { url: 'http://localhost:9/mcp' } }, { reconnectWaitMs: 300 });
  expect(manager.status()[0]?.lastError).toContain('refused');
});
