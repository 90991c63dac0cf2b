/** HTTP upstreams that misbehave; judged by what reaches which server. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addressKind, isAllowedAddress } from '../../mcp-bridge/upstream/address-rules.ts';
import { parseServerConfig } from '../../mcp-bridge/upstream/server-config.ts';
import { hello, type OnCall, startEvilHttp } from '../support/evil-http.ts';
import { startScriptedHttp } from '../support/scripted-http.ts';
import { callTool, eventually, startManager, temporaryFolder, textOf } from '../support/upstream-fixture.ts';

const credential = { scheme: 'Bearer', value: 'canary-credential' } as const;

async function outcomeOf(onCall: OnCall, more: Parameters<typeof startManager>[1] = {}, config = {}) {
  const evil = await startEvilHttp(onCall);
  const manager = await startManager({ it: { url: evil.url, ...config } }, more);
  return { manager, seen: evil.seen, outcome: await callTool(manager, 'it', 'greet', {}, { credential }) };
}

test.each([301, 302, 303, 307, 308])(
  'MC-34: a redirect %i to another host is refused; no credential follows',
  async (status) => {
    const other = await startEvilHttp(hello);
    const { outcome } = await outcomeOf((_rpc, outgoing) => outgoing.writeHead(status, { location: other.url }).end());
    expect(outcome).toMatchObject({ kind: 'failed', data: { httpStatus: status } });
    expect(other.seen).toEqual([]);
  },
);

test('a credential is sent with its own call only, never by the next one', async () => {
  const { manager, seen } = await outcomeOf(hello);
  await callTool(manager, 'it', 'greet');
  const calls = seen.filter(({ rpc }) => rpc.method === 'tools/call');
  expect(calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer canary-credential', undefined]);
  const others = seen.filter(({ rpc }) => rpc.method !== 'tools/call');
  expect(JSON.stringify(others)).not.toContain('canary');
});

describe('MC-33: an answer without end or measure', () => {
  const limits = { maxMessageBytes: 64 << 10, maxSkippedBytes: 1 << 20 };
  const flood =
    (head: string, mediaType: string): OnCall =>
    (_rpc, outgoing) => {
      outgoing.writeHead(200, { 'content-type': mediaType });
      outgoing.write(head);
      const more = () => {
        while (!outgoing.destroyed && outgoing.write('x'.repeat(16 << 10)));
        outgoing.once('drain', more);
      };
      outgoing.on('error', () => {});
      more();
    };
  test.each([
    ['JSON', flood('{"jsonrpc":"2.0","id":1,"result":{"text":"', 'application/json')],
    ['one event', flood('data: ', 'text/event-stream')],
    ['comments', flood(':', 'text/event-stream')],
  ])('as %s is cut off', async (_name, onCall) => {
    const { outcome } = await outcomeOf(onCall, { limits });
    expect(outcome).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('longer than') });
  });

  test('as a slow trickle ends with the time for a call', async () => {
    const trickle: OnCall = (_rpc, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
      const timer = setInterval(() => outgoing.write(': alive\n'), 50);
      outgoing.on('close', () => clearInterval(timer));
    };
    const { outcome } = await outcomeOf(trickle, {}, { requestTimeoutMs: 400 });
    expect(outcome).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('400 ms') });
  });

  test('as a packed body is not unpacked', async () => {
    const packed: OnCall = (_rpc, outgoing) =>
      outgoing.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('bomb');
    expect((await outcomeOf(packed)).outcome).toMatchObject({ kind: 'unknown' });
  });
});

test.each([
  [
    'a JSON-RPC error',
    'failed',
    (rpc, outgoing) =>
      outgoing
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ jsonrpc: '2.0', id: rpc.id, error: { code: -32000, message: 'no', data: { why: 1 } } })),
  ],
  ['401', 'failed', (_rpc, outgoing) => outgoing.writeHead(401, { 'www-authenticate': 'Bearer scope="x"' }).end()],
  ['500', 'unknown', (_rpc, outgoing) => outgoing.writeHead(500).end('oops')],
  ['502 by a proxy', 'unknown', (_rpc, outgoing) => outgoing.writeHead(502).end()],
  ['a connection that breaks', 'unknown', (_rpc, _outgoing, incoming) => incoming.socket.destroy()],
  [
    'half an answer',
    'unknown',
    (_rpc, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      outgoing.write('{"jsonrpc"', () => outgoing.destroy());
    },
  ],
  [
    'the answer of another call',
    'unknown',
    (_rpc, outgoing) =>
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0","id":99,"result":{}}'),
  ],
  ['a page', 'unknown', (_rpc, outgoing) => outgoing.writeHead(200, { 'content-type': 'text/html' }).end('<p>hi')],
] satisfies [string, string, OnCall][])('%s is %s', async (_name, kind, onCall) => {
  expect((await outcomeOf(onCall)).outcome).toMatchObject({ kind });
});

test('a server that is gone is not-sent, and found again when it is back', async () => {
  const { manager } = await outcomeOf(hello);
  const gone = await startManager({ gone: { url: 'http://127.0.0.1:9/mcp' } }, { reconnectWaitMs: 500 });
  expect(await callTool(gone, 'gone', 'greet')).toMatchObject({ kind: 'not-sent' });
  expect(textOf(await callTool(manager, 'it', 'greet'))).toBe('hello');
});

test('a session that the server forgot is opened again and the call carried out once', async () => {
  const evil = await startEvilHttp(hello, { sessions: true });
  const manager = await startManager({ it: { url: evil.url } });
  evil.forgetSessions();
  expect(textOf(await callTool(manager, 'it', 'greet'))).toBe('hello');
  const calls = evil.seen.filter(({ rpc }) => rpc.method === 'tools/call');
  expect(calls.map(({ headers }) => headers['mcp-session-id'])).toEqual(['session-1', 'session-2']);
});

describe('TLS', () => {
  const folderWithKeys = () => {
    const folder = temporaryFolder();
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
    for (const name of ['server', 'person'])
      openssl(
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
        ...[
          '-keyout',
          `${name}.key`,
          '-out',
          `${name}.pem`,
          '-subj',
          `/CN=${name}`,
          '-addext',
          'subjectAltName=IP:127.0.0.1',
        ],
      );
    return (name: string) => join(folder, name);
  };

  test('a certificate that nobody vouches for is refused before anything is sent', async () => {
    const file = folderWithKeys();
    const tls = { cert: readFileSync(file('server.pem'), 'utf8'), key: readFileSync(file('server.key'), 'utf8') };
    const evil = await startEvilHttp(hello, { tls });
    const manager = await startManager({ it: { url: evil.url } }, { reconnectWaitMs: 300 });
    expect(manager.status()[0]?.lastError).toContain('certificate');
    expect(await callTool(manager, 'it', 'greet')).toMatchObject({ kind: 'not-sent' });
    expect(evil.seen).toEqual([]);
  });

  test('a client certificate is shown to a server that asks for it', async () => {
    const file = folderWithKeys();
    const read = (name: string) => readFileSync(file(name), 'utf8');
    const tls = { cert: read('server.pem'), key: read('server.key'), ca: read('person.pem') };
    const evil = await startEvilHttp(hello, { tls });
    const own = { cert: file('person.pem'), key: file('person.key'), ca: file('server.pem') };
    const manager = await startManager({ it: { url: evil.url, tls: own } });
    expect(textOf(await callTool(manager, 'it', 'greet'))).toBe('hello');
    const without = await startManager({ it: { url: evil.url, tls: { ca: own.ca } } }, { reconnectWaitMs: 300 });
    expect(await callTool(without, 'it', 'greet')).toMatchObject({ kind: expect.stringMatching(/not-sent/) });
  });
});

describe('OA-10: addresses', () => {
  test.each([
    ...['0.0.0.0', '169.254.169.254', '224.0.0.1', '255.255.255.255', '::', 'fe80::1', 'fe80::1%eth0', 'ff02::1'],
    ...['::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::', 'fd00:ec2::254'],
    ...['100.100.100.200', '198.18.0.1', 'not an address', ''],
    ...['64:ff9b:1:a9fe:a9:fe00::', '::ffff:0:169.254.169.254', '2001:0:a9fe:a9fe::1', '100::1', '5f00::1', '1234::1'],
    ...['::a9fe:a9fe', '0:0:0:0:0:ffff:a9fe:a9fe', '::FFFF:0.0.0.0', 'fec0::1', '3fff::1', 'ff0e::1'],
  ])('%s is never reached', (address) => {
    const rules = { hostname: 'mcp.example.com', allowPrivateNetwork: true };
    expect([addressKind(address), isAllowedAddress(address, rules)]).toEqual(['forbidden', false]);
  });

  test.each([
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    'fc00::1',
    'fdff::1',
    '::ffff:10.0.0.1',
  ])('%s needs the person’s word', (address) => {
    const hostname = 'mcp.example.com';
    expect(isAllowedAddress(address, { hostname, allowPrivateNetwork: false })).toBe(false);
    expect(isAllowedAddress(address, { hostname, allowPrivateNetwork: true })).toBe(true);
  });

  test.each(['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1'])(
    '%s is this machine only for a name that says so (DNS rebinding)',
    (address) => {
      expect(isAllowedAddress(address, { hostname: 'rebind.example.com', allowPrivateNetwork: true })).toBe(false);
      expect(isAllowedAddress(address, { hostname: 'localhost', allowPrivateNetwork: false })).toBe(true);
    },
  );

  test.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:93.184.216.34'])(
    '%s is public',
    (address) => {
      expect(isAllowedAddress(address, { hostname: 'mcp.example.com', allowPrivateNetwork: false })).toBe(true);
      expect(isAllowedAddress(address, { hostname: 'localhost', allowPrivateNetwork: true })).toBe(false);
    },
  );

  test.each([
    ...[
      'http://mcp.example.com/mcp',
      'ftp://example.com',
      'file:///etc/passwd',
      'https://user:pw@example.com',
      'nonsense',
    ],
    ...['http://127.0.0.2/mcp', 'http://10.0.0.1/mcp', 'https://example.com/#x', 'http://localhost.example.com/'],
  ])('%s is refused as configured', (url) => {
    expect(() => parseServerConfig('it', { url })).toThrow(/mcpServers\.it\.url/);
  });

  test.each([
    'https://169.254.169.254/mcp',
    'https://2852039166/mcp',
    'https://0xa9fea9fe/mcp',
    'https://[::ffff:a9fe:a9fe]/',
  ])('%s connects nowhere', async (url) => {
    const manager = await startManager({ it: { url, allowPrivateNetwork: true } }, { reconnectWaitMs: 200 });
    expect(manager.status()[0]?.lastError).toContain('refused');
  });
});

test.each([
  ['host', 'x'],
  ['content-length', '0'],
  ['mcp-session-id', 'x'],
  ['x-y', 'a\r\nb: c'],
  ['a b', 'x'],
])('a configured header %s is refused', (name, value) => {
  expect(() => parseServerConfig('it', { url: 'https://example.com', headers: { [name]: value } })).toThrow(/headers/);
});

test('a configured header that is given twice, in whatever letters, is refused', () => {
  const headers = { 'X-Key': 'a', 'x-key': 'b' };
  expect(() => parseServerConfig('it', { url: 'https://example.com', headers })).toThrow(/twice/);
});

test('MC-40: a stream that ends at once and asks to be opened again without a pause is opened once a second', async () => {
  let opened = 0;
  const upstream = await startScriptedHttp({
    era: 'initialize',
    onOther: (incoming, outgoing) => {
      if (incoming.method !== 'GET') return outgoing.writeHead(405).end();
      opened += 1;
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
      const message = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { data: 'x' } });
      return outgoing.end(`retry: 0\ndata: ${message}\n\n`);
    },
  });
  await startManager({ it: { url: upstream.url } });
  await new Promise((wake) => setTimeout(wake, 1_500));
  expect(opened).toBeLessThanOrEqual(3);
});

test('MC-40: a flood on the stream of a call waits in its own socket', async () => {
  let sent = 0;
  const flood: OnCall = (_rpc, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    const event = 'data: {"jsonrpc":"2.0","method":"notifications/message","params":{"data":"x"}}\n\n';
    const timer = setInterval(() => {
      for (let index = 0; index < 5_000 && outgoing.writableLength < 1 << 16; index += 1, sent += 1)
        outgoing.write(event);
    }, 1);
    outgoing.on('close', () => clearInterval(timer));
    outgoing.on('error', () => {});
  };
  const evil = await startEvilHttp(flood);
  const manager = await startManager({ it: { url: evil.url, requestTimeoutMs: 1_500 } });
  let heard = 0;
  const onNotification = () => {
    heard += 1;
  };
  expect(await callTool(manager, 'it', 'greet', {}, { onNotification })).toMatchObject({ kind: 'unknown' });
  await eventually(() => sent > 2_000);
  expect(heard).toBeLessThan(10_000);
});
