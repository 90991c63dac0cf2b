/** What both revisions of Streamable HTTP ask of a server, on the wire. */
import { expect, test, vi } from 'vitest';
import { metaKey } from '../../mcp-bridge/inbound/era.ts';
import { type InboundFixture, post, startInbound } from '../support/inbound-fixture.ts';

const request = (method: string, params: object = {}, id: string | number = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
const envelope = { [metaKey.protocolVersion]: '2026-07-28', [metaKey.clientCapabilities]: {} };
const modern = (method: string, params: object = {}) => request(method, { ...params, _meta: envelope });
const modernHeaders = (method: string, name?: string): Record<string, string> => ({
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': method,
  ...(name === undefined ? {} : { 'mcp-name': name }),
});
const echo = { name: 'echo', arguments: {} };

async function initialize(
  fixture: InboundFixture,
  protocolVersion = '2025-11-25',
  headers: Record<string, string> = {},
) {
  const params = { protocolVersion, capabilities: { elicitation: {} }, clientInfo: { name: 'c', version: '1' } };
  const answer = await post(fixture, request('initialize', params), headers);
  return { answer, sessionId: answer.headers.get('mcp-session-id') ?? '' };
}

test.each([
  ['2024-11-05', '2024-11-05'],
  ['2025-03-26', '2025-03-26'],
  ['2025-06-18', '2025-06-18'],
  ['2025-11-25', '2025-11-25'],
  ['2026-07-28', '2025-11-25'],
  ['1999-01-01', '2025-11-25'],
])('initialize asks for %s and gets %s', async (asked, given) => {
  const { answer, sessionId } = await initialize(await startInbound(), asked);
  expect(answer.json).toEqual({
    jsonrpc: '2.0',
    id: 1,
    result: {
      protocolVersion: given,
      capabilities: { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true }, logging: {} },
      serverInfo: { name: 'countersign', version: '0.0.0', title: 'Countersign' },
      instructions: 'Writes wait for a person.',
    },
  });
  expect(sessionId).toMatch(/^[A-Za-z0-9_-]{32}$/);
});

test('server/discover names the bridge and the revisions without a handshake', async () => {
  const { json, status } = await post(
    await startInbound(),
    modern('server/discover'),
    modernHeaders('server/discover'),
  );
  expect({ status, json }).toEqual({
    status: 200,
    json: {
      jsonrpc: '2.0',
      id: 1,
      result: {
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true }, logging: {} },
        instructions: 'Writes wait for a person.',
        resultType: 'complete',
        ttlMs: 0,
        cacheScope: 'private',
        _meta: { [metaKey.serverInfo]: { name: 'countersign', version: '0.0.0', title: 'Countersign' } },
      },
    },
  });
});

test.each([
  [
    'another version in the header',
    modern('tools/call', echo),
    { ...modernHeaders('tools/call', 'echo'), 'mcp-protocol-version': '2025-11-25' },
    400,
    -32020,
  ],
  ['no version header', modern('tools/call', echo), { 'mcp-method': 'tools/call', 'mcp-name': 'echo' }, 400, -32020],
  ['another method in the header', modern('tools/call', echo), modernHeaders('tools/list', 'echo'), 400, -32020],
  [
    'no method header',
    modern('tools/call', echo),
    { 'mcp-protocol-version': '2026-07-28', 'mcp-name': 'echo' },
    400,
    -32020,
  ],
  ['another name in the header', modern('tools/call', echo), modernHeaders('tools/call', 'wait'), 400, -32020],
  ['no name header', modern('tools/call', echo), modernHeaders('tools/call'), 400, -32020],
  ['a name in bad base64', modern('tools/call', echo), modernHeaders('tools/call', '=?base64?ZWNobx?='), 400, -32020],
  [
    'a revision nobody knows',
    request('tools/list', { _meta: { ...envelope, [metaKey.protocolVersion]: '2099-01-01' } }),
    { ...modernHeaders('tools/list'), 'mcp-protocol-version': '2099-01-01' },
    400,
    -32022,
  ],
  ['a modern header without an envelope', request('tools/list'), modernHeaders('tools/list'), 400, -32602],
  [
    'an envelope without capabilities',
    request('tools/list', { _meta: { [metaKey.protocolVersion]: '2026-07-28' } }),
    modernHeaders('tools/list'),
    400,
    -32602,
  ],
  [
    'an envelope with a number for a version',
    request('tools/list', { _meta: { ...envelope, [metaKey.protocolVersion]: 1 } }),
    modernHeaders('tools/list'),
    400,
    -32602,
  ],
  [
    'initialize with a modern header',
    request('initialize', { protocolVersion: '2026-07-28' }),
    modernHeaders('initialize'),
    400,
    -32020,
  ],
  ['a method of the older era', modern('ping'), modernHeaders('ping'), 404, -32601],
  ['initialize in an envelope', modern('initialize'), modernHeaders('initialize'), 404, -32601],
  ['a method nobody knows', modern('tools/destroy'), modernHeaders('tools/destroy'), 404, -32601],
  ['an older header nobody knows', request('tools/list'), { 'mcp-protocol-version': '2020-01-01' }, 400, -32000],
  ['a header that is no version', request('tools/list'), { 'mcp-protocol-version': 'latest' }, 400, -32000],
] as const)('refused with its id: %s', async (_name, body, headers, status, code) => {
  const fixture = await startInbound();
  const answer = await post(fixture, body, headers);
  expect({ status: answer.status, json: answer.json }).toMatchObject({ status, json: { id: 1, error: { code } } });
  expect(fixture.received).toEqual([]);
});

