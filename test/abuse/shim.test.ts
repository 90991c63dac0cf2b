/** The shim between an AI client and the bridge: who may stand there, and what may pass. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname, isAbsolute, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { hashClientKey } from '../../mcp-bridge/inbound/client-keys.ts';
import { dataDirCandidates, socketName, socketPathOf } from '../../mcp-bridge/inbound/data-dir.ts';
import { clientKeyPath, readClientKey, writeClientKey } from '../../mcp-bridge/inbound/private-files.ts';
import { writeLaunchCommand } from '../../mcp-bridge/inbound/shim-start.ts';
import { newNonce, proofOf, shimProtocol } from '../../mcp-bridge/inbound/socket-proof.ts';
import { startInbound } from '../../mcp-bridge/inbound/start.ts';
import { realClock } from '../support/fake-bridge-handler.ts';
import { runShim, type ShimFixture, startShimBridge, temporaryFolder } from '../support/shim-fixture.ts';

const initialize = {
  jsonrpc: '2.0',
  id: 'first',
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } },
};
const call = (id: number, name: string, given: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: given },
});

/** Something else on the bridge's socket; keeps what it was sent. */
async function squat(dataDir: string, answer: (socket: Socket, line: string) => void): Promise<() => string> {
  const path = socketPathOf(dataDir);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let sent = '';
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      sent += chunk.toString('utf8');
      answer(socket, chunk.toString('utf8'));
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return () => sent;
}

test.each([
  ['says nothing', () => {}],
  ['hangs up', (socket: Socket) => socket.destroy()],
  ['talks nonsense', (socket: Socket) => socket.write('hello\n')],
  ['sends an endless line', (socket: Socket) => socket.write('a'.repeat(100_000))],
  ['claims to be ready at once', (socket: Socket) => socket.write('{"ready":true}\n')],
  ['sends a nonce without a proof', (socket: Socket) => socket.write(`${JSON.stringify({ nonce: newNonce() })}\n`)],
  [
    'sends a made-up proof',
    (socket: Socket) => socket.write(`${JSON.stringify({ nonce: newNonce(), proof: newNonce() })}\n`),
  ],
  [
    'proves the wrong key',
    (socket: Socket, line: string) => {
      const { nonce: shimNonce } = JSON.parse(line);
      const bridgeNonce = newNonce();
      const transcript = { socketPath: '', mcpClientId: 'client-a', serverId: '', shimNonce, bridgeNonce };
      const proof = proofOf('bridge', hashClientKey('cs_another'), transcript);
      socket.write(`${JSON.stringify({ nonce: bridgeNonce, proof })}\n`);
    },
  ],
])('LO-09 a stranger on the socket that %s learns no secret and no message', async (_name, answer) => {
  const dataDir = temporaryFolder();
  writeClientKey(dataDir, 'client-a', 'cs_the-secret-key');
  const sent = await squat(dataDir, answer);
  const shim = runShim(dataDir);
  shim.send(initialize);
  expect(await shim.next()).toMatchObject({ id: 'first', error: { code: -32000, data: { code: 'bridge.not-ours' } } });
  expect(await shim.status).toBe(1);
  expect(Object.keys(JSON.parse(sent())).sort()).toEqual(['hello', 'mcpClientId', 'nonce', 'serverId']);
  for (const secret of ['the-secret-key', hashClientKey('cs_the-secret-key'), 'initialize'])
    expect(sent()).not.toContain(secret);
});

test('LO-09 a go-between that passes the proof on from another path is found out', async () => {
  const bridge = await startShimBridge();
  const elsewhere = temporaryFolder();
  writeClientKey(elsewhere, 'client-a', bridge.key);
  let onward: Socket | undefined;
  const sent = await squat(elsewhere, (socket, line) => {
    onward ??= connect(bridge.inbound.socket.path).on('data', (chunk) => socket.write(chunk));
    onward.write(line);
  });
  onTestFinished(() => {
    onward?.destroy();
  });
  const shim = runShim(elsewhere);
  shim.send(call(1, 'echo'));
  expect(await shim.next()).toMatchObject({ error: { data: { code: 'bridge.not-ours' } } });
  expect(sent()).not.toContain('tools/call');
  expect(bridge.received).toEqual([]);
});

