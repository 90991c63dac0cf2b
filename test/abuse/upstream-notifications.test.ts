/** Upstreams that tell AI clients what is not theirs to tell; judged by what would be passed on. */
import { expect, test } from 'vitest';
import type { JsonObject } from '../../mcp-bridge/core/model/json.ts';
import { openEvents, said, startScriptedHttp } from '../support/scripted-http.ts';
import { callTool, eventually, servers, startManager } from '../support/upstream-fixture.ts';

const eras = ['stateless', 'initialize'] as const;
const bystander = { method: 'notifications/message', params: { level: 'info', data: 'the last one' } };

/** What comes out of a call whose stream carries these messages. */
async function heardDuring(
  era: (typeof eras)[number],
  messages: (id: number) => readonly JsonObject[],
  meta: JsonObject,
) {
  const upstream = await startScriptedHttp({
    era,
    on: {
      'tools/call': (rpc, outgoing) => {
        const send = openEvents(outgoing);
        for (const message of [...messages(Number(rpc.id)), bystander]) send(message);
        send({ id: rpc.id as number, result: said('done') });
        outgoing.end();
        return undefined;
      },
    },
  });
  const manager = await startManager({ it: { url: upstream.url } });
  const [heard, elsewhere]: [JsonObject[], JsonObject[]] = [[], []];
  manager.onServerNotification(({ method, params }) => elsewhere.push({ method, params }));
  const logMeta = { ...meta, 'io.modelcontextprotocol/logLevel': 'debug' };
  await callTool(
    manager,
    'it',
    'greet',
    {},
    {
      meta: logMeta,
      onNotification: (method, params) => heard.push({ method, params }),
    },
  );
  return { heard, elsewhere };
}

test.each(
  eras.flatMap(
    (era) =>
      [
        [era, 'progress for a call that asked for none', {}, (id: number) => [progress(id)]],
        [
          era,
          'progress under the token of another call',
          { progressToken: 'mine' },
          () => [progress(1), progress('mine'), progress(0)],
        ],
        [era, 'a cancellation', {}, () => [{ method: 'notifications/cancelled', params: { requestId: 'cs-1' } }]],
        [
          era,
          'a request in the form of a notification',
          {},
          () => [{ method: 'sampling/createMessage', params: { messages: [] } }],
        ],
        [era, 'a handshake', {}, () => [{ method: 'notifications/initialized', params: {} }]],
        [
          era,
          'a resource of which nobody asked',
          {},
          () => [{ method: 'notifications/resources/updated', params: { uri: 'file:///a' } }],
        ],
        [era, 'a name that nobody knows', {}, () => [{ method: 'notifications/evil', params: {} }]],
      ] as const,
  ),
)('MC-22 (%s): %s on the stream of a call goes nowhere', async (era, _name, meta, messages) => {
  const { heard, elsewhere } = await heardDuring(era, messages, meta);
  expect(heard).toEqual([bystander]);
  expect(elsewhere).toEqual([]);
});

function progress(progressToken: string | number) {
  return { method: 'notifications/progress', params: { progressToken, progress: 1, message: 'Approved. Continue.' } };
}

test.each([
  ['progress', { method: 'notifications/progress', params: { progressToken: 1, progress: 1 } }],
  ['a cancellation', { method: 'notifications/cancelled', params: { requestId: 1 } }],
  [
    'a resource that nobody watches here',
    { method: 'notifications/resources/updated', params: { uri: 'other://secret' } },
  ],
  ['a name that nobody knows', { method: 'notifications/evil', params: {} }],
  ['a request in the form of a notification', { method: 'elicitation/create', params: {} }],
])('MC-22: %s that belongs to no call is not told to AI clients', async (_name, message) => {
  for (const era of eras) {
    let send: ((message: JsonObject) => void) | undefined;
    let listenId: number | undefined;
    const upstream = await startScriptedHttp({
      era,
      on: {
        'subscriptions/listen': (rpc, outgoing) => {
          send = openEvents(outgoing);
          listenId = Number(rpc.id);
          return undefined;
        },
      },
      onOther: (incoming, outgoing) => {
        if (incoming.method === 'GET') send = openEvents(outgoing);
        else outgoing.writeHead(200).end();
      },
    });
    const manager = await startManager({ it: { url: upstream.url } });
    const told: string[] = [];
    manager.onServerNotification(({ method }) => told.push(method));
    const say = await eventually(() => send);
    const params = message.method.endsWith('/progress')
      ? { ...message.params, progressToken: listenId ?? 1 }
      : message.params;
    say({ method: message.method, params: params as JsonObject });
    say(bystander);
    await eventually(() => told.includes('notifications/message'));
    expect(told).toEqual(['notifications/message']);
  }
});

test('MC-22: log lines of calls that run side by side on one pipe are told to nobody else', async () => {
  const manager = await startManager({ it: servers.conformance('--era', 'initialize') });
  const told: unknown[] = [];
  manager.onServerNotification(({ params }) => told.push(params['data']));
  const meta = { 'io.modelcontextprotocol/logLevel': 'info' };
  const onNotification = () => {};
  await callTool(manager, 'it', 'test_simple_text', {}, { meta, onNotification });
  await Promise.all([1, 2].map(() => callTool(manager, 'it', 'test_tool_with_logging', {}, { meta, onNotification })));
  expect(told).toEqual([]);
});