test('a name that needs base64 in the header is compared decoded', async () => {
  const name = 'écho';
  const header = `=?base64?${Buffer.from(name).toString('base64')}?=`;
  const fixture = await startInbound();
  await post(fixture, modern('tools/call', { name }), modernHeaders('tools/call', header));
  expect(fixture.received[0]?.params['name']).toBe(name);
});

test.each([
  ['ping', 'ping', 200, { result: {} }],
  ['a method nobody knows', 'tools/destroy', 200, { error: { code: -32601, message: 'Method not found' } }],
  [
    'server/discover without an envelope',
    'server/discover',
    404,
    { error: { code: -32601, message: 'Method not found' } },
  ],
])('initialize era: %s', async (_name, method, status, rest) => {
  const answer = await post(await startInbound(), request(method));
  expect({ status: answer.status, json: answer.json }).toEqual({ status, json: { jsonrpc: '2.0', id: 1, ...rest } });
});

test.each([
  ['no JSON', 'hello', 400, -32700],
  ['a name twice', '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}', 400, -32700],
  ['an empty body', '', 400, -32700],
  ['a batch', [request('ping'), request('tools/call', echo, 2)], 400, -32600],
  ['an empty batch', [], 400, -32600],
  ['JSON-RPC 1.0', { jsonrpc: '1.0', id: 1, method: 'ping' }, 400, -32600],
  ['no version', { id: 1, method: 'ping' }, 400, -32600],
  ['a null id', { jsonrpc: '2.0', id: null, method: 'ping' }, 400, -32600],
  ['an id that is an object', { jsonrpc: '2.0', id: {}, method: 'ping' }, 400, -32600],
  ['an id with a fraction', { jsonrpc: '2.0', id: 1.5, method: 'ping' }, 400, -32600],
  ['a method that is no text', { jsonrpc: '2.0', id: 1, method: 1 }, 400, -32600],
  ['parameters in an array', { jsonrpc: '2.0', id: 1, method: 'ping', params: [] }, 400, -32600],
  ['request and response in one', { jsonrpc: '2.0', id: 1, method: 'ping', result: {} }, 400, -32600],
  ['a result and an error', { jsonrpc: '2.0', id: 1, result: {}, error: {} }, 400, -32600],
  ['a text', '"ping"', 400, -32600],
  ['null', 'null', 400, -32600],
])('%s is no message', async (_name, body, status, code) => {
  const fixture = await startInbound();
  const answer = await post(fixture, body);
  expect({ status: answer.status, json: answer.json }).toMatchObject({ status, json: { error: { code } } });
  expect(fixture.received).toEqual([]);
});

test('a failure inside the bridge is an error without its cause', async () => {
  const { json, text } = await post(await startInbound(), request('tools/call', { name: 'fail' }));
  expect(json).toMatchObject({ error: { code: -32603 } });
  expect(text).not.toContain('secret');
});

test('input_required passes through, marked as such', async () => {
  const { json } = await post(
    await startInbound(),
    modern('tools/call', { name: 'needs-input' }),
    modernHeaders('tools/call', 'needs-input'),
  );
  expect(json).toMatchObject({ result: { resultType: 'input_required', requestState: 'state' } });
});

test('notifications are accepted without an answer', async () => {
  const { status, text } = await post(await startInbound(), { jsonrpc: '2.0', method: 'notifications/initialized' });
  expect({ status, text }).toEqual({ status: 202, text: '' });
});

test.each([
  ['both', 'application/json, text/event-stream', 'application/json'],
  ['both, a stream first', 'text/event-stream, application/json', 'text/event-stream'],
  ['JSON', 'application/json', 'application/json'],
  ['a stream', 'text/event-stream', 'text/event-stream'],
  ['anything', '*/*', 'application/json'],
])('an answer to a caller that accepts %s', async (_name, accept, expected) => {
  const { headers, text } = await post(await startInbound(), request('tools/call', echo), { accept });
  expect(headers.get('content-type')).toBe(expected);
  expect(text).toContain('"text":"{}"');
});

test.each([
  ['no level gets no log lines', {}, false],
  ['a level gets them', { [metaKey.logLevel]: 'info' }, true],
])('a call of 2026-07-28 that names %s', async (_name, meta, hears) => {
  const params = { name: 'log', _meta: { ...envelope, ...meta } };
  const { text } = await post(await startInbound(), request('tools/call', params), modernHeaders('tools/call', 'log'));
  expect(text.includes('notifications/message')).toBe(hears);
  expect(text).toContain('"text":"logged"');
});

