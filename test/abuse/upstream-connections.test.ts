/** Connections to HTTP upstreams that break, lie or run out; judged by what the upstream saw. */
import { getEventListeners } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type RawRpc, rawAnswer, rawCall, rawWire, startRawUpstream } from '../support/raw-upstream.ts';
import { eventually } from '../support/upstream-fixture.ts';

const notification = 'data: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n';
const closedByEnd = 'HTTP/1.0 200 OK\r\ncontent-type: text/event-stream\r\n\r\n';

test.each<[string, (socket: Socket) => void]>([
  ['resets it', (socket) => socket.resetAndDestroy()],
  ['ends it', (socket) => socket.end()],
  ['sends more and resets it', (socket) => socket.write(notification, () => socket.resetAndDestroy())],
])('MC-33: an upstream whose answer is held back and that %s loses the call, not the bridge', async (_name, end) => {
  const upstream = await startRawUpstream((socket, rpc) => {
    if (rpc.params?.name === 'fine') return socket.write(rawAnswer(rpc));
    socket.write(closedByEnd + notification.repeat(200));
    setTimeout(() => socket.write(notification), 50);
    return setTimeout(() => end(socket), 200);
  });
  const wire = rawWire(upstream.url, { maxUnsolicitedPerSecond: 100 });
  expect(await rawCall(wire)).toMatchObject({ kind: 'unknown' });
  expect(await rawCall(wire, { name: 'fine' })).toMatchObject({ kind: 'answered' });
});

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

test.each<[string, string, (rpc: RawRpc) => string]>([
  ['announces an answer a few times', 'answered', (rpc) => 'HTTP/1.1 103 Soon\r\n\r\n'.repeat(9) + rawAnswer(rpc)],
  ['announces an answer without end', 'unknown', () => 'HTTP/1.1 103 Soon\r\n\r\n'.repeat(200)],
  ['switches protocols', 'unknown', () => 'HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nhello'],
  ['sends headers without end', 'unknown', () => `${head}x: ${'a'.repeat(80_000)}`],
  ['tells two lengths', 'unknown', () => `${head}content-length: 2\r\ncontent-length: 3\r\n\r\n{}x`],
  [
    'tells a length and chunks',
    'unknown',
    () => `${head}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}`,
  ],
  ['sends chunks of no size', 'unknown', () => `${head}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n`],
  ['has a body where none may be', 'unknown', () => 'HTTP/1.1 204 X\r\ncontent-length: 5\r\n\r\nhello'],
  ['speaks another protocol', 'unknown', () => 'SSH-2.0-x\r\n'],
  ['sends the next answer too', 'answered', (rpc) => rawAnswer(rpc) + rawAnswer({ id: (rpc.id ?? 0) + 1 })],
])(
  'MC-33: an upstream that %s: the call is %s, and the next one has an answer of its own',
  async (_name, kind, bytes) => {
    const upstream = await startRawUpstream((socket, rpc) =>
      socket.write(rpc.params?.name === 'next' ? rawAnswer(rpc) : bytes(rpc)),
    );
    const wire = rawWire(upstream.url);
    expect(await rawCall(wire)).toMatchObject({ kind });
    await sleep(20);
    expect(await rawCall(wire, { name: 'next' })).toMatchObject({ kind: 'answered' });
    expect(upstream.seen.map(({ params }) => params?.name)).toEqual(['greet', 'next']);
  },
);

