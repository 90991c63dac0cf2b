/** HTTP+SSE servers that misbehave; judged by what reached which server, and how often. */
import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { endpointAddress } from '../../mcp-bridge/upstream/sse-endpoint.ts';
import { type SseEvents, SseParser } from '../../mcp-bridge/upstream/sse-events.ts';
import { hello, startEvilHttp } from '../support/evil-http.ts';
import { said } from '../support/scripted-http.ts';
import { type SseScript, startScriptedSse } from '../support/scripted-sse.ts';
import { connectAi, serveBridge } from '../support/served-bridge.ts';
import { startSseUpstream } from '../support/sse-upstream.ts';
import { callTool, eventually, servers, startManager, textOf } from '../support/upstream-fixture.ts';

const limits = { maxMessageBytes: 64 << 10, maxSkippedBytes: 1 << 20 };

async function reached(script: SseScript, more: Parameters<typeof startManager>[1] = {}, config = {}) {
  const upstream = await startScriptedSse(script);
  const manager = await startManager({ it: { url: upstream.url, type: 'sse', ...config } }, more);
  return { upstream, manager };
}

describe('OA-10, MC-34: where an event stream sends messages', () => {
  const configured = 'https://mcp.example.com:8443/a/sse?key=1';
  test.each([
    ['a path', '/messages?session=1', 'https://mcp.example.com:8443/messages?session=1'],
    ['a relative path', 'messages', 'https://mcp.example.com:8443/a/messages'],
    ['only a query', '?session=1', 'https://mcp.example.com:8443/a/sse?session=1'],
    ['its whole own address', 'https://MCP.example.com:8443/m#x', 'https://mcp.example.com:8443/m'],
  ])('%s is the configured origin', (_name, data, expected) =>
    expect(endpointAddress(data, configured)).toBe(expected),
  );
  test.each([
    ['another host', 'https://evil.example.com:8443/m'],
    ['another port', 'https://mcp.example.com/m'],
    ['another scheme', 'http://mcp.example.com:8443/m'],
    ['another host without a scheme', '//evil.example.com/m'],
    ['another host behind a backslash', '\\\\evil.example.com/m'],
    ['another host behind a slash and a backslash', '/\\evil.example.com/m'],
    ['a subdomain', 'https://mcp.example.com.evil.example:8443/m'],
    ['a user name that looks like the host', 'https://mcp.example.com:8443@evil.example.com/m'],
    ['a user name', 'https://a@mcp.example.com:8443/m'],
    ['the metadata service of a cloud', 'http://169.254.169.254/latest/meta-data'],
    ['a file', 'file:///etc/passwd'],
    ['a script', 'javascript:alert(1)'],
    ['nothing', ''],
    ['a line break', '/m\r\nhost: evil'],
    ['a tab in the scheme', 'ht\ttps://evil.example.com/'],
    ['letters that look alike', '/mеssages'],
    ['more than an address', `/${'a'.repeat(5_000)}`],
  ])('%s is refused', (_name, data) => expect(endpointAddress(data, configured)).toBeUndefined());

  test.each<[string, (other: string, own: string) => string]>([
    ['another port', (other) => `${other}/messages`],
    ['another port without a scheme', (other) => other.replace('http:', '')],
    ['another name of this machine', (_other, own) => `${own.replace('127.0.0.1', 'localhost')}/messages`],
    ['another scheme', (_other, own) => `${own.replace('http:', 'https:')}/messages`],
  ])('%s gets nothing, not even a greeting', async (_name, endpoint) => {
    const other = await startEvilHttp(hello);
    const { upstream, manager } = await reached(
      { endpoint: (own) => endpoint(other.url.replace('/mcp', ''), own) },
      {},
      { headers: { authorization: 'Bearer canary' } },
    );
    expect(manager.status()[0]).toMatchObject({ lastError: expect.stringContaining('an address elsewhere') });
    expect(other.seen).toEqual([]);
    expect(upstream.seen.filter(({ line }) => line.startsWith('POST'))).toEqual([]);
  });

  test('a second address in the middle of the stream changes nothing', async () => {
    const other = await startEvilHttp(hello);
    const { upstream, manager } = await reached({
      onCall: ({ rpc, outgoing, stream, send }) => {
        outgoing.writeHead(202).end();
        stream.write(`event: endpoint\ndata: ${other.url}\n\nevent: endpoint\ndata: /elsewhere\n\n`);
        send({ id: rpc.id ?? null, result: said('hello') });
      },
    });
    for (const _ of [1, 2]) expect(textOf(await callTool(manager, 'it', 'greet'))).toBe('hello');
    expect(other.seen).toEqual([]);
    expect(upstream.seen.filter(({ line }) => line.includes('elsewhere'))).toEqual([]);
  });

  test.each(['of the stream', 'of a message'])('a redirect %s to another host is not followed', async (what) => {
    const other = await startEvilHttp(hello);
    const redirect = (outgoing: ServerResponse) => void outgoing.writeHead(307, { location: other.url }).end();
    const { manager } = await reached(
      what === 'of the stream' ? { onStream: redirect } : { onCall: ({ outgoing }) => redirect(outgoing) },
      {},
      { headers: { authorization: 'Bearer canary' } },
    );
    expect((await callTool(manager, 'it', 'greet')).kind).toBe(what === 'of the stream' ? 'not-sent' : 'failed');
    expect(other.seen).toEqual([]);
  });
});

