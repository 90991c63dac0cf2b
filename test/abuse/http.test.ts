/** What a stranger on the loopback address, or a web page, may try. None of it reaches the bridge. */
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type InboundFixture, post, startInbound } from '../support/inbound-fixture.ts';
import { rawRequest, sendRaw } from '../support/raw-http.ts';

const call = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: {} } });

function headersFor(
  { inbound, keyA }: InboundFixture,
  changed: Readonly<Record<string, string | undefined>> = {},
): string[] {
  const headers: Record<string, string | undefined> = {
    Host: `127.0.0.1:${inbound.port}`,
    Authorization: `Bearer ${keyA}`,
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'Content-Length': String(Buffer.byteLength(call)),
    ...changed,
  };
  return Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
}

describe('LO-01 a foreign Host is refused before anything else', () => {
  const hosts = (port: number): readonly string[] => [
    'evil.com',
    `evil.com:${port}`,
    `www.evil.com:${port}`,
    '127.0.0.1',
    'localhost',
    '[::1]',
    `127.0.0.1:${port + 1}`,
    `localhost:${port + 1}`,
    `127.0.0.1:0${port}`,
    `127.0.0.1:${port}.evil.com`,
    `localhost:${port}.evil.com`,
    `127.0.0.1.evil.com:${port}`,
    `localhost.evil.com:${port}`,
    `evil.com.localhost:${port}`,
    `evil-localhost:${port}`,
    `localhost.:${port}`,
    `127.1:${port}`,
    `127.0.1:${port}`,
    `2130706433:${port}`,
    `0x7f000001:${port}`,
    `0x7f.1:${port}`,
    `017700000001:${port}`,
    `127.0.0.2:${port}`,
    `127.0.0.1.nip.io:${port}`,
    `0.0.0.0:${port}`,
    `0:${port}`,
    `[::]:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `[0:0:0:0:0:0:0:1]:${port}`,
    `::1:${port}`,
    `user@localhost:${port}`,
    `localhost:${port}@evil.com`,
    `localhost:${port}/`,
    `localhost:${port}#`,
    `localhost:${port}?`,
    `localhost\\:${port}`,
    `localhost:${port},evil.com`,
    `http://localhost:${port}`,
    `ⓛocalhost:${port}`,
    `xn--lcalhost-n3a:${port}`,
    'null',
    '*',
  ];
  const named = hosts(47100).map((host) => [host] as const);
  test.each(named)('Host %s', async (host) => {
    const fixture = await startInbound();
    const Host = host
      .replaceAll('47100', String(fixture.inbound.port))
      .replace('47101', String(fixture.inbound.port + 1));
    for (const headers of [headersFor(fixture, { Host }), headersFor(fixture, { Host, Authorization: undefined })]) {
      const answer = await sendRaw(fixture.inbound.port, [Buffer.from(rawRequest({ headers, body: call }), 'latin1')]);
      expect(answer.statuses).toEqual([403]);
    }
    expect(fixture.received).toEqual([]);
  });
});

test.each([
  ['no Host', []],
  ['an empty Host', ['Host: ']],
  ['two Hosts', ['Host: localhost:PORT', 'Host: evil.com']],
  ['the same Host twice', ['Host: localhost:PORT', 'Host: localhost:PORT']],
])('LO-01 %s is refused', async (_name, hostHeaders) => {
  const fixture = await startInbound();
  const headers = [
    ...hostHeaders.map((header) => header.replace('PORT', String(fixture.inbound.port))),
    ...headersFor(fixture, { Host: undefined }),
  ];
  const { statuses } = await sendRaw(fixture.inbound.port, [rawRequest({ headers, body: call })]);
  expect([400, 403]).toContain(statuses[0]);
  expect(fixture.received).toEqual([]);
});

test.each([
  ['http://evil.com'],
  ['https://evil.com'],
  ['null'],
  [''],
  ['file://'],
  ['http://localhost'],
  ['http://localhost:PORT.evil.com'],
  ['http://LOCALHOST:PORT'],
  ['http://localhost:PORT/'],
  ['https://127.0.0.1:PORT'],
  ['http://[::1]'],
  ['http://localhost:3000'],
  ['http://127.0.0.1.evil.com'],
  ['chrome-extension://abcdefghijklmnop'],
  ['moz-extension://0b8b8b8b'],
  ['safari-web-extension://0b8b8b8b'],
  ['vscode-webview://abc'],
  ['app://countersign'],
  ['capacitor://localhost'],
  ['about:blank'],
  ['data:'],
  ['*'],
])('LO-02 Origin %s is refused, with a right key', async (origin) => {
  const fixture = await startInbound();
  const Origin = origin.replace('PORT', String(fixture.inbound.port));
  const answer = await sendRaw(fixture.inbound.port, [
    rawRequest({ headers: headersFor(fixture, { Origin }), body: call }),
  ]);
  expect(answer.statuses).toEqual([403]);
  expect(answer.text.toLowerCase()).not.toContain('access-control');
  expect(fixture.received).toEqual([]);
});