test('nothing is sent twice, and what is not-sent was never seen, however connections end', async () => {
  const endings: readonly ((socket: Socket, rpc: RawRpc) => void)[] = [
    (socket, rpc) => socket.write(rawAnswer(rpc)),
    (socket, rpc) => socket.end(rawAnswer(rpc)),
    (socket, rpc) => socket.write(rawAnswer(rpc), () => socket.resetAndDestroy()),
    (socket, rpc) => socket.write(rawAnswer(rpc), () => setTimeout(() => socket.end(), 1)),
    (socket, rpc) => socket.write(rawAnswer(rpc, 'keep-alive: timeout=1\r\n'), () => setImmediate(() => socket.end())),
    (socket) => socket.end(),
    (socket) => socket.resetAndDestroy(),
  ];
  let turn = 0;
  const upstream = await startRawUpstream((socket, rpc) => endings[turn++ % endings.length]?.(socket, rpc));
  const wire = rawWire(upstream.url);
  const outcomes = new Map<string, string>();
  const some = async (worker: number): Promise<void> => {
    for (let index = 0; index < 60; index += 1) {
      const name = `${worker}-${index}`;
      const abort = new AbortController();
      if (index % 7 === 0) setTimeout(() => abort.abort(), index % 4);
      outcomes.set(name, (await rawCall(wire, { name, signal: abort.signal })).kind);
      await sleep(index % 3);
    }
  };
  await Promise.all([0, 1, 2, 3, 4, 5].map(some));
  const seen = upstream.seen.map(({ params }) => params?.name ?? '');
  expect(new Set(seen).size).toBe(seen.length);
  const untrue = [...outcomes].filter(([name, kind]) => kind === 'not-sent' && seen.includes(name));
  expect(untrue).toEqual([]);
  expect(outcomes.size).toBe(360);
});

describe('when every connection is taken', () => {
  const taken = 256;
  async function takeAll() {
    const upstream = await startRawUpstream((socket, rpc) => {
      if (rpc.params?.name === 'late') socket.write(rawAnswer(rpc));
    });
    const wire = rawWire(upstream.url);
    const holding = Array.from({ length: taken }, () => new AbortController());
    const held = holding.map(({ signal }) => rawCall(wire, { signal, timeoutMs: 30_000 }));
    await eventually(() => upstream.seen.length === taken);
    return { upstream, wire, holding, held };
  }

  test('a call waits, and is not-sent when its time is over or nobody wants it any more', async () => {
    const { upstream, wire } = await takeAll();
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    const outcomes = [
      rawCall(wire, { timeoutMs: 100 }),
      rawCall(wire, { signal: abort.signal, cancelBy: 'notification' }),
    ];
    expect((await Promise.all(outcomes)).map(({ kind }) => kind)).toEqual(['not-sent', 'not-sent']);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    expect(upstream.seen).toHaveLength(taken);
  });

  test('the first that still waits gets the first that is free, past those that were cancelled', async () => {
    const { upstream, wire, holding } = await takeAll();
    const given = Array.from({ length: 500 }, () => {
      const abort = new AbortController();
      const outcome = rawCall(wire, { signal: abort.signal, name: 'cancelled' });
      abort.abort();
      return outcome;
    });
    const late = rawCall(wire, { name: 'late' });
    holding[0]?.abort();
    expect(await late).toMatchObject({ kind: 'answered' });
    expect(new Set((await Promise.all(given)).map(({ kind }) => kind))).toEqual(new Set(['not-sent']));
    expect(upstream.seen.filter(({ params }) => params?.name === 'cancelled')).toEqual([]);
    expect(upstream.connections()).toBe(taken + 1);
  });

  test('closing ends those that were sent as unknown, and those that wait as not-sent', async () => {
    const { upstream, wire, held } = await takeAll();
    const late = rawCall(wire, { name: 'late' });
    await wire.close();
    expect((await held[0])?.kind).toBe('unknown');
    expect((await late).kind).toBe('not-sent');
    expect(upstream.seen).toHaveLength(taken);
  });
});

test('a credential that no header can carry is not-sent, says so, and leaves the connection to others', async () => {
  const upstream = await startRawUpstream((socket, rpc) => socket.write(rawAnswer(rpc)));
  const wire = rawWire(upstream.url);
  const credential = { scheme: 'Bearer', value: 'a\r\nx-other: b' } as const;
  const refused = await rawCall(wire, { credential });
  expect(refused).toEqual({ kind: 'not-sent', reason: expect.stringContaining('header') });
  expect(await rawCall(wire)).toMatchObject({ kind: 'answered' });
  expect(upstream.seen).toHaveLength(1);
});