test('what is said before the result makes the answer a stream, in order', async () => {
  const { text, headers } = await post(
    await startInbound(),
    request('tools/call', { name: 'progress', _meta: { progressToken: 'p' } }),
  );
  expect(headers.get('content-type')).toBe('text/event-stream');
  const messages = text
    .split('\n\n')
    .filter(Boolean)
    .map((event) => JSON.parse(event.replace(/^event: message\ndata: /, '')));
  expect(messages.map(({ method, id }) => method ?? id)).toEqual([
    'notifications/progress',
    'notifications/progress',
    'notifications/progress',
    1,
  ]);
});

test('a caller that takes JSON only gets the result without what came before', async () => {
  const { json } = await post(await startInbound(), request('tools/call', { name: 'progress' }), {
    accept: 'application/json',
  });
  expect(json).toMatchObject({ id: 1, result: { content: [{ text: 'done' }] } });
});

test.each([
  ['with a progress token', { progressToken: 7 }, 280_000, true],
  ['with a progress token of text', { progressToken: 'a' }, 280_000, true],
  ['without one', {}, 50_000, false],
  ['with one that is no token', { progressToken: {} }, 50_000, false],
])('patience %s', async (_name, meta, patienceMs, hasProgressToken) => {
  const fixture = await startInbound();
  await post(fixture, request('tools/call', { ...echo, _meta: meta }));
  expect(fixture.received[0]).toMatchObject({ patienceMs, hasProgressToken });
});

test('the caller is who its key says, with the session it opened', async () => {
  const fixture = await startInbound();
  const { sessionId } = await initialize(fixture);
  await post(fixture, request('tools/call', echo), { 'mcp-session-id': sessionId });
  expect(fixture.received[0]).toMatchObject({
    caller: { mcpClientId: 'client-a', mcpClientName: 'Client A', mcpSessionId: sessionId },
    era: 'initialize',
    protocolVersion: '2025-11-25',
    clientCapabilities: { elicitation: {} },
  });
});

test('a session id from before a restart is accepted, and its calls share one activity session', async () => {
  const fixture = await startInbound();
  const headers = { 'mcp-session-id': 'from-another-life', 'mcp-protocol-version': '2025-06-18' };
  for (const id of [1, 2]) expect((await post(fixture, request('tools/call', echo, id), headers)).status).toBe(200);
  await post(fixture, modern('tools/call', echo), modernHeaders('tools/call', 'echo'));
  const ids = new Set(fixture.received.map(({ caller }) => caller.mcpSessionId));
  expect(ids.size).toBe(1);
  expect(ids.has('from-another-life')).toBe(false);
});

test('a deleted session is gone, and its calls with it', async () => {
  const fixture = await startInbound();
  const { sessionId } = await initialize(fixture);
  const waits = post(fixture, request('tools/call', { name: 'wait' }), { 'mcp-session-id': sessionId });
  await vi.waitFor(() => expect(fixture.waiting.size).toBe(1));
  const response = await fetch(fixture.inbound.url, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${fixture.keyA}`, 'mcp-session-id': sessionId },
  });
  expect(response.status).toBe(200);
  await waits;
  expect(fixture.waiting.size).toBe(0);
});

test.each([
  ['GET without accepting a stream', 'GET', {}, 406],
  ['GET in 2026-07-28', 'GET', { accept: 'text/event-stream', 'mcp-protocol-version': '2026-07-28' }, 405],
  ['PUT', 'PUT', {}, 405],
  ['HEAD', 'HEAD', {}, 405],
])('%s is refused', async (_name, method, headers, status) => {
  const { inbound, keyA } = await startInbound();
  const response = await fetch(inbound.url, { method, headers: { authorization: `Bearer ${keyA}`, ...headers } });
  expect(response.status).toBe(status);
});

test('the metadata that a 401 points to says how the key is presented', async () => {
  const { inbound } = await startInbound();
  const response = await fetch(`http://127.0.0.1:${inbound.port}/.well-known/oauth-protected-resource/mcp/echo`);
  expect(await response.json()).toEqual({
    resource: `http://127.0.0.1:${inbound.port}/mcp/echo`,
    resource_name: 'Countersign',
    bearer_methods_supported: ['header'],
    scopes_supported: ['mcp'],
  });
});

test('a busy port is an error, never another port', async () => {
  const { inbound, handler, keys } = await startInbound();
  const { startHttpInbound } = await import('../../mcp-bridge/inbound/http.ts');
  const { realClock } = await import('../support/fake-bridge-handler.ts');
  await expect(
    startHttpInbound({ port: inbound.port, handler, keys, clock: realClock, newId: () => 'x' }),
  ).rejects.toMatchObject({ code: 'bridge.port-busy' });
});