test.each(['http://localhost:PORT', 'http://127.0.0.1:PORT', 'http://[::1]:PORT'])(
  'the Origin of the bridge itself, %s, passes with a right key and gets no CORS header',
  async (origin) => {
    const fixture = await startInbound();
    const Origin = origin.replace('PORT', String(fixture.inbound.port));
    const answer = await sendRaw(fixture.inbound.port, [
      rawRequest({ headers: headersFor(fixture, { Origin }), body: call }),
    ]);
    expect(answer.statuses).toEqual([200]);
    expect(answer.text.toLowerCase()).not.toContain('access-control');
  },
);

test('LO-03 a preflight gets no permission', async () => {
  const fixture = await startInbound();
  for (const Origin of [undefined, 'http://evil.com']) {
    const headers = headersFor(fixture, {
      Origin,
      Authorization: undefined,
      'Content-Length': undefined,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Private-Network': 'true',
    });
    const answer = await sendRaw(fixture.inbound.port, [rawRequest({ method: 'OPTIONS', headers })]);
    expect([401, 403]).toContain(answer.statuses[0]);
    expect(answer.text.toLowerCase()).not.toContain('access-control-allow');
  }
});

test.each([
  ['text/plain', 'text/plain'],
  ['a form', 'application/x-www-form-urlencoded'],
  ['a multipart form', 'multipart/form-data; boundary=x'],
  ['no content type', undefined],
  ['an empty content type', ''],
  ['JSON in a parameter', 'text/plain; x=application/json'],
  ['a type that begins alike', 'application/json-patch+json'],
  ['another charset', 'application/json; charset=utf-16'],
  ['two types', 'application/json, text/plain'],
])('LO-04 a POST as %s is refused', async (_name, contentType) => {
  const fixture = await startInbound();
  const headers = headersFor(fixture, { 'Content-Type': contentType });
  const { statuses } = await sendRaw(fixture.inbound.port, [rawRequest({ headers, body: call })]);
  expect(statuses).toEqual([415]);
  expect(fixture.received).toEqual([]);
});