test('MC-34: a credential is sent with its own call only', async () => {
  const { upstream, manager } = await reached({});
  const credential = { scheme: 'Bearer', value: 'canary-credential' } as const;
  await callTool(manager, 'it', 'greet', {}, { credential });
  await callTool(manager, 'it', 'greet');
  const withIt = upstream.seen.filter(({ authorization }) => authorization !== undefined);
  expect(withIt.map(({ rpc, authorization }) => [rpc?.method, authorization])).toEqual([
    ['tools/call', 'Bearer canary-credential'],
  ]);
});

describe('MC-33: a stream that is none', () => {
  const events = { 'content-type': 'text/event-stream' };
  const flood = (outgoing: ServerResponse, chunk: string) => {
    const more = () => {
      while (!outgoing.destroyed && outgoing.write(chunk));
      outgoing.once('drain', more);
    };
    more();
  };
  test.each<[string, SseScript, string]>([
    ['never names an address', { endpoint: undefined }, 'nothing could be sent within'],
    ['never answers', { onStream: () => {} }, 'nothing could be sent within'],
    ['is a page', { onStream: (outgoing) => void outgoing.end('<h1>Hi') }, 'HTTP 200 without an event stream'],
    ['is refused', { onStream: (outgoing) => void outgoing.writeHead(404).end() }, 'HTTP 404'],
    [
      'is packed',
      { onStream: (o) => void o.writeHead(200, { ...events, 'content-encoding': 'br' }).end() },
      'HTTP 200',
    ],
    ['ends at once', { onStream: (outgoing) => void outgoing.writeHead(200, events).end() }, 'ended its event stream'],
    ['is reset', { onStream: (_outgoing, incoming) => incoming.socket.resetAndDestroy() }, 'the connection broke'],
    [
      'is one event without end',
      { onStream: (o) => flood(o.writeHead(200, events), 'x'.repeat(9_999)) },
      'longer than',
    ],
    ['is comments without end', { onStream: (o) => flood(o.writeHead(200, events), ':x\n'.repeat(999)) }, 'within'],
  ])('that %s is given up in time, and nothing is sent', async (_name, script, reason) => {
    const startedMs = performance.now();
    const { upstream, manager } = await reached(script, { limits, connectTimeoutMs: 1_000 });
    expect(performance.now() - startedMs).toBeLessThan(4_000);
    expect(manager.status()[0]?.lastError).toContain(reason);
    expect(upstream.seen.filter(({ line }) => line.startsWith('POST'))).toEqual([]);
  });
});

