/** AI clients of both eras in front of servers of both eras, with the official SDKs at both ends of the whole bridge. */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../mcp-bridge/core/model/json.ts';
import { openEvents, type Script, said, startScriptedHttp } from '../support/scripted-http.ts';
import { type AiClient, type AiEra, connectAi, serveBridge, usualAnswers } from '../support/served-bridge.ts';
import { eventually, servers } from '../support/upstream-fixture.ts';

const eras = ['initialize', 'stateless'] as const;
const everything = { sampling: true, elicitation: true, roots: true };
const upstreams = {
  initialize: () => servers.conformance('--era', 'initialize'),
  stateless: () => servers.conformance(),
};

async function join(aiEra: AiEra, upstreamEra: AiEra, allow = everything): Promise<{ ai: AiClient; all: AiClient }> {
  const { url, keys } = await serveBridge({ it: { ...upstreams[upstreamEra](), allow } });
  return { ai: await connectAi(aiEra, `${url}/it`, keys[0]), all: await connectAi(aiEra, url, keys[0]) };
}

describe.each(eras.flatMap((aiEra) => eras.map((upstreamEra) => [aiEra, upstreamEra] as const)))(
  'an AI client of the %s era, a server of the %s era',
  (aiEra, upstreamEra) => {
    test('lists, calls, progress, log lines, prompts, resources and completions', async () => {
      const { ai, all } = await join(aiEra, upstreamEra);
      expect(await ai.tools()).toContain('test_simple_text');
      expect(await all.tools()).toEqual(expect.arrayContaining(['countersign__permissions', 'it__test_simple_text']));
      expect((await all.call('it__test_simple_text')).text).toContain('simple text');
      expect(await ai.call('test_error_handling')).toMatchObject({ isError: true });

      const steps: number[] = [];
      await ai.call('test_tool_with_progress', {}, { onprogress: ({ progress }) => steps.push(progress) });
      expect(steps.filter((step) => step >= 0 && Number.isInteger(step))).toEqual([0, 50, 100]);

      if (aiEra === 'initialize') await ai.request('logging/setLevel', { level: 'info' });
      await ai.call('test_tool_with_logging', {}, { meta: ai.logs });
      expect(ai.heard.map(({ params }) => (params as JsonObject)['data'])).toEqual([
        'Tool execution started',
        'Tool processing data',
        'Tool execution completed',
      ]);

      const prompt = { name: 'it__test_prompt_with_arguments', arguments: { arg1: 'x', arg2: 'y' } };
      expect(JSON.stringify(await all.request('prompts/get', prompt))).toContain("arg1='x', arg2='y'");
      expect(JSON.stringify(await all.request('resources/read', { uri: 'test://template/7/data' }))).toContain(
        'Data for ID: 7',
      );
      const ref = { type: 'ref/prompt', name: 'it__test_prompt_with_arguments' };
      const completion = await all.request('completion/complete', { ref, argument: { name: 'arg1', value: 'par' } });
      expect(completion).toMatchObject({ completion: { values: ['paris', 'park', 'party'] } });
    });

    test('elicitation and sampling reach the AI client and come back', async () => {
      const { ai, all } = await join(aiEra, upstreamEra);
      expect((await ai.call('test_elicitation', { message: 'Who are you?' })).text).toContain('"username":"ada"');
      expect((await ai.call('test_sampling', { prompt: 'Capital?' })).text).toBe('LLM response: Paris');
      expect((await ai.call('test_elicitation_sep1034_defaults')).text).toContain('action=accept');
      expect(ai.asked.map(({ method }) => method)).toEqual([
        'elicitation/create',
        'sampling/createMessage',
        'elicitation/create',
      ]);
      expect((await all.call('it__test_elicitation', { message: 'Who are you?' })).text).toContain('"username":"ada"');
      const messages = [ai, all].map(({ asked: [first = {}] }) => (first['params'] as JsonObject)['message']);
      expect(messages).toEqual([
        'Who are you?',
        'The server "it" asks this, not Countersign. Give it no passwords or keys.\n\nWho are you?',
      ]);
    });

    test('nothing is asked where it was not allowed', async () => {
      const { ai } = await join(aiEra, upstreamEra, { sampling: false, elicitation: false, roots: false });
      const results = [
        await ai.call('test_elicitation', { message: 'Key?' }).catch(String),
        await ai.call('test_sampling', { prompt: 'x' }).catch(String),
      ];
      expect(ai.asked).toEqual([]);
      expect(JSON.stringify(results)).not.toMatch(/ada|Paris/);
      expect((await ai.call('test_simple_text')).isError).toBe(false);
    });

    test('a call that is cancelled ends here, and its outcome is unknown', async () => {
      const served = await serveBridge({ it: upstreams[upstreamEra]() });
      const ai = await connectAi(aiEra, `${served.url}/it`, served.keys[0]);
      const controller = new AbortController();
      const call = ai.call('test_tool_with_progress', {}, { signal: controller.signal });
      setTimeout(() => controller.abort(), 60);
      await expect(call).rejects.toThrow();
      const outcomes = () => served.events().filter(({ kind }) => kind === 'call.outcome');
      expect(await eventually(() => outcomes()[0])).toMatchObject({ outcome: 'unknown' });
      expect((await ai.call('test_simple_text')).isError).toBe(false);
    });

    test('a tool that goes is told and cannot be called any more', async () => {
      const { ai } = await join(aiEra, upstreamEra);
      await ai.watch('test://watched-resource');
      await new Promise((wake) => setTimeout(wake, 300));
      await ai.call('test_trigger_tool_change');
      await eventually(() => ai.heard.some(({ method }) => method === 'notifications/tools/list_changed'));
      expect(await ai.tools()).not.toContain('test_toggled_tool');
      await expect(ai.call('test_toggled_tool')).rejects.toThrow();
    });
  },
);