test.each([
  ['no key', undefined],
  ['an empty key', 'Bearer '],
  ['a wrong key', `Bearer cs_${'A'.repeat(43)}`],
  ['another scheme', 'Basic Y3M6Y3M='],
  ['a key without a scheme', 'KEY'],
  ['two keys', 'Bearer KEY KEY'],
  ['a key that goes on', 'Bearer KEYx'],
  ['a key cut short', 'Bearer SHORT'],
])('LO-05 %s: 401 for every method, and the challenge says what is wanted', async (_name, authorization) => {
  const fixture = await startInbound();
  const Authorization = authorization?.replaceAll('KEY', fixture.keyA).replace('SHORT', fixture.keyA.slice(0, -1));
  for (const method of ['POST', 'GET', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS']) {
    const body = method === 'POST' ? call : '';
    const headers = headersFor(fixture, { Authorization, 'Content-Length': String(body.length) });
    const answer = await sendRaw(fixture.inbound.port, [rawRequest({ method, headers, body })]);
    expect(answer.statuses, method).toEqual([401]);
    expect(answer.text).toMatch(
      /www-authenticate: Bearer realm="countersign", resource_metadata="http:\/\/127\.0\.0\.1:\d+\/\.well-known\/oauth-protected-resource", scope="mcp"/i,
    );
  }
  expect(fixture.received).toEqual([]);
});

test('LO-06 repeated wrong keys are answered ever later, a right key never', async () => {
  const fixture = await startInbound();
  const wrong = { authorization: 'Bearer cs_wrong' };
  const began = performance.now();
  await Promise.all(Array.from({ length: 9 }, () => post(fixture, call, wrong)));
  expect(performance.now() - began).toBeGreaterThan(300);
  const slow = post(fixture, call, wrong);
  const before = performance.now();
  expect((await post(fixture, call)).status).toBe(200);
  expect(performance.now() - before).toBeLessThan(500);
  expect((await slow).status).toBe(401);
  expect(fixture.events.filter(({ kind }) => kind === 'wrong-key').at(-1)).toEqual({ kind: 'wrong-key', tries: 10 });
});

test('LO-07 a key in the address is not read', async () => {
  const fixture = await startInbound();
  for (const path of [
    `/mcp?key=${fixture.keyA}`,
    `/mcp?access_token=${fixture.keyA}`,
    `/mcp/echo?token=${fixture.keyA}`,
  ]) {
    const without = headersFor(fixture, { Authorization: undefined });
    expect(
      (await sendRaw(fixture.inbound.port, [rawRequest({ path, headers: without, body: call })])).statuses,
    ).toEqual([401]);
    const withKey = headersFor(fixture);
    expect(
      (await sendRaw(fixture.inbound.port, [rawRequest({ path, headers: withKey, body: call })])).statuses,
    ).toEqual([404]);
  }
  expect(fixture.received).toEqual([]);
  expect(JSON.stringify(fixture.events)).not.toContain(fixture.keyA);
});

test('LO-10 the bridge listens on the loopback address only', async () => {
  const { inbound } = await startInbound();
  await expect(fetch(`http://[::1]:${inbound.port}/mcp`)).rejects.toThrow();
  await expect(fetch(`http://127.0.0.2:${inbound.port}/mcp`)).rejects.toThrow();
});

const length = Buffer.byteLength(call);
test.each([
  [
    'Content-Length and Transfer-Encoding',
    [`Content-Length: ${length}`, 'Transfer-Encoding: chunked'],
    `${length.toString(16)}\r\n${call}\r\n0\r\n\r\n`,
  ],
  ['two Content-Lengths', [`Content-Length: ${length}`, 'Content-Length: 5'], call],
  ['two equal Content-Lengths', [`Content-Length: ${length}`, `Content-Length: ${length}`], call],
  ['a list of Content-Lengths', [`Content-Length: ${length}, ${length}`], call],
  ['a Content-Length with a sign', [`Content-Length: +${length}`], call],
  ['a negative Content-Length', ['Content-Length: -1'], call],
  ['a hexadecimal Content-Length', ['Content-Length: 0x10'], call],
  ['a huge Content-Length', [`Content-Length: ${'9'.repeat(30)}`], call],
  ['Transfer-Encoding xchunked', ['Transfer-Encoding: xchunked'], call],
  [
    'Transfer-Encoding chunked twice',
    ['Transfer-Encoding: chunked, chunked'],
    `${length.toString(16)}\r\n${call}\r\n0\r\n\r\n`,
  ],
  [
    'chunked and then identity',
    ['Transfer-Encoding: chunked, identity'],
    `${length.toString(16)}\r\n${call}\r\n0\r\n\r\n`,
  ],
  [
    'two Transfer-Encodings',
    ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
    `${length.toString(16)}\r\n${call}\r\n0\r\n\r\n`,
  ],
  ['a space before the colon', [`Content-Length : ${length}`], call],
  ['a folded header', [`Content-Length: ${length}`, 'X-A: b\r\n Transfer-Encoding: chunked'], call],
  ['a bare carriage return in a header', [`Content-Length: ${length}`, 'X-A: b\rTransfer-Encoding: chunked'], call],
  ['a NUL in a header', [`Content-Length: ${length}`, 'X-A: \u0000'], call],
  ['a chunk size that is no number', ['Transfer-Encoding: chunked'], `zz\r\n${call}\r\n0\r\n\r\n`],
  [
    'a hexadecimal chunk size with 0x',
    ['Transfer-Encoding: chunked'],
    `0x${length.toString(16)}\r\n${call}\r\n0\r\n\r\n`,
  ],
  ['a negative chunk size', ['Transfer-Encoding: chunked'], `-1\r\n${call}\r\n0\r\n\r\n`],
  ['a chunk size beyond 64 bits', ['Transfer-Encoding: chunked'], `${'F'.repeat(17)}\r\n${call}\r\n0\r\n\r\n`],
  ['a chunk extension of 100 kB', ['Transfer-Encoding: chunked'], `${length.toString(16)};${'a'.repeat(100_000)}\r\n`],
  ['a line feed in a chunk extension', ['Transfer-Encoding: chunked'], `${length.toString(16)};\n${call}\r\n0\r\n\r\n`],
  ['chunks that end in bare line feeds', ['Transfer-Encoding: chunked'], `${length.toString(16)}\n${call}\n0\n\n`],
  [
    '100,000 trailers',
    ['Transfer-Encoding: chunked'],
    `${length.toString(16)}\r\n${call}\r\n0\r\n${'a: b\r\n'.repeat(100_000)}\r\n`,
  ],
  ['a quoted Transfer-Encoding', ['Transfer-Encoding: "chunked"'], `${length.toString(16)}\r\n${call}\r\n0\r\n\r\n`],
  ['a Transfer-Encoding after a vertical tab', ['Transfer-Encoding: \u000bchunked'], call],
  ['a Transfer-Encoding by another name', ['Transfer_Encoding: chunked'], call],
  ['no length at all', [], call],
  ['a Content-Length with a space in it', ['Content-Length: 1 0'], call],
  ['an empty Content-Length', ['Content-Length: '], call],
  ['a header without a colon', [`Content-Length: ${length}`, 'X-A'], call],
  ['a header without a name', [`Content-Length: ${length}`, ': a'], call],
  ['a second content type', [`Content-Length: ${length}`, 'content-type: text/plain'], call],
  ['an expectation nobody knows', [`Content-Length: ${length}`, 'Expect: 200-ok'], call],
])('LO-11 %s is refused', async (_name, extra, body) => {
  const fixture = await startInbound();
  const headers = [...headersFor(fixture, { 'Content-Length': undefined }), ...extra];
  const { statuses } = await sendRaw(fixture.inbound.port, [rawRequest({ headers, body })]);
  expect(statuses[0]).toBeGreaterThanOrEqual(400);
  expect(statuses[0]).toBeLessThan(500);
  expect(fixture.received).toEqual([]);
});

test.each([
  ['HTTP/1.0 without a Host', 403, (sent: string) => sent.replace('HTTP/1.1', 'HTTP/1.0').replace(/Host: .*\r\n/, '')],
  ['HTTP/0.9', 403, () => 'GET /mcp\r\n\r\n'],
  ['a version nobody speaks', 400, (sent: string) => sent.replace('HTTP/1.1', 'HTTP/1.2')],
  ['bare line feeds', 400, (sent: string) => sent.replaceAll('\r\n', '\n')],
  ['a bare line feed at the end of the headers', 400, (sent: string) => sent.replace('\r\n\r\n', '\n\n')],
  ['a space before the method', 400, (sent: string) => ` ${sent}`],
  ['a folded first header', 400, (sent: string) => sent.replace('Host:', ' X: y\r\nHost:')],
  ['a folded Host', 400, (sent: string) => sent.replace('Host: ', 'Host:\r\n ')],
  ['a folded key', 400, (sent: string) => sent.replace('Bearer ', 'Bearer\r\n ')],
  ['a tab before the key', 401, (sent: string) => sent.replace('Bearer ', 'Bearer\t')],
  ['a method in small letters', 400, (sent: string) => sent.replace('POST', 'post')],
  ['a space in the address', 400, (sent: string) => sent.replace('/mcp', '/mcp x')],
  ['an address of 100 kB', 431, (sent: string) => sent.replace('/mcp', `/mcp/${'a'.repeat(100_000)}`)],
  ['an address that is not ASCII', 400, (sent: string) => sent.replace('/mcp', '/mcp/\u00e9')],
])('LO-11 %s is refused with %d', async (_name, status, change) => {
  const fixture = await startInbound();
  const { statuses } = await sendRaw(fixture.inbound.port, [
    change(rawRequest({ headers: headersFor(fixture), body: call })),
  ]);
  expect(statuses).toEqual([status]);
  expect(fixture.received).toEqual([]);
});

test('LO-11 a tunnel is not opened', async () => {
  const fixture = await startInbound();
  const path = `127.0.0.1:${fixture.inbound.port}`;
  const { statuses, closed } = await sendRaw(fixture.inbound.port, [
    rawRequest({ method: 'CONNECT', path, headers: headersFor(fixture), body: call }),
  ]);
  expect({ statuses, closed, received: fixture.received }).toEqual({ statuses: [], closed: true, received: [] });
});

test('LO-11 names of headers that every object has are only names', async () => {
  const fixture = await startInbound();
  const strange = ['__proto__: x', 'constructor: y', 'hasOwnProperty: z', '__proto__: again'];
  const sent = (more: readonly string[]) =>
    rawRequest({ headers: [...headersFor(fixture), ...strange, ...more], body: call });
  expect((await sendRaw(fixture.inbound.port, [sent(['Connection: close'])])).statuses).toEqual([200]);
  expect((await sendRaw(fixture.inbound.port, [sent(['Host: evil.com'])])).statuses).toEqual([400]);
  expect(fixture.received.length).toBe(1);
});

test('LO-11 what comes in trailers changes nothing', async () => {
  const fixture = await startInbound();
  const headers = headersFor(fixture, {
    'Content-Length': undefined,
    'Transfer-Encoding': 'chunked',
    Authorization: undefined,
  });
  const body = `${length.toString(16)}\r\n${call}\r\n0\r\nAuthorization: Bearer ${fixture.keyA}\r\n\r\n`;
  expect((await sendRaw(fixture.inbound.port, [rawRequest({ headers, body })])).statuses).toEqual([401]);
  expect(fixture.received).toEqual([]);
});

test('MC-25 a caller that closes its half of the connection is gone', async () => {
  const fixture = await startInbound();
  const waits = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'wait' } });
  const socket = connect({ port: fixture.inbound.port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  socket.write(rawRequest({ headers: headersFor(fixture, { 'Content-Length': String(waits.length) }), body: waits }));
  await vi.waitFor(() => expect(fixture.waiting.size).toBe(1));
  socket.end();
  await vi.waitFor(() => expect(fixture.received.map(({ signal }) => signal.aborted)).toEqual([true]), 2_000);
});