const replies = async (path: string, lines: readonly (string | Uint8Array)[]): Promise<string> => {
  const socket = connect(path);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('utf8');
  });
  socket.on('error', () => {});
  for (const line of lines) socket.write(line);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.destroy(), 4_000);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  return text;
};
const hello = (changed: object = {}): string =>
  `${JSON.stringify({ hello: shimProtocol, mcpClientId: 'client-a', serverId: '', nonce: newNonce(), ...changed })}\n`;

test.each([
  ['a message instead of a hello', [`${JSON.stringify(call(1, 'echo'))}\n`], 'malformed'],
  ['no JSON', ['hello\n'], 'malformed'],
  ['another protocol', [hello({ hello: 'other/1' })], 'malformed'],
  ['a client nobody knows', [hello({ mcpClientId: 'client-z' })], 'unknown-client'],
  ['a client id that is a path', [hello({ mcpClientId: '../../etc' })], 'malformed'],
  ['a server id with a newline', [hello({ serverId: 'a\nb' })], 'malformed'],
  ['a short nonce', [hello({ nonce: 'AAAA' })], 'malformed'],
  ['no proof', [hello(), '{}\n'], 'wrong-key'],
  ['a made-up proof', [hello(), `${JSON.stringify({ proof: newNonce() })}\n`], 'wrong-key'],
  ['a message instead of a proof', [hello(), `${JSON.stringify(call(1, 'echo'))}\n`], 'wrong-key'],
])('LO-05 the bridge hears nobody on the socket who sends %s', async (_name, lines, refused) => {
  const bridge = await startShimBridge();
  const text = await replies(bridge.inbound.socket.path, [...lines, `${JSON.stringify(call(2, 'echo'))}\n`]);
  expect(text).toContain(JSON.stringify({ refused }));
  expect(bridge.received).toEqual([]);
});

test('LO-05 the proof of the bridge sent back is no proof of the shim', async () => {
  const bridge = await startShimBridge();
  const socket = connect(bridge.inbound.socket.path);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('utf8');
    const first = text.split('\n')[0] as string;
    if (text.split('\n').length === 2) socket.write(`${JSON.stringify({ proof: JSON.parse(first).proof })}\n`);
  });
  socket.write(hello());
  await vi.waitFor(() => expect(text).toContain('wrong-key'));
  socket.destroy();
});

test('LO-09 a proof that is not finished in time ends the connection, and so does a flood before it', async () => {
  const bridge = await startShimBridge({ proofMs: 100 });
  const began = performance.now();
  await replies(bridge.inbound.socket.path, []);
  expect(performance.now() - began).toBeLessThan(3_500);
  const flooded = await replies(bridge.inbound.socket.path, ['a'.repeat(1_000_000), hello()]);
  expect(flooded).toBe('');
});

