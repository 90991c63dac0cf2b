/** Upstreams that send without end; judged by how many calls of another server still come through meanwhile. */
import type { ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../mcp-bridge/core/model/json.ts';
import { startScriptedHttp } from '../support/scripted-http.ts';
import { callTool, node, servers, startHttpServer, startManager } from '../support/upstream-fixture.ts';

const script = resolve('test/support/flooding-upstream.mjs');
const PERIOD_MS = 1_200;

/** Calls of a well-behaved server that come through in the period, one after the other. */
async function callsBeside(flooding: JsonObject, isFlooded: boolean): Promise<number> {
  const manager = await startManager({ it: flooding, well: servers.evil('--mode', 'plain') });
  if (isFlooded) void callTool(manager, 'it', 'greet');
  const endMs = performance.now() + PERIOD_MS;
  let calls = 0;
  for (; performance.now() < endMs; calls += 1) {
    await callTool(manager, 'well', 'greet');
    await new Promise((wake) => setTimeout(wake, 5));
  }
  await manager.close();
  return calls;
}

test.each([
  ...['answers', 'errors', 'large answers', 'large notifications', 'noise', 'empty lines', 'questions'].map(
    (kind) => ['stdio', kind] as const,
  ),
  ...['comments', 'empty data', 'answers', 'large answers', 'large notifications'].map(
    (kind) => ['HTTP', kind] as const,
  ),
])('MC-40: over %s, %s without end leave the other servers most of the time', async (way, kind) => {
  const flooding = way === 'stdio' ? node(script, [kind]) : { url: await startHttpServer(script, [kind, '--http']) };
  const undisturbed = await callsBeside(flooding, false);
  expect(await callsBeside(flooding, true)).toBeGreaterThan(undisturbed / 3);
});

test('MC-33: questions that are asked without end and whose answers are never read fill no memory', async () => {
  const manager = await startManager({ it: node(script, ['questions with long ids']) });
  const before = process.memoryUsage().rss;
  void callTool(manager, 'it', 'greet');
  await new Promise((wake) => setTimeout(wake, 2_000));
  expect(process.memoryUsage().rss - before).toBeLessThan(96 << 20);
});

test.each([
  [
    'the refusal of a stream',
    405,
    (onOther: Answer) => ({ onOther: (_incoming: unknown, outgoing: ServerResponse) => void onOther(outgoing) }),
  ],
  [
    'the answer to a notification',
    202,
    (answer: Answer) => ({
      on: { 'notifications/initialized': (_rpc: unknown, outgoing: ServerResponse) => answer(outgoing) },
    }),
  ],
])('MC-33: a body without end in %s, which nobody wants, is not read on', async (_name, status, script) => {
  let written = 0;
  const chunk = Buffer.alloc(64 << 10, 'x');
  const upstream = await startScriptedHttp({
    era: 'initialize',
    ...script((outgoing) => {
      outgoing.writeHead(status, { 'content-type': 'text/plain' });
      const timer = setInterval(() => {
        if (outgoing.writableLength > 1 << 20) return;
        outgoing.write(chunk);
        written += chunk.length;
      }, 1);
      outgoing.on('close', () => clearInterval(timer));
      return undefined;
    }),
  });
  const manager = await startManager({ it: { url: upstream.url } });
  expect(await callTool(manager, 'it', 'greet')).toMatchObject({ kind: 'answered' });
  await new Promise((wake) => setTimeout(wake, 1_000));
  expect(written).toBeLessThan(8 << 20);
});

type Answer = (outgoing: ServerResponse) => undefined;