test.each([
  ['100,000 headers', Array.from({ length: 100_000 }, (_, index) => `X-${index}: a`)],
  ['3,000 tiny headers', Array.from({ length: 3_000 }, () => 'a:')],
  ['300 headers', Array.from({ length: 300 }, (_, index) => `X-${index}: a`)],
  ['a header of 1 MB', [`X-A: ${'a'.repeat(1_000_000)}`]],
])('LO-11 %s are refused', async (_name, extra) => {
  const fixture = await startInbound();
  const { statuses } = await sendRaw(fixture.inbound.port, [
    rawRequest({ headers: [...headersFor(fixture), ...extra], body: call }),
  ]);
  // the connection may be gone before the refusal of the largest one can be read
  expect([[431], []]).toContainEqual(statuses);
  expect(fixture.received).toEqual([]);
});

test('LO-11 a slow sender is cut off, in the headers and in the body', async () => {
  const fixture = await startInbound({ headersMs: 300, requestMs: 600 });
  const slowHeaders = sendRaw(
    fixture.inbound.port,
    ['POST /mcp HTTP/1.1\r\n', ...Array.from({ length: 40 }, () => 'X: a\r\n')],
    {
      pauseMs: 100,
      waitMs: 4_000,
    },
  );
  const head = rawRequest({ headers: headersFor(fixture), body: '' });
  const slowBody = sendRaw(fixture.inbound.port, [head, ...call.slice(0, 40)], { pauseMs: 100, waitMs: 4_000 });
  expect((await slowHeaders).closed).toBe(true);
  expect((await slowBody).closed).toBe(true);
  expect(fixture.received).toEqual([]);
});

