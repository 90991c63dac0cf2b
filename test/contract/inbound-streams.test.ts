/** Long streams: what changed reaches those who may hear of it, in both eras. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { metaKey } from '../../mcp-bridge/inbound/era.ts';
import { type InboundFixture, post, startInbound } from '../support/inbound-fixture.ts';

type Message = {
  readonly method?: string;
  readonly id?: unknown;
  readonly params?: Record<string, unknown>;
  readonly result?: unknown;
};

type OpenStream = {
  readonly status: number;
  readonly messages: Message[];
  readonly text: () => string;
  readonly ended: Promise<void>;
  close(): void;
};

async function open(
  fixture: InboundFixture,
  init: RequestInit & { headers?: Record<string, string> },
  path = '/mcp',
): Promise<OpenStream> {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const response = await fetch(`http://127.0.0.1:${fixture.inbound.port}${path}`, {
    ...init,
    signal: controller.signal,
    headers: { authorization: `Bearer ${fixture.keyA}`, accept: 'text/event-stream', ...init.headers },
  });
  const messages: Message[] = [];
  let text = '';
  const read = async (): Promise<void> => {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString('utf8');
      const events = text
        .split('\n\n')
        .slice(0, -1)
        .filter((event) => event.startsWith('event: message'));
      messages.splice(0, messages.length, ...events.map((event) => JSON.parse(event.split('data: ')[1] as string)));
    }
  };
  const ended = read().catch(() => {});
  return { status: response.status, messages, text: () => text, ended, close: () => controller.abort() };
}

const envelope = { [metaKey.protocolVersion]: '2026-07-28', [metaKey.clientCapabilities]: {} };

function listen(fixture: InboundFixture, notifications: unknown, path = '/mcp'): Promise<OpenStream> {
  return open(
    fixture,
    {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'subscriptions/listen',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 'sub',
        method: 'subscriptions/listen',
        params: { notifications, _meta: envelope },
      }),
    },
    path,
  );
}

const toolsChanged = (endpointServerId: string) => ({
  endpointServerId,
  method: 'notifications/tools/list_changed',
  params: {},
});
const updated = (uri: string) => ({
  endpointServerId: 'echo',
  method: 'notifications/resources/updated',
  params: { uri },
});

async function sessionOf(fixture: InboundFixture): Promise<string> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } };
  const answer = await post(fixture, { jsonrpc: '2.0', id: 1, method: 'initialize', params });
  return answer.headers.get('mcp-session-id') ?? '';
}

test('a GET stream hears of list changes, and of resources its session subscribed to', async () => {
  const fixture = await startInbound();
  const headers = { 'mcp-session-id': await sessionOf(fixture) };
  const stream = await open(fixture, { method: 'GET', headers });
  await post(fixture, { jsonrpc: '2.0', id: 2, method: 'resources/subscribe', params: { uri: 'a:1' } }, headers);
  for (const change of [toolsChanged('echo'), updated('a:2'), updated('a:1')]) fixture.announce(change);
  await vi.waitFor(() => expect(stream.messages.length).toBe(2));
  expect(stream.messages).toEqual([
    { jsonrpc: '2.0', method: 'notifications/tools/list_changed', params: {} },
    { jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'a:1' } },
  ]);
});

test('a stream of one server hears nothing of another', async () => {
  const fixture = await startInbound();
  const stream = await open(fixture, { method: 'GET' }, '/mcp/echo');
  for (const serverId of ['other', 'echo']) fixture.announce(toolsChanged(serverId));
  await vi.waitFor(() => expect(stream.messages.length).toBe(1));
});

test('subscriptions/listen says first what it will deliver, stamps what it delivers, and unsubscribes at the end', async () => {
  const fixture = await startInbound();
  const stream = await listen(fixture, {
    toolsListChanged: true,
    promptsListChanged: true,
    resourceSubscriptions: ['a:1'],
  });
  await vi.waitFor(() => expect(stream.messages.length).toBe(1));
  for (const change of [toolsChanged('echo'), updated('a:2'), updated('a:1')]) fixture.announce(change);
  await vi.waitFor(() => expect(stream.messages.length).toBe(3));
  const _meta = { [metaKey.subscriptionId]: 'sub' };
  expect(stream.messages).toEqual([
    {
      jsonrpc: '2.0',
      method: 'notifications/subscriptions/acknowledged',
      params: { notifications: { toolsListChanged: true, resourceSubscriptions: ['a:1'] }, _meta },
    },
    { jsonrpc: '2.0', method: 'notifications/tools/list_changed', params: { _meta } },
    { jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'a:1', _meta } },
  ]);
  stream.close();
  await vi.waitFor(() =>
    expect(fixture.received.map(({ method }) => method)).toEqual(['resources/subscribe', 'resources/unsubscribe']),
  );
});

test('a listen that asks for nothing the bridge offers ends at once', async () => {
  const fixture = await startInbound();
  const stream = await listen(fixture, { promptsListChanged: true });
  await stream.ended;
  expect(stream.messages.map(({ method, id }) => method ?? id)).toEqual([
    'notifications/subscriptions/acknowledged',
    'sub',
  ]);
});

test.each([
  ['nothing', undefined],
  ['a list', []],
  ['a flag that is no boolean', { toolsListChanged: 'yes' }],
  ['a URI that is no text', { resourceSubscriptions: [1] }],
])('a listen whose filter is %s is an invalid request', async (_name, notifications) => {
  const stream = await listen(await startInbound(), notifications);
  await stream.ended;
  expect(stream.text()).toContain('-32602');
});

test('a comment keeps a quiet stream open, and turns a waiting answer into a stream', async () => {
  const fixture = await startInbound({ keepAliveMs: 30 });
  const quiet = await open(fixture, { method: 'GET' });
  await vi.waitFor(() => expect(quiet.text()).toContain(': keepalive'));
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'wait' } });
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const waits = await open(fixture, { method: 'POST', headers, body });
  await vi.waitFor(() => expect(waits.text()).toContain(': keepalive'));
});

test('more streams than the limit are refused, and a closed one makes room', async () => {
  const fixture = await startInbound({ streamsPerClient: 2 });
  const [first] = await Promise.all([open(fixture, { method: 'GET' }), open(fixture, { method: 'GET' })]);
  expect((await open(fixture, { method: 'GET' })).status).toBe(429);
  first?.close();
  await vi.waitFor(async () => expect((await open(fixture, { method: 'GET' })).status).toBe(200));
});

test('closing the bridge ends every stream and call, and its own subscription', async () => {
  const fixture = await startInbound();
  const stream = await listen(fixture, { toolsListChanged: true });
  const waits = post(fixture, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'wait' } }).catch(
    () => {},
  );
  await vi.waitFor(() => expect(fixture.waiting.size).toBe(1));
  await fixture.inbound.close();
  await Promise.all([stream.ended, waits]);
  expect({ waiting: fixture.waiting.size, listeners: fixture.listeners() }).toEqual({ waiting: 0, listeners: 0 });
  expect(stream.messages.at(-1)).toMatchObject({ id: 'sub', result: { resultType: 'complete' } });
});

test('a session has one GET stream: the newer ends the older, and each message goes out once', async () => {
  const fixture = await startInbound();
  const headers = { 'mcp-session-id': await sessionOf(fixture) };
  const first = await open(fixture, { method: 'GET', headers });
  const second = await open(fixture, { method: 'GET', headers });
  await first.ended;
  fixture.announce(toolsChanged('echo'));
  await vi.waitFor(() => expect(second.messages.length).toBe(1));
  expect(first.messages).toEqual([]);
});

test('one session that unsubscribes does not silence another; the last one tells the bridge', async () => {
  const fixture = await startInbound();
  const sessions = [{ 'mcp-session-id': await sessionOf(fixture) }, { 'mcp-session-id': await sessionOf(fixture) }];
  const ask = (method: string, session: Record<string, string> | undefined) =>
    post(fixture, { jsonrpc: '2.0', id: 2, method, params: { uri: 'a:1' } }, session);
  for (const session of sessions) await ask('resources/subscribe', session);
  expect((await ask('resources/unsubscribe', sessions[0])).json).toEqual({ jsonrpc: '2.0', id: 2, result: {} });
  const told = () => fixture.received.filter(({ method }) => method === 'resources/unsubscribe').length;
  expect(told()).toBe(0);
  await fetch(fixture.inbound.url, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${fixture.keyA}`, ...sessions[1] },
  });
  await vi.waitFor(() => expect(told()).toBe(1));
});

test('a session that its owner deleted answers 404, to its owner too', async () => {
  const fixture = await startInbound();
  const headers = { 'mcp-session-id': await sessionOf(fixture) };
  await fetch(fixture.inbound.url, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${fixture.keyA}`, ...headers },
  });
  expect((await post(fixture, { jsonrpc: '2.0', id: 2, method: 'ping' }, headers)).status).toBe(404);
});
