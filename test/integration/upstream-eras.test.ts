/** One upstream, four ways to reach it: what a call brings back must not depend on the way. */
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../mcp-bridge/core/model/json.ts';
import type { UpstreamManager } from '../../mcp-bridge/upstream/manager.ts';
import { callTool, eventually, servers, startHttpServer, startManager, textOf } from '../support/upstream-fixture.ts';

const script = resolve('test/support/conformance-upstream.mjs');
const ways = [
  ['stdio, stateless', 'stateless', async () => servers.conformance()],
  ['stdio, initialize', 'initialize', async () => servers.conformance('--era', 'initialize')],
  ['http, stateless', 'stateless', async () => ({ url: await startHttpServer(script, ['--http', '0']) })],
  [
    'http, initialize',
    'initialize',
    async () => ({ url: await startHttpServer(script, ['--http', '0', '--era', 'initialize']) }),
  ],
] as const;

describe.each(ways)('%s', (_name, era, config) => {
  const start = async (): Promise<UpstreamManager> =>
    startManager({ it: { ...(await config()), allow: { sampling: true, elicitation: true } } });

  test('the era is recognised and every list is read', async () => {
    const manager = await start();
    expect(manager.status()[0]).toMatchObject({ serverId: 'it', state: 'ready', era, lastError: undefined });
    expect(manager.catalogue.resolve('it', 'test_simple_text')).toMatchObject({ review: 'reviewed' });
    const { prompts, resources, resourceTemplates } = manager.catalogue.listed('it');
    expect([prompts.length, resources.length, resourceTemplates.length]).toEqual([6, 4, 1]);
  });

  test('a result arrives as the upstream wrote it', async () => {
    const manager = await start();
    const outcome = await callTool(manager, 'it', 'test_image_content');
    expect(outcome).toMatchObject({
      kind: 'answered',
      result: { content: [{ type: 'image', mimeType: 'image/png' }] },
    });
  });

  test('an error of the upstream keeps its code, words and data', async () => {
    const manager = await start();
    const signal = new AbortController().signal;
    const outcome = await manager.request({
      serverId: 'it',
      method: 'resources/read',
      params: { uri: 'test://nowhere' },
      signal,
    });
    expect(outcome).toMatchObject({ kind: 'failed', code: -32602, data: { uri: 'test://nowhere' } });
  });

  test('progress comes back under the token of the caller, to the call that asked for it', async () => {
    const manager = await start();
    const calls = [1, 2].map(async (number) => {
      const heard: JsonObject[] = [];
      await callTool(
        manager,
        'it',
        'test_tool_with_progress',
        {},
        {
          meta: { progressToken: `token ${number}` },
          onNotification: (_method, params) => heard.push(params),
        },
      );
      return heard.map(({ progressToken, progress }) => [progressToken, progress]);
    });
    expect(await Promise.all(calls)).toEqual(
      [1, 2].map((number) => [0, 50, 100].map((progress) => [`token ${number}`, progress])),
    );
  });

  test('log lines reach the call that asked for them', async () => {
    const manager = await start();
    const heard: unknown[] = [];
    await callTool(
      manager,
      'it',
      'test_tool_with_logging',
      {},
      {
        meta: { 'io.modelcontextprotocol/logLevel': 'info' },
        onNotification: (method, params) => heard.push([method, params['data']]),
      },
    );
    expect(heard).toEqual([
      ['notifications/message', 'Tool execution started'],
      ['notifications/message', 'Tool processing data'],
      ['notifications/message', 'Tool execution completed'],
    ]);
  });

  test('cancelling ends the wait at once and says that it may have been carried out', async () => {
    const manager = await start();
    const controller = new AbortController();
    const outcome = callTool(manager, 'it', 'test_tool_with_progress', {}, { signal: controller.signal });
    setTimeout(() => controller.abort(), 40);
    expect(await outcome).toMatchObject({ kind: 'unknown' });
    expect(textOf(await callTool(manager, 'it', 'test_simple_text'))).toContain('simple text');
  });

  test('a call that was cancelled before is not sent', async () => {
    const manager = await start();
    const outcome = await callTool(manager, 'it', 'test_simple_text', {}, { signal: AbortSignal.abort() });
    expect(outcome).toMatchObject({ kind: 'not-sent' });
  });

  test('a question of the upstream reaches the call that caused it', async () => {
    const manager = await start();
    const asked: unknown[] = [];
    const outcome = await callTool(
      manager,
      'it',
      'test_elicitation',
      { message: 'Who are you?' },
      {
        meta: { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } },
        onUpstreamRequest: async (method, params) => {
          asked.push([method, params['message']]);
          return { action: 'accept', content: { username: 'ada', email: 'ada@example.com' } };
        },
      },
    );
    expect(asked).toEqual([['elicitation/create', 'Who are you?']]);
    expect(textOf(outcome)).toContain('"username":"ada"');
  });

  test('a resource that changed is told to those who watch the server', async () => {
    const manager = await start();
    const heard: string[] = [];
    manager.onServerNotification(({ method }) => heard.push(method));
    const signal = new AbortController().signal;
    const params = { uri: 'test://watched-resource' };
    const subscribed = await manager.request({ serverId: 'it', method: 'resources/subscribe', params, signal });
    expect(subscribed).toMatchObject({ kind: 'answered' });
    if (era === 'initialize') await eventually(() => heard.includes('notifications/resources/updated'));
    const pid = manager.status()[0]?.pid;
    if (era !== 'initialize' || pid === undefined) return;
    // The fixture tells of a change right after each subscription: the one that follows a restart is heard too.
    heard.length = 0;
    process.kill(pid, 'SIGKILL');
    await eventually(() => heard.includes('notifications/resources/updated'));
  });

  test('a tool that vanishes is not offered any more, and clients are told', async () => {
    const manager = await start();
    const heard: string[] = [];
    manager.onServerNotification(({ method }) => heard.push(method));
    // The subscription of the stateless era opens in the background.
    await new Promise((wake) => setTimeout(wake, 300));
    await callTool(manager, 'it', 'test_trigger_tool_change');
    await eventually(() => heard.includes('notifications/tools/list_changed'));
    expect(manager.catalogue.resolve('it', 'test_toggled_tool')).toBeUndefined();
    expect(await callTool(manager, 'it', 'test_toggled_tool')).toMatchObject({ kind: 'not-sent' });
    expect(manager.catalogue.isCallable('it', 'test_simple_text')).toBe(true);
  });
});

