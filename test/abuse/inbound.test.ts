/** What one AI client may try against another, and what becomes of calls whose caller is gone. */
import { request as httpRequest } from 'node:http';
import { expect, test, vi } from 'vitest';
import { createClientKeys, hashClientKey } from '../../mcp-bridge/inbound/client-keys.ts';
import { metaKey } from '../../mcp-bridge/inbound/era.ts';
import { type InboundFixture, post, startInbound } from '../support/inbound-fixture.ts';

const request = (method: string, params: object = {}, id: string | number = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
const waitCall = (id: number) => request('tools/call', { name: 'wait' }, id);
const cancel = (requestId: number | string) => ({
  jsonrpc: '2.0',
  method: 'notifications/cancelled',
  params: { requestId },
});

async function openSession(fixture: InboundFixture, key = fixture.keyA): Promise<string> {
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: { elicitation: {} },
    clientInfo: { name: 'c', version: '1' },
  };
  const answer = await post(fixture, request('initialize', params), { authorization: `Bearer ${key}` });
  return answer.headers.get('mcp-session-id') ?? '';
}

test('MC-23 the session of another AI client does not exist, for any method', async () => {
  const fixture = await startInbound();
  const stolen = { 'mcp-session-id': await openSession(fixture), authorization: `Bearer ${fixture.keyB}` };
  expect((await post(fixture, request('tools/list'), stolen)).status).toBe(404);
  for (const method of ['GET', 'DELETE']) {
    const headers = { ...stolen, accept: 'text/event-stream' };
    expect((await fetch(fixture.inbound.url, { method, headers })).status).toBe(404);
  }
  expect(fixture.received).toEqual([]);
});

test('MC-23 session ids are long, random and never the same', async () => {
  const fixture = await startInbound();
  const ids = await Promise.all(Array.from({ length: 50 }, () => openSession(fixture)));
  expect(new Set(ids).size).toBe(50);
  for (const id of ids) expect(Buffer.from(id, 'base64url').length).toBeGreaterThanOrEqual(16);
});

test('MC-23 a fixed session id gives its caller nothing of the one who fixed it', async () => {
  const fixture = await startInbound();
  const headers = { 'mcp-session-id': 'chosen-by-a-stranger' };
  await post(fixture, request('tools/list'), headers);
  await post(fixture, request('tools/list'), { ...headers, authorization: `Bearer ${fixture.keyB}` });
  const [first, second] = fixture.received;
  expect(first?.caller.mcpSessionId).not.toBe(second?.caller.mcpSessionId);
});

test('MC-23 Last-Event-ID brings back nothing', async () => {
  const fixture = await startInbound();
  const controller = new AbortController();
  const headers = { authorization: `Bearer ${fixture.keyB}`, accept: 'text/event-stream', 'last-event-id': '1' };
  const response = await fetch(fixture.inbound.url, { headers, signal: controller.signal });
  const read = response.text().catch(() => '');
  setTimeout(() => controller.abort(), 50);
  expect(await read).toBe('');
});

