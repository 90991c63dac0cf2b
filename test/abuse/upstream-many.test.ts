/** Fifty servers with two thousand tools, some of which do their worst; judged by what the others still do. */
import { expect, test } from 'vitest';
import type { JsonObject } from '../../mcp-bridge/core/model/json.ts';
import { parseServerConfigs } from '../../mcp-bridge/upstream/server-config.ts';
import { startScriptedHttp } from '../support/scripted-http.ts';
import { connectAi, serveBridge } from '../support/served-bridge.ts';
import { callTool, eventually, servers, startManager, textOf } from '../support/upstream-fixture.ts';

const evil = (mode: string) => servers.evil('--mode', mode);
const never = () => new Promise<undefined>(() => {});

test('MC-33: forty-five servers are ready and answer although five others hang, crash or never end', async () => {
  const tools = Array.from({ length: 44 }, (_, index) => ({
    name: `tool_${index}`,
    description: 'Reads something. '.repeat(10),
    inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
  }));
  const good: Record<string, JsonObject> = {};
  for (let index = 0; index < 45; index += 1) {
    const era = index % 2 === 0 ? 'stateless' : 'initialize';
    good[`good-${index}`] = { url: (await startScriptedHttp({ era, tools })).url };
  }
  const bad = {
    'bad-hung': evil('hung'),
    'bad-crash': evil('exit-at-once'),
    'bad-lists': { url: (await startScriptedHttp({ on: { 'tools/list': never } })).url },
    'bad-silent': { url: (await startScriptedHttp({ on: { 'server/discover': never } })).url },
    'bad-gone': { url: 'http://127.0.0.1:9/mcp' },
  };
  const manager = await startManager({});
  const startedMs = performance.now();
  void manager.start(parseServerConfigs({ ...bad, ...good }));
  const offered = () =>
    Object.keys(good).reduce((sum, serverId) => sum + manager.catalogue.listTools(serverId).length, 0);
  await eventually(() => offered() === 45 * 44, 10_000);
  const hung = Object.keys(bad).map((serverId) => callTool(manager, serverId, 'tool_0'));
  const answers = await Promise.all(Object.keys(good).map((serverId) => callTool(manager, serverId, 'tool_43')));
  expect(answers.map(textOf)).toEqual(answers.map(() => 'hello'));
  expect(performance.now() - startedMs).toBeLessThan(10_000);
  const names = Object.keys(good).flatMap((serverId) =>
    manager.catalogue
      .listTools(serverId)
      .map(({ definition }) => manager.catalogue.exposedName({ kind: 'all' }, serverId, definition.name)),
  );
  expect(new Set(names).size).toBe(45 * 44);
  await manager.close();
  expect((await Promise.all(hung)).map(({ kind }) => kind)).toEqual(hung.map(() => 'not-sent'));
});

test('MC-33: a server that hangs at the log level delays neither the AI client nor the other servers', async () => {
  const capabilities = { logging: {} };
  const heard: unknown[] = [];
  const well = await startScriptedHttp({
    era: 'initialize',
    capabilities,
    on: {
      'logging/setLevel': ({ params }) => {
        heard.push(params['level']);
        return {};
      },
    },
  });
  const hung = await startScriptedHttp({ era: 'initialize', capabilities, on: { 'logging/setLevel': never } });
  const served = await serveBridge({ hung: { url: hung.url }, well: { url: well.url } });
  const ai = await connectAi('initialize', served.url, served.keys[0]);
  const startedMs = performance.now();
  await ai.request('logging/setLevel', { level: 'debug' });
  expect(performance.now() - startedMs).toBeLessThan(4_000);
  expect(heard).toEqual(['debug']);
});