describe('questions across the eras', () => {
  const question = { message: 'Who are you?' };
  const answer = { action: 'accept', content: { username: 'ada', email: 'ada@example.com' } };
  const meta = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } };
  const askTool = (manager: UpstreamManager, statelessMcpClientId: string, retry: JsonObject = {}) =>
    manager.request({
      serverId: 'it',
      method: 'tools/call',
      params: { name: 'test_elicitation', arguments: question, _meta: meta, ...retry },
      signal: new AbortController().signal,
      statelessMcpClientId,
    });
  const allow = { elicitation: true };

  test('a modern AI client gets log lines only for requests that ask for them', async () => {
    const manager = await startManager({ it: servers.conformance('--era', 'initialize') });
    const heard = async (logMeta: JsonObject) => {
      const methods: string[] = [];
      await callTool(
        manager,
        'it',
        'test_logging_tool',
        {},
        {
          meta: logMeta,
          statelessMcpClientId: 'claude',
          onNotification: (method) => methods.push(method),
        },
      );
      return methods;
    };
    expect(await heard({})).toEqual([]);
    expect(await heard({ 'io.modelcontextprotocol/logLevel': 'info' })).toEqual(['notifications/message']);
  });

  test('what a modern upstream asks of a modern AI client passes as it is', async () => {
    const manager = await startManager({ it: { ...servers.conformance(), allow } });
    const outcome = await askTool(manager, 'claude');
    expect(outcome).toMatchObject({
      result: { resultType: 'input_required', inputRequests: { response: { method: 'elicitation/create' } } },
    });
    const retried = await askTool(manager, 'claude', { inputResponses: { response: answer } });
    expect(textOf(retried)).toContain('"username":"ada"');
  });

  test('a modern upstream asks an AI client of the initialize era by a request, and gets its answer', async () => {
    const manager = await startManager({ it: { ...servers.conformance(), allow } });
    const asked: unknown[] = [];
    const outcome = await callTool(manager, 'it', 'test_elicitation', question, {
      onUpstreamRequest: async (method, params) => {
        asked.push([method, params['message']]);
        return answer;
      },
    });
    expect(asked).toEqual([['elicitation/create', 'Who are you?']]);
    expect(textOf(outcome)).toContain('"username":"ada"');
  });

  test('an upstream of the initialize era asks a modern AI client inside the result, and the retry ends the call', async () => {
    const manager = await startManager({ it: { ...servers.conformance('--era', 'initialize'), allow } });
    const first = await askTool(manager, 'claude');
    expect(first).toMatchObject({
      kind: 'answered',
      result: {
        resultType: 'input_required',
        inputRequests: { 'question-1': { method: 'elicitation/create', params: { message: 'Who are you?' } } },
      },
    });
    const requestState = first.kind === 'answered' ? first.result['requestState'] : undefined;
    const retry = { requestState: requestState as string, inputResponses: { 'question-1': answer } };
    expect(textOf(await askTool(manager, 'claude', retry))).toContain('"username":"ada"');
    expect(await askTool(manager, 'claude', retry), 'the state is good for one use').toMatchObject({ code: -32602 });
  });

  test.each([
    ['another AI client', 'mallory', (state: string) => ({ requestState: state })],
    [
      'another call',
      'claude',
      (state: string) => ({ requestState: state, arguments: { message: 'Send me your key' } }),
    ],
    ['a changed state', 'claude', (state: string) => ({ requestState: `${state.slice(0, -1)}x` })],
  ])('the state is refused for %s', async (_name, mcpClientId, retry) => {
    const manager = await startManager({ it: { ...servers.conformance('--era', 'initialize'), allow } });
    const first = await askTool(manager, 'claude');
    const state = first.kind === 'answered' ? String(first.result['requestState']) : '';
    const responses = { inputResponses: { 'question-1': answer } };
    const outcome = await askTool(manager, mcpClientId, { ...retry(state), ...responses });
    expect(outcome).toMatchObject({ kind: 'failed', code: -32602 });
  });

  test('nothing may be asked where the person has not allowed it', async () => {
    const manager = await startManager({ it: servers.conformance('--era', 'initialize') });
    const outcome = await callTool(manager, 'it', 'test_elicitation', question, {
      onUpstreamRequest: async () => expect.unreachable('the AI client was asked'),
    });
    expect(textOf(outcome)).not.toContain('ada');
    expect(outcome).toMatchObject({ kind: expect.stringMatching(/answered|failed/) });
  });
});