test('LO-11 a request behind a refused one is not read', async () => {
  const fixture = await startInbound();
  const bad = rawRequest({ headers: headersFor(fixture, { Host: 'evil.com' }), body: call });
  const good = rawRequest({ headers: headersFor(fixture), body: call });
  await sendRaw(fixture.inbound.port, [bad + good]);
  await sendRaw(fixture.inbound.port, [bad, good], { pauseMs: 20 });
  expect(fixture.received).toEqual([]);
});

test('LO-11 requests are not pipelined: a second one before the answer ends the connection and the first call', async () => {
  const fixture = await startInbound();
  const waits = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'wait' } });
  const first = rawRequest({ headers: headersFor(fixture, { 'Content-Length': String(waits.length) }), body: waits });
  const second = rawRequest({ headers: headersFor(fixture), body: call });
  const { closed } = await sendRaw(fixture.inbound.port, [first, second], { pauseMs: 100 });
  expect(closed).toBe(true);
  expect(fixture.received.map(({ params }) => params['name'])).toEqual(['wait']);
  expect(fixture.received[0]?.signal.aborted).toBe(true);
});

test.each([
  ['h2c', ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__']],
  [
    'a web socket',
    [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ],
  ],
])('LO-11 an upgrade to %s is not made', async (_name, extra) => {
  const fixture = await startInbound();
  const sent = rawRequest({ headers: [...headersFor(fixture), ...extra], body: call });
  const { statuses } = await sendRaw(fixture.inbound.port, [sent], { waitMs: 700 });
  expect(statuses).not.toContain(101);
});

test('LO-11 the preface of HTTP/2 is refused', async () => {
  const { inbound } = await startInbound();
  const { statuses } = await sendRaw(inbound.port, ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n']);
  expect(statuses).toEqual([400]);
});

test('LO-12 a body beyond 4 MiB is refused, announced or not, and a wrong key makes nobody wait for it', async () => {
  const fixture = await startInbound();
  const announced = headersFor(fixture, { 'Content-Length': '2147483648' });
  expect((await sendRaw(fixture.inbound.port, [rawRequest({ headers: announced })])).statuses).toEqual([413]);
  const chunked = headersFor(fixture, { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' });
  const chunk = `100000\r\n${'a'.repeat(0x100000)}\r\n`;
  const { statuses } = await sendRaw(fixture.inbound.port, [
    rawRequest({ headers: chunked }),
    ...Array.from({ length: 8 }, () => chunk),
  ]);
  expect([[413], []]).toContainEqual(statuses);
  const strange = headersFor(fixture, { 'Content-Length': '2147483648', Authorization: undefined });
  expect((await sendRaw(fixture.inbound.port, [rawRequest({ headers: strange })])).statuses).toEqual([401]);
  expect(fixture.received).toEqual([]);
});

test.each(['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip', 'x-gzip'])(
  'LO-12 a body in %s is refused',
  async (encoding) => {
    const fixture = await startInbound();
    const bomb = gzipSync(Buffer.alloc(1_000_000));
    const headers = headersFor(fixture, { 'Content-Encoding': encoding, 'Content-Length': String(bomb.length) });
    const { statuses } = await sendRaw(fixture.inbound.port, [rawRequest({ headers }), bomb]);
    expect(statuses).toEqual([415]);
    expect(fixture.received).toEqual([]);
  },
);

test.each([
  '/',
  '/mcp2',
  '/MCP',
  '//mcp',
  '/mcp//echo',
  '/mcp/echo/',
  '/mcp/../mcp',
  '/mcp/%2e%2e',
  '/mcp/unknown',
  '/mcp/echo%00',
  '/mcp/%',
  '/health',
  '/sse',
  'http://evil.com/mcp',
])('an address that is not served, %s, is not found', async (path) => {
  const fixture = await startInbound();
  const { statuses } = await sendRaw(fixture.inbound.port, [
    rawRequest({ path, headers: headersFor(fixture), body: call }),
  ]);
  expect(statuses).toEqual([404]);
  expect(fixture.received).toEqual([]);
});

test('LO-11 nobody is told to send a large body before the key and its headers have been checked', async () => {
  const fixture = await startInbound();
  const expecting = { Expect: '100-continue' };
  const head = rawRequest({ headers: headersFor(fixture, expecting) });
  expect((await sendRaw(fixture.inbound.port, [head, call], { pauseMs: 50, waitMs: 1_500 })).statuses).toEqual([
    100, 200,
  ]);
  for (const [changed, status] of [
    [{ Authorization: undefined }, 401],
    [{ Origin: 'http://evil.com' }, 403],
    [{ Origin: 'http://evil.com', Expect: '200-ok' }, 403],
    [{ Expect: '200-ok' }, 417],
    [{ 'Content-Type': 'text/plain' }, 415],
    [{ 'Content-Length': '999999999' }, 413],
  ] as const) {
    const refused = rawRequest({ headers: headersFor(fixture, { ...expecting, ...changed }) });
    expect((await sendRaw(fixture.inbound.port, [refused])).statuses).toEqual([status]);
  }
});

test('LO-11 no bytes on the port end the bridge', async () => {
  const fixture = await startInbound();
  const head = rawRequest({ headers: headersFor(fixture) });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 60 }).map((body) => Buffer.concat([Buffer.from(head), body])),
    fc
      .tuple(fc.nat(head.length), fc.uint8Array({ minLength: 1, maxLength: 8 }))
      .map(([at, noise]) => Buffer.concat([Buffer.from(head.slice(0, at)), noise, Buffer.from(head.slice(at) + call)])),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (sent) => {
      await sendRaw(fixture.inbound.port, [sent], { waitMs: 15 });
    }),
    { numRuns: 120 },
  );
  expect((await post(fixture, call)).status).toBe(200);
});
