/** Upstreams that will not end, or end at the wrong moment; judged by the processes and by how long we wait. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseServerConfigs } from '../../mcp-bridge/upstream/server-config.ts';
import { startScriptedHttp } from '../support/scripted-http.ts';
import { callTool, eventually, servers, startManager, temporaryFolder, textOf } from '../support/upstream-fixture.ts';

const evil = (mode: string, more: readonly string[] = []) => servers.evil('--mode', mode, ...more);
const never = () => new Promise<undefined>(() => {});

async function timeToClose(entry: Parameters<typeof startManager>[0][string]): Promise<number> {
  const manager = await startManager({});
  void manager.start(parseServerConfigs({ it: entry }));
  await new Promise((wake) => setTimeout(wake, 400));
  const startedMs = performance.now();
  await manager.close();
  return performance.now() - startedMs;
}

describe('LO-19: the bridge ends at once although a server', () => {
  test('on stdio has not answered the handshake', async () => {
    expect(await timeToClose(evil('hung'))).toBeLessThan(3_000);
  });

  test.each(['server/discover', 'tools/list', 'notifications/initialized'])(
    'over HTTP has not answered %s',
    async (method) => {
      const upstream = await startScriptedHttp({
        ...(method === 'notifications/initialized' ? { era: 'initialize' } : {}),
        on: { [method]: never },
      });
      expect(await timeToClose({ url: upstream.url })).toBeLessThan(2_000);
    },
  );

  test.each([
    ['nothing at all', () => {}],
    [
      'that it switches protocols',
      (_incoming, outgoing) =>
        outgoing.socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    ],
    [
      'headers without a body',
      (_incoming, outgoing) => outgoing.writeHead(200, { 'content-length': '5' }).flushHeaders(),
    ],
  ] satisfies [string, NonNullable<Parameters<typeof startScriptedHttp>[0]>['onOther']][])(
    'answers the end of its session with %s',
    async (_name, onOther) => {
      const upstream = await startScriptedHttp({
        era: 'initialize',
        on: {
          initialize: (rpc, outgoing) => {
            outgoing.setHeader('mcp-session-id', 'a-session').writeHead(200, { 'content-type': 'application/json' });
            const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: {} };
            outgoing.end(JSON.stringify({ jsonrpc: '2.0', id: rpc.id, result }));
            return undefined;
          },
        },
        onOther: (incoming, outgoing) => {
          if (incoming.method === 'DELETE') onOther?.(incoming, outgoing);
          else outgoing.writeHead(405).end();
        },
      });
      expect(await timeToClose({ url: upstream.url })).toBeLessThan(2_000);
    },
  );
});

test('LO-19: the bridge ends at once although every connection to a server is taken', async () => {
  const upstream = await startScriptedHttp({
    era: 'initialize',
    on: {
      'tools/call': never,
      initialize: (rpc, outgoing) => {
        outgoing.setHeader('mcp-session-id', 'a-session').writeHead(200, { 'content-type': 'application/json' });
        const result = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: {} };
        outgoing.end(JSON.stringify({ jsonrpc: '2.0', id: rpc.id ?? 0, result }));
        return undefined;
      },
    },
  });
  const manager = await startManager({ it: { url: upstream.url } });
  const calls = Array.from({ length: 300 }, () => callTool(manager, 'it', 'greet'));
  await eventually(() => upstream.executed().length > 200);
  const startedMs = performance.now();
  await manager.close();
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  const kinds = (await Promise.all(calls)).map(({ kind }) => kind);
  // Those that waited for a connection never left.
  expect(new Set(kinds)).toEqual(new Set(['unknown', 'not-sent']));
  expect(kinds.filter((kind) => kind === 'unknown')).toHaveLength(upstream.executed().length);
});

test('LO-19: a server that is added twice at once runs once', async () => {
  const folder = temporaryFolder();
  const entry = { it: { ...evil('plain'), env: { PIDS: join(folder, 'pids') } } };
  const manager = await startManager({});
  const [serverConfig] = parseServerConfigs(entry);
  if (serverConfig === undefined) throw new Error('no configuration');
  const before = new Set<number>();
  await Promise.all([manager.add(serverConfig), manager.add(serverConfig), manager.add(serverConfig)]);
  for (const { pid } of manager.status()) if (pid !== undefined) before.add(pid);
  expect(manager.status()).toHaveLength(1);
  expect(childrenOf(process.pid).filter((pid) => commandOf(pid).includes(folder) || hasVariable(pid, folder))).toEqual([
    ...before,
  ]);
});

test('an answer that is written in the last moment of a process still counts', async () => {
  const manager = await startManager({ it: evil('answer-and-exit') });
  for (let round = 0; round < 2; round += 1) {
    const pid = (await eventually(() => manager.status().find(({ state }) => state === 'ready')))?.pid;
    expect(textOf(await callTool(manager, 'it', 'greet', { text: 'x'.repeat(200_000) }))).toMatch(/^hello x/);
    await eventually(() => manager.status()[0]?.pid !== pid);
  }
});

test('what a process left behind in its pipe is neither waited for nor heard after its end', async () => {
  const manager = await startManager({ it: evil('holds-pipe') });
  const told: string[] = [];
  manager.onServerNotification(({ method }) => told.push(method));
  const startedMs = performance.now();
  expect(await callTool(manager, 'it', 'greet')).toMatchObject({ kind: 'unknown' });
  expect(performance.now() - startedMs).toBeLessThan(5_000);
  await eventually(() => manager.status()[0]?.lastError !== undefined);
  await new Promise((wake) => setTimeout(wake, 1_500));
  expect(told).toEqual([]);
});

function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number) : [];
}
function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
}
function hasVariable(pid: number, value: string): boolean {
  return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(value);
}