describe.each(eras)('an AI client of the %s era, questions of a modern server', (aiEra) => {
  test.each([
    ['elicitation', 'Hello, Ada!'],
    ['sampling', 'Sampled: Paris'],
    ['list_roots', 'Roots: file:///home/ada'],
    ['request_state', 'state-ok'],
    ['multiple_inputs', 'All inputs received for Ada'],
    ['multi_round', 'Done: blue'],
  ])('%s', async (name, expected) => {
    const { ai } = await join(aiEra, 'stateless');
    expect((await ai.call(`test_input_required_result_${name}`)).text).toBe(expected);
  });

  test('in a prompt', async () => {
    const { ai } = await join(aiEra, 'stateless');
    const prompt = await ai.request('prompts/get', { name: 'test_input_required_result_prompt' });
    expect(JSON.stringify(prompt)).toContain('a garden');
  });

  test('declined by an AI client that takes none', async () => {
    const { url, keys } = await serveBridge({ it: { ...upstreams.stateless(), allow: everything } });
    const ai = await connectAi(aiEra, `${url}/it`, keys[0], {});
    const answer = await ai.call('test_input_required_result_capabilities');
    expect(answer.text).toBe('Nothing can be asked');
    await ai.call('test_input_required_result_elicitation').catch(() => {});
    expect(ai.asked).toEqual([]);
  });
});

describe.each(eras)('a server of the %s era that asks by an address', (upstreamEra) => {
  const params = { mode: 'url', message: 'Please pay', url: 'https://pay.example.com/1' };
  const asking: Script =
    upstreamEra === 'stateless'
      ? {
          on: {
            'tools/call': ({ params: { inputResponses } }) =>
              inputResponses === undefined
                ? { resultType: 'input_required', inputRequests: { pay: { method: 'elicitation/create', params } } }
                : said(JSON.stringify(inputResponses)),
          },
        }
      : {
          era: 'initialize',
          on: {
            'tools/call': (rpc, outgoing) => {
              const send = openEvents(outgoing);
              const id = 'question-of-the-server';
              answers.set(id, (result) => {
                send({ id: rpc.id as number, result: said(JSON.stringify(result)) });
                outgoing.end();
              });
              send({ id, method: 'elicitation/create', params: { ...params, elicitationId: 'e-1' } });
              return undefined;
            },
          },
        };
  const answers = new Map<string, (result: unknown) => void>();

  test.each(eras)('is answered by an AI client of the %s era', async (aiEra) => {
    const upstream = await startScriptedHttp({
      ...asking,
      onReply: (reply) => answers.get(String(reply['id']))?.(reply['result']),
    });
    const { url, keys } = await serveBridge({ it: { url: upstream.url, allow: everything } });
    const ai = await connectAi(aiEra, `${url}/it`, keys[0], { elicitation: { action: 'accept' } });
    expect((await ai.call('greet')).text).toContain('"action":"accept"');
    expect(ai.asked).toMatchObject([{ params: { mode: 'url', url: 'https://pay.example.com/1' } }]);
  });
});

describe.each(eras)('a resource that changes at a server of the %s era', (upstreamEra) => {
  test.each(eras)('is told to the AI client of the %s era that watches it, and to no other', async (aiEra) => {
    let say: ((message: JsonObject) => void) | undefined;
    const uri = 'notes://1';
    const upstream = await startScriptedHttp({
      era: upstreamEra,
      resources: [{ uri, name: 'one' }],
      on: {
        'resources/subscribe': () => ({}),
        'subscriptions/listen': ({ params }, outgoing) => {
          const { resourceSubscriptions } = params['notifications'] as JsonObject;
          const send = openEvents(outgoing);
          if (resourceSubscriptions !== undefined) say = send;
          return undefined;
        },
      },
      onOther: (incoming, outgoing) => {
        if (incoming.method === 'GET') say = openEvents(outgoing);
        else outgoing.writeHead(200).end();
      },
    });
    const { url, keys } = await serveBridge({ it: { url: upstream.url } });
    const watching = await connectAi(aiEra, url, keys[0]);
    const other = await connectAi(aiEra, url, keys[1]);
    await watching.watch(uri);
    await new Promise((wake) => setTimeout(wake, 200));
    const send = await eventually(() => say);
    send({ method: 'notifications/resources/updated', params: { uri } });
    await eventually(() => watching.heard.length > 0);
    expect(watching.heard).toMatchObject([{ method: 'notifications/resources/updated', params: { uri } }]);
    expect(other.heard).toEqual([]);
  });
});

test('what one AI client was asked cannot be answered by another', async () => {
  const { url, keys } = await serveBridge({ it: { ...upstreams.initialize(), allow: everything } });
  const state = async (key: string, retry: JsonObject = {}) => {
    const response = await fetch(`${url}/it`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'test_elicitation',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: {
          name: 'test_elicitation',
          arguments: { message: 'Who?' },
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
            'io.modelcontextprotocol/clientCapabilities': { elicitation: {} },
          },
          ...retry,
        },
      }),
    });
    return JSON.parse((await response.text()).replace(/^[^{]*data: /s, '')) as {
      result?: JsonObject;
      error?: JsonObject;
    };
  };
  const requestState = (await state(keys[0])).result?.['requestState'] as string;
  const inputResponses = { 'question-1': usualAnswers.elicitation as JsonObject };
  expect(await state(keys[1], { requestState, inputResponses })).toMatchObject({ error: { code: -32602 } });
  expect(JSON.stringify(await state(keys[0], { requestState, inputResponses }))).toContain('ada');
});