test('LO-08 the socket and its folder are open to this user alone', async () => {
  const { inbound } = await startShimBridge();
  const { path } = inbound.socket;
  expect([lstatSync(path).mode & 0o777, lstatSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
});

test.each([
  ['open to others', (folder: string) => chmodSync(folder, 0o755)],
  [
    'a link',
    (folder: string) => {
      renameSync(folder, `${folder}-real`);
      symlinkSync(`${folder}-real`, folder);
    },
  ],
])('LO-13 a socket folder that is %s is used by neither side', async (_name, spoil) => {
  const bridge = await startShimBridge();
  spoil(dirname(bridge.inbound.socket.path));
  const shim = runShim(bridge.dataDir);
  shim.send(initialize);
  expect(await shim.next()).toMatchObject({ error: { data: { code: 'bridge.not-ours' } } });
  const { handler, keys } = bridge;
  const again = startInbound({
    port: 0,
    socketPath: bridge.inbound.socket.path,
    handler,
    keys,
    clock: realClock,
    newId: () => 'x',
  });
  await expect(again).rejects.toThrow();
});

test('LO-09 a second bridge does not take over the socket of a living one, but that of a dead one', async () => {
  const { inbound, handler, keys } = await startShimBridge();
  const socketPath = inbound.socket.path;
  const options = { port: 0, socketPath, handler, keys, clock: realClock, newId: () => 'x' };
  await expect(startInbound(options)).rejects.toMatchObject({ code: 'bridge.port-busy' });
  await inbound.close();
  const stale = createServer().listen(socketPath);
  await new Promise<void>((resolve) => stale.once('listening', resolve));
  renameSync(socketPath, `${socketPath}.kept`);
  await new Promise<void>((resolve) => stale.close(() => resolve()));
  renameSync(`${socketPath}.kept`, socketPath);
  const next = await startInbound(options);
  await next.close();
});

test.each([
  ['open to others', (path: string) => chmodSync(path, 0o644)],
  [
    'a link',
    (path: string) => {
      renameSync(path, `${path}.real`);
      symlinkSync(`${path}.real`, path);
    },
  ],
  [
    'a named pipe that nobody writes to',
    (path: string) => {
      rmSync(path);
      execFileSync('mkfifo', ['-m', '600', path]);
    },
  ],
  [
    'a folder',
    (path: string) => {
      rmSync(path);
      mkdirSync(path, { mode: 0o700 });
    },
  ],
])('LO-13 a key file that is %s is not read', (_name, spoil) => {
  const dataDir = temporaryFolder();
  writeClientKey(dataDir, 'client-a', 'cs_key');
  expect(readClientKey(dataDir, 'client-a')).toBe('cs_key');
  spoil(clientKeyPath(dataDir, 'client-a'));
  expect(() => readClientKey(dataDir, 'client-a')).toThrow(
    expect.objectContaining({ code: 'files.not-private', message: expect.stringContaining('client-a.key') }),
  );
});

test('LO-07 a key file is written for this user alone, and its name leaves no folder', () => {
  const dataDir = temporaryFolder();
  writeClientKey(dataDir, 'client-a', 'cs_key');
  expect(lstatSync(clientKeyPath(dataDir, 'client-a')).mode & 0o777).toBe(0o600);
  expect(readFileSync(clientKeyPath(dataDir, 'client-a'), 'utf8')).toBe('cs_key\n');
  expect(() => writeClientKey(dataDir, '../client-a', 'cs_key')).toThrow(RangeError);
});

test.each([
  ['a link', (folder: string, elsewhere: string) => symlinkSync(elsewhere, folder)],
  ['a link to nothing', (folder: string, elsewhere: string) => symlinkSync(join(elsewhere, 'nothing'), folder)],
  ['open to others', (folder: string) => mkdirSync(folder, { mode: 0o755 })],
  ['a file', (folder: string) => writeFileSync(folder, '')],
])('LO-13 no key is written into a folder that is %s', (_name, plant) => {
  const [dataDir, elsewhere] = [temporaryFolder(), temporaryFolder()];
  plant(join(dataDir, 'clients'), elsewhere);
  expect(() => writeClientKey(dataDir, 'client-a', 'cs_key')).toThrow(
    expect.objectContaining({ code: 'files.not-private', message: expect.stringContaining('clients') }),
  );
  expect(readdirSync(elsewhere)).toEqual([]);
});

test.each([
  ['the app is not running', (_dataDir: string) => {}, 'bridge.not-running'],
  [
    'nothing listens on the socket',
    (dataDir: string) => mkdirSync(join(dataDir, 'run'), { mode: 0o700 }),
    'bridge.not-running',
  ],
  [
    'a file has the name of the socket',
    (dataDir: string) => {
      mkdirSync(join(dataDir, 'run'), { mode: 0o700 });
      writeFileSync(join(dataDir, 'run', 'bridge.sock'), '');
    },
    'bridge.not-running',
  ],
])('when %s the AI client is told so, for each request, and the shim ends with 1', async (_name, prepare, code) => {
  const dataDir = temporaryFolder();
  writeClientKey(dataDir, 'client-a', 'cs_key');
  prepare(dataDir);
  const shim = runShim(dataDir);
  shim.send({ ...initialize, id: 1, method: 'server/discover' });
  shim.send({ ...initialize, id: 2 });
  for (const id of [1, 2]) expect(await shim.next()).toMatchObject({ id, error: { code: -32000, data: { code } } });
  expect(await shim.status).toBe(1);
  expect(shim.stderr()).toContain(code);
});

test('an AI client that was never connected is told how', async () => {
  const shim = runShim(temporaryFolder(), 'client-q');
  shim.send(initialize);
  expect(JSON.stringify(await shim.next())).toContain('countersign connect');
  expect(await shim.status).toBe(1);
});

test.each([
  ['names a file as the data home', { XDG_DATA_HOME: '/dev/null' }],
  ['names a data home that is not there', { XDG_DATA_HOME: '/nowhere/at/all' }],
  ['names a relative data home', { XDG_DATA_HOME: '../../..' }],
  [
    'is full of what other programs obey',
    {
      HTTP_PROXY: 'http://127.0.0.1:9',
      ALL_PROXY: 'socks5://127.0.0.1:9',
      COUNTERSIGN_DATA_FOLDER: '/nowhere',
      COUNTERSIGN_BRIDGE_PORT: '9',
      NODE_PATH: '/nowhere',
      TMPDIR: '/nowhere',
    },
  ],
])('LO-16 an environment that %s does not lead the shim astray', async (_name, variables) => {
  const bridge = await startShimBridge();
  const home = temporaryFolder();
  mkdirSync(join(home, '.local', 'share'), { recursive: true });
  symlinkSync(bridge.dataDir, join(home, '.local', 'share', 'countersign'));
  for (const [name, value] of Object.entries({ XDG_DATA_HOME: '', ...variables, HOME: home })) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const shim = runShim(undefined);
  shim.send(call(1, 'echo'));
  expect(await shim.next()).toMatchObject({ id: 1, result: {} });
});

test('LO-16 a home folder that is relative is none: it would depend on where the AI client was started', () => {
  vi.stubEnv('HOME', 'here');
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const candidate of dataDirCandidates('linux', {})) expect(isAbsolute(candidate)).toBe(true);
});

test.each([
  ['open to others', (path: string) => chmodSync(path, 0o644), /chmod 600/],
  [
    'a link',
    (path: string) => {
      renameSync(path, `${path}.real`);
      symlinkSync(`${path}.real`, path);
    },
    /is a link/,
  ],
  ['of another AI client', (path: string) => writeFileSync(path, 'cs_another\n'), /not Countersign/],
])('LO-13 a key that is %s: the AI client is told what is wrong', async (_name, spoil, message) => {
  const bridge = await startShimBridge();
  spoil(clientKeyPath(bridge.dataDir, 'client-a'));
  const shim = runShim(bridge.dataDir);
  shim.send(call(1, 'echo'));
  expect(JSON.stringify(await shim.next())).toMatch(message);
  expect(await shim.status).toBe(1);
  expect(bridge.received).toEqual([]);
});

test('an AI client that was removed is told to connect again', async () => {
  const bridge = await startShimBridge();
  bridge.keys.remove('client-a');
  const shim = runShim(bridge.dataDir);
  shim.send(call(1, 'echo'));
  expect(await shim.next()).toMatchObject({ error: { data: { code: 'client.no-usable-key' } } });
});

test('LO-23 partial lines, many lines in one piece and empty lines arrive as the messages they are', async () => {
  const { dataDir } = await startShimBridge();
  const shim = runShim(dataDir);
  const text = [call(1, 'echo', { a: 'ü' }), call(2, 'echo')]
    .map((message) => `${JSON.stringify(message)}\r\n\n`)
    .join('');
  for (const byte of Buffer.from(text)) shim.stdin.write(Uint8Array.of(byte));
  shim.stdin.write(`${JSON.stringify(call(3, 'echo'))}\n${JSON.stringify(call(4, 'echo'))}\n`);
  const ids = new Set<unknown>();
  for (let count = 0; count < 4; count++) ids.add((await shim.next())['id']);
  expect(ids).toEqual(new Set([1, 2, 3, 4]));
});

test('LO-23 nothing but JSON-RPC messages, each on a line, is ever on stdout', async () => {
  const { dataDir } = await startShimBridge();
  const shim = runShim(dataDir);
  shim.stdin.write('not json\n{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}\n[]\n"x"\n\u0000\n');
  shim.send(call(9, 'progress'));
  await shim.next(({ id }) => id === 9);
  for (const line of shim.stdout().split('\n').slice(0, -1)) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
});

test('LO-11 an AI client that begins anew over and over leaves nothing behind', async () => {
  const { dataDir, received } = await startShimBridge();
  const shim = runShim(dataDir);
  for (const [id, uri] of ['a://1', 'a://2', 'a://3'].entries()) {
    shim.send({ ...initialize, id: `i${id}` });
    await shim.next((message) => message['id'] === `i${id}`);
    shim.send({ jsonrpc: '2.0', id, method: 'resources/subscribe', params: { uri } });
    await shim.next((message) => message['id'] === id);
  }
  shim.stdin.end();
  await shim.status;
  const told = (kind: string) => received.flatMap(({ method, params }) => (method === kind ? [params['uri']] : []));
  await vi.waitFor(() => expect(told('resources/unsubscribe')).toEqual(['a://1', 'a://2', 'a://3']));
});

test('LO-23 a line without end is cut off at the cap, and the AI client is told', async () => {
  const { dataDir, received } = await startShimBridge({ bodyBytes: 100_000 });
  const shim = runShim(dataDir);
  shim.stdin.write(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${'a'.repeat(300_000)}`);
  expect(await shim.next()).toMatchObject({ id: null, error: { message: expect.stringContaining('100000 bytes') } });
  expect(await shim.status).toBe(1);
  expect(received).toEqual([]);
});

test('LO-23 what stands behind a line that is too long is not read', async () => {
  const { dataDir, received } = await startShimBridge({ bodyBytes: 100_000 });
  const shim = runShim(dataDir);
  shim.stdin.write(`${'a'.repeat(300_000)}\n${JSON.stringify(call(1, 'echo'))}\n`);
  expect(await shim.status).toBe(1);
  expect(received).toEqual([]);
});

const unknown = (id: unknown) => ({
  jsonrpc: '2.0',
  id,
  error: {
    code: -32000,
    message: expect.stringContaining('not known: check before you repeat it'),
    data: { code: 'bridge.not-running', outcome: 'unknown' },
  },
});

test.each([
  ['that dies', (fixture: ShimFixture) => fixture.inbound.close()],
  ['that takes the key back', async ({ keys }: ShimFixture) => keys.remove('client-a')],
])(
  'AU-09 a bridge %s in the middle of calls: each of them, and nothing else, is answered as unknown',
  async (_name, ends) => {
    const fixture = await startShimBridge();
    const shim = runShim(fixture.dataDir);
    shim.send(initialize);
    await shim.next(({ id }) => id === 'first');
    shim.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    shim.send(call(1, 'echo', { id: 2, result: {} }));
    await shim.next(({ id }) => id === 1);
    shim.send(call(2, 'wait'));
    shim.stdin.write(
      `{"params":{"name":"wait","id":77},"method":"tools/call","jsonrpc":"2.0","id":"l\\u00e4st \\"3\\""}\n`,
    );
    shim.send(call(4, 'wait'));
    await vi.waitFor(() => expect(fixture.waiting.size).toBe(3));
    shim.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 4 } });
    await vi.waitFor(() => expect(fixture.waiting.size).toBe(2));
    await ends(fixture);
    expect(await shim.status).toBe(1);
    const messages = shim
      .stdout()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id?: unknown });
    expect(messages.slice(2)).toEqual([unknown(2), unknown('läst "3"')]);
  },
);

test('AU-09 an answer that was passed on is not followed by another, however long its id is', async () => {
  const fixture = await startShimBridge();
  const shim = runShim(fixture.dataDir);
  const ids = [0, -7, 'x', 'ö"\\'.repeat(200), '😀'.repeat(300), ''];
  for (const id of ids) shim.send({ jsonrpc: '2.0', id, method: 'ping', params: {} });
  for (const id of ids) await shim.next((message) => message['id'] === id);
  const big = 'z'.repeat(1_000_000);
  shim.send(call(99, 'echo', { big }));
  await shim.next(({ id }) => id === 99);
  await fixture.inbound.close();
  expect(await shim.status).toBe(1);
  expect(shim.stdout().trimEnd().split('\n')).toHaveLength(ids.length + 1);
});

test('a bridge that ends in the middle of a message leaves no half message on stdout', async () => {
  const dataDir = temporaryFolder();
  const key = 'cs_key';
  writeClientKey(dataDir, 'client-a', key);
  const path = socketPathOf(dataDir);
  let first: { nonce: string; bridgeNonce: string } | undefined;
  await squat(dataDir, (socket, line) => {
    if (first !== undefined) {
      socket.write('{"ready":true}\n');
      setTimeout(() => socket.end('{"jsonrpc":"2.0","id":1,"result":{}}\n{"jsonrpc":"2.0","id":2,"res'), 20);
      return;
    }
    first = { nonce: JSON.parse(line).nonce, bridgeNonce: newNonce() };
    const transcript = {
      socketPath: path,
      mcpClientId: 'client-a',
      serverId: '',
      shimNonce: first.nonce,
      bridgeNonce: first.bridgeNonce,
    };
    socket.write(
      `${JSON.stringify({ nonce: first.bridgeNonce, proof: proofOf('bridge', hashClientKey(key), transcript) })}\n`,
    );
  });
  const shim = runShim(dataDir);
  expect(await shim.status).toBe(1);
  expect(shim.stdout()).toBe('{"jsonrpc":"2.0","id":1,"result":{}}\n');
  expect(shim.stderr()).toContain('bridge.not-running');
});

test('a key that is revoked ends the connections it had opened', async () => {
  const { dataDir, keys } = await startShimBridge();
  const shim = runShim(dataDir);
  shim.send(call(1, 'echo'));
  await shim.next();
  keys.remove('client-a');
  expect(await shim.status).toBe(1);
});

test.each([
  ['removed', ({ keys }: ShimFixture) => keys.remove('client-a')],
  ['rotated', ({ keys }: ShimFixture) => void keys.rotate('client-a')],
])('I6 a key that is %s between the hello and the proof opens nothing', async (_name, revoke) => {
  const bridge = await startShimBridge();
  const { path } = bridge.inbound.socket;
  const shimNonce = newNonce();
  const socket = connect(path);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('utf8');
  });
  socket.write(hello({ nonce: shimNonce }));
  await vi.waitFor(() => expect(text).toContain('\n'));
  revoke(bridge);
  const { nonce: bridgeNonce } = JSON.parse(text);
  const transcript = { socketPath: socketName(path), mcpClientId: 'client-a', serverId: '', shimNonce, bridgeNonce };
  const proof = proofOf('shim', hashClientKey(bridge.key), transcript);
  socket.write(`${JSON.stringify({ proof })}\n${JSON.stringify(call(1, 'echo'))}\n`);
  await vi.waitFor(() => expect(text).toContain('{"refused":"wrong-key"}'));
  expect(bridge.received).toEqual([]);
  socket.destroy();
});

test('the shim serves one server alone when it is told to', async () => {
  const { dataDir, received } = await startShimBridge();
  const shim = runShim(dataDir, 'client-a', 'echo');
  shim.send(call(1, 'echo'));
  await shim.next();
  expect(received[0]?.endpoint).toEqual({ kind: 'server', serverId: 'echo' });
  const other = runShim(dataDir, 'client-a', 'unknown');
  other.send(call(1, 'echo'));
  expect(await other.next()).toMatchObject({ error: { message: 'there is no such endpoint' } });
});

test.each([
  ['no command', undefined],
  ['a relative command', { command: 'countersign', args: [] }],
  ['arguments that are no list', { command: '/bin/true', args: 'x' }],
])('a shim that is told to start the app starts nothing when the app left %s', async (_name, launch) => {
  const dataDir = temporaryFolder();
  writeClientKey(dataDir, 'client-a', 'cs_key');
  if (launch !== undefined) writeFileSync(join(dataDir, 'launch.json'), JSON.stringify(launch), { mode: 0o600 });
  const shim = runShim(dataDir, 'client-a', undefined, { startApp: true });
  shim.send(initialize);
  expect(await shim.next()).toMatchObject({ error: { data: { code: 'bridge.not-running' } } });
  expect(await shim.status).toBe(1);
});

test('LO-13 a command that others may have written is not started', async () => {
  const dataDir = temporaryFolder();
  const marker = join(dataDir, 'started');
  writeClientKey(dataDir, 'client-a', 'cs_key');
  writeLaunchCommand(dataDir, {
    command: process.execPath,
    args: ['-e', `require('fs').writeFileSync(${JSON.stringify(marker)}, '')`],
  });
  chmodSync(join(dataDir, 'launch.json'), 0o666);
  const shim = runShim(dataDir, 'client-a', undefined, { startApp: true });
  shim.send(initialize);
  await shim.next();
  expect(await shim.status).toBe(1);
  expect(lstatSync(marker, { throwIfNoEntry: false })).toBeUndefined();
});

test('a shim that is told to start the app runs what the app left and goes on when its bridge answers', async () => {
  const { dataDir, inbound, handler, keys } = await startShimBridge();
  await inbound.close();
  const marker = join(dataDir, 'started');
  const script = `require('fs').writeFileSync(${JSON.stringify(marker)}, process.argv.slice(1).join())`;
  writeLaunchCommand(dataDir, { command: process.execPath, args: ['-e', script, 'a b', '$HOME'] });
  const shim = runShim(dataDir, 'client-a', undefined, { startApp: true });
  shim.send(call(1, 'echo'));
  await vi.waitFor(() => expect(readFileSync(marker, 'utf8')).toBe('a b,$HOME'));
  const socketPath = socketPathOf(dataDir);
  const late = await startInbound({ port: 0, socketPath, handler, keys, clock: realClock, newId: () => 'x' });
  onTestFinished(() => late.close());
  expect(await shim.next()).toMatchObject({ id: 1, result: {} });
});

test.runIf(process.getuid?.() === 0)(
  'LO-08 another user of this machine cannot reach the socket or the key',
  async () => {
    const { dataDir, inbound } = await startShimBridge();
    chmodSync(dataDir, 0o755);
    const script = `
    const net = require('node:net'), fs = require('node:fs');
    net.connect(${JSON.stringify(inbound.socket.path)}).on('connect', () => process.exit(10)).on('error', (error) => {
      try { fs.readFileSync(${JSON.stringify(clientKeyPath(dataDir, 'client-a'))}); process.exit(11); } catch {}
      process.exit(error.code === 'EACCES' ? 0 : 12);
    });`;
    const { status } = spawnSync(process.execPath, ['-e', script], { uid: 65534, gid: 65534, cwd: '/' });
    expect(status).toBe(0);
  },
);
