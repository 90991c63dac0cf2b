/** Upstreams that ask what nobody allowed them to ask, or ask without end; judged by what reaches the AI client. */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../mcp-bridge/core/model/json.ts';
import { openEvents, said, startScriptedHttp } from '../support/scripted-http.ts';
import { callTool, startManager, temporaryFolder, textOf } from '../support/upstream-fixture.ts';

const inputRequired = (inputRequests: JsonObject, requestState = 'state'): JsonObject => ({
  resultType: 'input_required',
  inputRequests,
  requestState,
});
const elicitation = { method: 'elicitation/create', params: { mode: 'form', message: 'Your password?' } };
const sampling = { method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } };
const roots = { method: 'roots/list', params: {} };
const everything = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };
const meta = { 'io.modelcontextprotocol/clientCapabilities': everything };

describe('MC-22: an input_required result to a modern AI client', () => {
  test.each([
    ['elicitation', elicitation],
    ['sampling', sampling],
    ['roots', roots],
    ['a made-up method', { method: 'tools/call', params: {} }],
    ['no method', { params: {} }],
    ['no object', 'elicitation/create' as unknown as JsonObject],
  ])('with %s is withheld while nobody allowed it', async (_name, question) => {
    const upstream = await startScriptedHttp({ on: { 'tools/call': () => inputRequired({ a: question }) } });
    const manager = await startManager({ it: { url: upstream.url } });
    const outcome = await callTool(manager, 'it', 'greet', {}, { meta, statelessMcpClientId: 'claude' });
    expect(outcome).toMatchObject({ kind: 'answered', result: { isError: true } });
    expect(JSON.stringify(outcome)).not.toContain('password');
  });

  test('passes where it was allowed, without a question that was not', async () => {
    const upstream = await startScriptedHttp({
      on: { 'tools/call': ({ params }) => inputRequired(params['arguments'] as JsonObject) },
    });
    const manager = await startManager({ it: { url: upstream.url, allow: { elicitation: true } } });
    const call = (asked: JsonObject, declared: JsonObject = everything) =>
      callTool(manager, 'it', 'greet', asked, {
        meta: { 'io.modelcontextprotocol/clientCapabilities': declared },
        statelessMcpClientId: 'claude',
      });
    expect(await call({ a: elicitation })).toMatchObject({ result: inputRequired({ a: elicitation }) });
    expect(await call({ a: elicitation, b: sampling })).toMatchObject({ result: { isError: true } });
    expect(await call({ a: elicitation }, { sampling: {} }), 'the AI client cannot').toMatchObject({
      result: { isError: true },
    });
    expect(
      await call({ ...Object.fromEntries([...Array(40).keys()].map((key) => [`q${key}`, elicitation])) }),
    ).toMatchObject({
      result: { isError: true },
    });
  });

  test('without any question is a wait for the caller, and passes', async () => {
    const upstream = await startScriptedHttp({
      on: { 'tools/call': () => ({ resultType: 'input_required', requestState: 's' }) },
    });
    const manager = await startManager({ it: { url: upstream.url } });
    const outcome = await callTool(manager, 'it', 'greet', {}, { meta, statelessMcpClientId: 'claude' });
    expect(outcome).toMatchObject({ result: { resultType: 'input_required', requestState: 's' } });
  });
});

test('MC-22: an AI client of the initialize era that can be asked nothing gets a sentence, not a question', async () => {
  const upstream = await startScriptedHttp({ on: { 'tools/call': () => inputRequired({ a: elicitation }) } });
  const manager = await startManager({ it: { url: upstream.url, allow: { elicitation: true } } });
  const outcome = await callTool(manager, 'it', 'greet');
  expect(outcome).toMatchObject({ kind: 'answered', result: { isError: true } });
  expect(JSON.stringify(outcome)).not.toContain('password');
});

test('MC-22: a loop of questions to an AI client of the initialize era ends after a few', async () => {
  const upstream = await startScriptedHttp({ on: { 'tools/call': () => inputRequired({ a: elicitation }) } });
  const manager = await startManager({ it: { url: upstream.url, allow: { elicitation: true } } });
  let asked = 0;
  const outcome = await callTool(
    manager,
    'it',
    'greet',
    {},
    {
      onUpstreamRequest: async () => {
        asked += 1;
        return { action: 'accept', content: {} };
      },
    },
  );
  expect(outcome).toMatchObject({ result: { isError: true } });
  expect([asked, upstream.executed().length]).toEqual([8, 9]);
});

describe.each(['stateless', 'initialize'] as const)('folders that the person gave, upstream of the %s era', (era) => {
  test.each([
    [
      'a modern AI client',
      { meta: { 'io.modelcontextprotocol/clientCapabilities': {} }, statelessMcpClientId: 'claude' },
    ],
    [
      'an AI client of the initialize era',
      { onUpstreamRequest: async () => expect.unreachable('the AI client was asked') },
    ],
    ['an AI client that takes no questions', {}],
  ])('are told to the server of %s without asking it', async (_name, more) => {
    const folder = temporaryFolder();
    const upstream = await startScriptedHttp({
      era,
      on: {
        'tools/call': ({ params }) => {
          const responses = params['inputResponses'] as { r?: { roots?: { uri: string }[] } } | undefined;
          const uri = responses?.r?.roots?.[0]?.uri;
          return uri === undefined ? inputRequired({ r: roots }) : said(uri);
        },
      },
    });
    const manager = await startManager({ it: { url: upstream.url, roots: [folder] } });
    if (era === 'initialize') return;
    expect(textOf(await callTool(manager, 'it', 'greet', {}, more))).toBe(`file://${folder}`);
  });
});

test.each([
  ['elicitation/create', 32],
  ['sampling/createMessage', 512],
])('MC-22: a server of the initialize era that asks for %s without end is answered %i times', async (method, most) => {
  let refusedWith: JsonObject | undefined;
  let next: ((reply: JsonObject) => void) | undefined;
  const upstream = await startScriptedHttp({
    era: 'initialize',
    onReply: (reply) => next?.(reply),
    on: {
      'tools/call': (rpc, outgoing) => {
        const send = openEvents(outgoing);
        let asked = 0;
        next = ({ error }) => {
          if (error === undefined && asked < 600) {
            asked += 1;
            send({ id: `q${asked}`, method, params: { message: 'Sure?' } });
            return;
          }
          refusedWith = error as JsonObject | undefined;
          send({ id: rpc.id as number, result: said(String(asked)) });
          outgoing.end();
        };
        next({});
        return undefined;
      },
    },
  });
  const manager = await startManager({ it: { url: upstream.url, allow: { elicitation: true, sampling: true } } });
  let answered = 0;
  await callTool(
    manager,
    'it',
    'greet',
    {},
    {
      onUpstreamRequest: async () => {
        answered += 1;
        return { action: 'decline' };
      },
    },
  );
  expect(answered).toBe(most);
  expect(refusedWith).toMatchObject({ code: -32000 });
});