const taken = (outgoing: ServerResponse, andThen: () => unknown): void => {
  outgoing.writeHead(202).end();
  andThen();
};
const writeTool = {
  name: 'create_note',
  inputSchema: { type: 'object' },
  annotations: { readOnlyHint: false, destructiveHint: false },
};
test.each<[string, string, NonNullable<SseScript['onCall']>]>([
  ['breaks its stream off', 'unknown', ({ outgoing, stream }) => taken(outgoing, () => stream.destroy())],
  ['ends its stream', 'unknown', ({ outgoing, stream }) => taken(outgoing, () => stream.end())],
  [
    'breaks everything off',
    'unknown',
    ({ outgoing, stream }) => [outgoing, stream].forEach((each) => void each.destroy()),
  ],
  ['resets the request', 'unknown', ({ outgoing }) => void outgoing.destroy()],
  ['answers 500', 'unknown', ({ outgoing }) => void outgoing.writeHead(500).end()],
  [
    'answers 503 and asks to try again',
    'unknown',
    ({ outgoing }) => void outgoing.writeHead(503, { 'retry-after': '0' }).end(),
  ],
  [
    'sends a message beyond the limit',
    'unknown',
    ({ outgoing, stream }) => taken(outgoing, () => stream.write(`data: ${'x'.repeat(17 << 20)}\n\n`)),
  ],
  [
    'nests its answer too deep',
    'unknown',
    ({ rpc, outgoing, stream }) => {
      outgoing.writeHead(202).end();
      const deep = `${'['.repeat(9_999)}${']'.repeat(9_999)}`;
      stream.write(`data: {"jsonrpc":"2.0","id":${String(rpc.id)},"result":{"x":${deep}}}\n\n`);
    },
  ],
  ['answers 400', 'failed', ({ outgoing }) => void outgoing.writeHead(400).end()],
  ['answers 429', 'failed', ({ outgoing }) => void outgoing.writeHead(429).end()],
  [
    'answers with an error that names no request',
    'failed',
    ({ outgoing, send }) => taken(outgoing, () => send({ id: null, error: { code: -32700, message: 'no' } })),
  ],
  [
    'answers on the stream and never to the request',
    'succeeded',
    ({ rpc, send }) => send({ id: rpc.id ?? null, result: said('first') }),
  ],
  [
    'answers twice',
    'succeeded',
    ({ rpc, outgoing, send }) => {
      for (const text of ['first', 'second']) send({ id: rpc.id ?? null, result: said(text) });
      outgoing.writeHead(202).end();
    },
  ],
])('AU-09: an SSE server that %s got the write once, and it is recorded as %s', async (_name, outcome, onCall) => {
  const upstream = await startScriptedSse({ tools: [writeTool], onCall });
  const served = await serveBridge({ it: { url: upstream.url, type: 'sse' } });
  const ai = await connectAi('initialize', `${served.url}/it`, served.keys[0]);
  const answer = await ai.call('create_note').catch((error: Error) => ({ text: error.message, isError: true }));
  const recorded = () => served.events().filter(({ kind }) => kind === 'call.outcome');
  expect((await eventually(() => recorded()[0])) as unknown).toMatchObject({ outcome });
  if (outcome === 'unknown')
    expect(answer).toMatchObject({ isError: true, text: expect.stringContaining('may or may not') });
  if (outcome === 'succeeded') expect(answer.text).toBe('first');
  await new Promise((wake) => setTimeout(wake, 150));
  expect(upstream.executed()).toEqual(['create_note']);
  expect(recorded()).toHaveLength(1);
});