test('MC-23 the answer to a question counts only from the AI client that was asked', async () => {
  const fixture = await startInbound();
  const session = { 'mcp-session-id': await openSession(fixture) };
  const controller = new AbortController();
  const response = await fetch(fixture.inbound.url, {
    method: 'POST',
    signal: controller.signal,
    headers: {
      ...session,
      authorization: `Bearer ${fixture.keyA}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify(request('tools/call', { name: 'ask' })),
  });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const event = Buffer.from((await reader.read()).value ?? []).toString('utf8');
  const { id, method } = JSON.parse(event.split('data: ')[1] as string);
  expect({ method, unguessable: Buffer.from(id.slice(3), 'base64url').length }).toEqual({
    method: 'elicitation/create',
    unguessable: 16,
  });
  const answer = { jsonrpc: '2.0', id, result: { action: 'accept', content: { name: 'Mallory' } } };
  const asOther = { ...session, authorization: `Bearer ${fixture.keyB}` };
  expect((await post(fixture, answer, asOther)).status).toBe(404);
  expect((await post(fixture, answer, { authorization: `Bearer ${fixture.keyB}` })).status).toBe(202);
  expect((await post(fixture, { ...answer, id: 'cs-guess' }, session)).status).toBe(202);
  await post(fixture, { ...answer, result: { action: 'accept', content: { name: 'Ada' } } }, session);
  const last = Buffer.from((await reader.read()).value ?? []).toString('utf8');
  expect(last).toContain('Ada');
  expect(last).not.toContain('Mallory');
  controller.abort();
});

test.each([
  ['/mcp', '/mcp/echo'],
  ['/mcp/echo', '/mcp'],
])('MC-23 who leaves a resource at %s silences nobody at %s', async (leaving, staying) => {
  const fixture = await startInbound();
  const [first, second] = [await openSession(fixture), await openSession(fixture, fixture.keyB)];
  const asA = { 'mcp-session-id': first };
  const asB = { 'mcp-session-id': second, authorization: `Bearer ${fixture.keyB}` };
  const uri = { uri: 'a://1' };
  await post(fixture, request('resources/subscribe', uri), asA, leaving);
  await post(fixture, request('resources/subscribe', uri), asB, staying);
  await post(fixture, request('resources/unsubscribe', uri), asA, leaving);
  const methods = () => fixture.received.map(({ method }) => method.slice('resources/'.length));
  expect(methods()).toEqual(['subscribe', 'subscribe']);
  await post(fixture, request('resources/unsubscribe', uri), asB, staying);
  expect(methods()).toEqual(['subscribe', 'subscribe', 'unsubscribe']);
});

test('MC-24 a cancel ends exactly the call it names', async () => {
  const fixture = await startInbound();
  const session = { 'mcp-session-id': await openSession(fixture) };
  const calls = [1, 2].map((id) => post(fixture, waitCall(id), session));
  await vi.waitFor(() => expect(fixture.waiting.size).toBe(2));
  expect((await post(fixture, cancel(2), session)).status).toBe(202);
  const answer = await calls[1];
  expect(answer?.text).toBe('');
  expect(fixture.received.map(({ signal }) => signal.aborted)).toEqual([false, true]);
  await post(fixture, cancel(1), session);
  await calls[0];
});

test.each([
  ['another AI client', (fixture: InboundFixture) => ({ authorization: `Bearer ${fixture.keyB}` })],
  ['another session', () => ({ 'mcp-session-id': 'another' })],
])('MC-24 a cancel from %s ends nothing', async (_name, headersOf) => {
  const fixture = await startInbound();
  const session = { 'mcp-session-id': await openSession(fixture) };
  const call = post(fixture, waitCall(1), session);
  await vi.waitFor(() => expect(fixture.waiting.size).toBe(1));
  await post(fixture, cancel(1), headersOf(fixture));
  expect(fixture.received[0]?.signal.aborted).toBe(false);
  await post(fixture, cancel(1), session);
  await call;
});

test.each([
  ['a call that has ended', 1],
  ['a call that never was', 'never'],
])('MC-24 a cancel of %s is ignored', async (_name, requestId) => {
  const fixture = await startInbound();
  const session = { 'mcp-session-id': await openSession(fixture) };
  await post(fixture, request('tools/call', { name: 'echo' }, 1), session);
  expect((await post(fixture, cancel(requestId), session)).status).toBe(202);
  expect((await post(fixture, request('tools/call', { name: 'echo' }, 2), session)).status).toBe(200);
});

const envelope = { [metaKey.protocolVersion]: '2026-07-28', [metaKey.clientCapabilities]: {} };
test.each([
  ['initialize era', waitCall(1), {}, 'disconnected'],
  [
    '2026-07-28',
    request('tools/call', { name: 'wait', _meta: envelope }),
    { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'wait' },
    'cancelled',
  ],
])('MC-25 a caller that goes away takes its call along: %s', async (_name, body, headers, end) => {
  const fixture = await startInbound();
  const outgoing = httpRequest(fixture.inbound.url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${fixture.keyA}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
  });
  outgoing.on('error', () => {});
  outgoing.end(JSON.stringify(body));
  await vi.waitFor(() => expect(fixture.waiting.size).toBe(1));
  outgoing.destroy();
  await vi.waitFor(() => expect(fixture.received[0]?.signal.reason).toMatchObject({ end }));
});

test.each([
  ['two AI clients with one key', 'a', 'b', 'same', /a and b have the same key/],
  ['one AI client twice', 'a', 'a', 'other', /two AI clients with the id a/],
])('LO-05 %s are refused at the start: a key says who calls', (_name, first, second, otherKey, message) => {
  const record = (mcpClientId: string, key: string) => ({
    mcpClientId,
    name: mcpClientId,
    keyHash: hashClientKey(key),
  });
  expect(() => createClientKeys([record(first, 'same'), record(second, otherKey)])).toThrow(message);
});

test('a key that is rotated ends what the old one had opened, and works no more', async () => {
  const fixture = await startInbound();
  const call = post(fixture, waitCall(1));
  await vi.waitFor(() => expect(fixture.waiting.size).toBe(1));
  const issued = fixture.keys.rotate('client-a');
  await call;
  expect(fixture.received[0]?.signal.reason).toMatchObject({ end: 'stopped' });
  expect((await post(fixture, request('ping'))).status).toBe(401);
  expect((await post(fixture, request('ping'), { authorization: `Bearer ${issued?.key}` })).status).toBe(200);
});

test('one AI client that is disconnected leaves the others alone', async () => {
  const fixture = await startInbound();
  const calls = [fixture.keyA, fixture.keyB].map((key) =>
    post(fixture, waitCall(1), { authorization: `Bearer ${key}` }),
  );
  await vi.waitFor(() => expect(fixture.waiting.size).toBe(2));
  fixture.inbound.disconnect('client-b');
  await calls[1];
  expect([...fixture.waiting].map(({ caller }) => caller.mcpClientId)).toEqual(['client-a']);
  fixture.inbound.disconnect();
  await calls[0];
});

test('MC-29 calls beyond the limit are refused at once, others still answered', async () => {
  const fixture = await startInbound({ callsPerClient: 3 });
  const calls = [1, 2, 3].map((id) => post(fixture, waitCall(id)));
  await vi.waitFor(() => expect(fixture.waiting.size).toBe(3));
  const refused = await post(fixture, waitCall(4));
  expect({ status: refused.status, json: refused.json }).toMatchObject({
    status: 429,
    json: { id: 4, error: { code: -32000 } },
  });
  expect((await post(fixture, request('tools/list'), { authorization: `Bearer ${fixture.keyB}` })).status).toBe(200);
  fixture.inbound.disconnect();
  await Promise.all(calls);
  expect((await post(fixture, request('tools/list'))).status).toBe(200);
});

test('sessions beyond the limit push out the longest unused one, whose owner goes on without it', async () => {
  const fixture = await startInbound({ sessionsPerClient: 2 });
  const [first, second] = [await openSession(fixture), await openSession(fixture)];
  await openSession(fixture);
  for (const id of [first, second]) await post(fixture, request('tools/list'), { 'mcp-session-id': id });
  const [withFirst, withSecond] = fixture.received.map(({ caller }) => caller.mcpSessionId);
  expect(withFirst).not.toBe(first);
  expect(withSecond).toBe(second);
});

test('LO-12 capabilities that nobody has are not kept for the life of a session', async () => {
  const fixture = await startInbound();
  const params = (capabilities: object) => ({
    protocolVersion: '2025-11-25',
    capabilities: { elicitation: {}, ...capabilities },
    clientInfo: { name: 'c', version: '1' },
  });
  for (const capabilities of [
    { experimental: { a: 'x'.repeat(60_000) } },
    { experimental: { a: 'x'.repeat(70_000) } },
  ]) {
    const { headers } = await post(fixture, request('initialize', params(capabilities)));
    const session = { 'mcp-session-id': headers.get('mcp-session-id') ?? '' };
    expect((await post(fixture, request('tools/list'), session)).status).toBe(200);
  }
  const declared = fixture.received.map(({ clientCapabilities }) => Object.keys(clientCapabilities));
  expect(declared).toEqual([['elicitation', 'experimental'], []]);
});

test.each([
  ['takes no stream is not kept waiting for progress that cannot reach it', 'application/json', 50_000],
  ['takes a stream is kept as long as progress keeps it', 'application/json, text/event-stream', 280_000],
])('MC-26 a caller that %s', async (_name, accept, patienceMs) => {
  const fixture = await startInbound();
  const params = { name: 'echo', _meta: { progressToken: 'p' } };
  expect((await post(fixture, request('tools/call', params), { accept })).status).toBe(200);
  expect(fixture.received[0]?.patienceMs).toBe(patienceMs);
});

test('MC-20 a batch with a read and a write is refused whole', async () => {
  const fixture = await startInbound();
  const batch = [request('tools/call', { name: 'echo' }, 1), request('tools/call', { name: 'wait' }, 2)];
  expect((await post(fixture, batch, { 'mcp-protocol-version': '2025-03-26' })).status).toBe(400);
  expect(fixture.received).toEqual([]);
});

test('a reader that reads nothing is cut off', async () => {
  const fixture = await startInbound({ unreadBytes: 64 * 1024 });
  const response = await fetch(fixture.inbound.url, {
    headers: { authorization: `Bearer ${fixture.keyA}`, accept: 'text/event-stream' },
  });
  const big = {
    endpointServerId: 'echo',
    method: 'notifications/tools/list_changed',
    params: { a: 'x'.repeat(64 * 1024) },
  };
  for (let index = 0; index < 400; index++) fixture.announce(big);
  await expect(response.text()).rejects.toThrow();
});