test('AU-09: a real server whose stream breaks in the middle of a write is reached again, and the write is not sent again', async () => {
  const upstream = await startSseUpstream({ breaksAtWrite: true });
  const manager = await startManager({ it: { url: upstream.url } });
  expect(await callTool(manager, 'it', 'create_note')).toMatchObject({ kind: 'unknown' });
  expect(textOf(await callTool(manager, 'it', 'read_note'))).toBe('done: read_note');
  expect(upstream.executed).toEqual(['create_note', 'read_note']);
});

test('MC-22: what comes while two calls are open is told to neither of them', async () => {
  const heard: string[] = [];
  const open: (() => void)[] = [];
  const { manager } = await reached({
    onCall: ({ rpc, outgoing, send }) => {
      outgoing.writeHead(202).end();
      open.push(() => send({ id: rpc.id ?? null, result: said('hello') }));
      if (open.length < 2) return;
      send({ method: 'notifications/message', params: { level: 'info', data: 'whose?' } });
      send({ id: 777, result: said('of no call') });
      for (const finish of open) finish();
    },
  });
  const onNotification = (method: string) => void heard.push(method);
  const outcomes = await Promise.all([1, 2].map(() => callTool(manager, 'it', 'greet', {}, { onNotification })));
  expect(outcomes.map(textOf)).toEqual(['hello', 'hello']);
  expect(heard).toEqual([]);
});

test('MC-22: nothing is asked where it was not allowed', async () => {
  const upstream = await startSseUpstream();
  const served = await serveBridge({ it: { url: upstream.url, type: 'sse' } });
  const ai = await connectAi('initialize', `${served.url}/it`, served.keys[0]);
  expect(JSON.stringify(await ai.call('read_answer').catch(String))).not.toContain('ada');
  expect(ai.asked).toEqual([]);
});

test.each<[string, string]>([
  ['comments', ':x\n'.repeat(5_000)],
  ['empty data', 'data: {}\n\n'.repeat(2_000)],
  ['answers to calls that do not exist', 'data: {"jsonrpc":"2.0","id":999999,"result":{}}\n\n'.repeat(1_000)],
  ['notifications', 'data: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n'.repeat(1_000)],
  ['questions', 'data: {"jsonrpc":"2.0","id":"x","method":"ping"}\n\n'.repeat(1_000)],
])('MC-40: over HTTP+SSE, %s without end leave the other servers most of the time', async (_name, chunk) => {
  const upstream = await startScriptedSse({
    onCall: ({ outgoing, stream }) => {
      outgoing.writeHead(202).end();
      const timer = setInterval(() => stream.writableLength < 1 << 20 && stream.write(chunk), 2);
      stream.on('close', () => clearInterval(timer));
    },
  });
  const manager = await startManager({ it: { url: upstream.url, type: 'sse' }, well: servers.evil('--mode', 'plain') });
  const callsIn = async (periodMs: number) => {
    const endMs = performance.now() + periodMs;
    let calls = 0;
    for (; performance.now() < endMs; calls += 1) {
      await callTool(manager, 'well', 'greet');
      await new Promise((wake) => setTimeout(wake, 5));
    }
    return calls;
  };
  const undisturbed = await callsIn(600);
  void callTool(manager, 'it', 'greet');
  expect(await callsIn(600)).toBeGreaterThan(undisturbed / 3);
});

test('MC-33: an event that comes byte by byte takes no more than a few times its bytes, and is whole', () => {
  const data: string[] = [];
  const events: SseEvents = {
    onEvent: (event) => void data.push(event),
    onId: () => {},
    onRetry: () => {},
    onOversized: () => expect.unreachable(),
  };
  const parser = new SseParser(16 << 20, events);
  const pieces = ['é', 'x'].map((text) => Buffer.from(text));
  const before = process.memoryUsage().rss;
  parser.push(Buffer.from('data: '));
  for (let index = 0; index < 4 << 20; index += 1) parser.push(pieces[index % 2] as Buffer);
  expect(process.memoryUsage().rss - before).toBeLessThan(40 << 20);
  parser.push(Buffer.from('\n\n'));
  expect(data).toEqual(['éx'.repeat(2 << 20)]);
});
