/** Limits of the HTTP endpoint that hold against strangers without a key, and against an AI client that takes nothing. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type InboundFixture, startInbound } from '../support/inbound-fixture.ts';
import { rawRequest, sendRaw } from '../support/raw-http.ts';

const call = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: {} } });

const head = ({ inbound, keyA }: InboundFixture, ...more: string[]): string[] => [
  `Host: 127.0.0.1:${inbound.port}`,
  `Authorization: Bearer ${keyA}`,
  'Content-Type: application/json',
  'Accept: application/json, text/event-stream',
  ...more,
];

test.each([
  ['removed', ({ keys }: InboundFixture) => keys.remove('client-a')],
  ['rotated', ({ keys }: InboundFixture) => void keys.rotate('client-a')],
])('I6 a key that is %s while the body arrives lets nothing in', async (_name, revoke) => {
  const fixture = await startInbound();
  const began = rawRequest({ headers: head(fixture, `Content-Length: ${call.length}`), body: call.slice(0, 10) });
  setTimeout(() => revoke(fixture), 100);
  const { statuses } = await sendRaw(fixture.inbound.port, [began, call.slice(10)], { pauseMs: 300, waitMs: 2_000 });
  expect(statuses).toEqual([401]);
  expect(fixture.received).toEqual([]);
});

test('LO-06 strangers who hold 1,100 connections open do not lock out the one with a key', async () => {
  const fixture = await startInbound();
  const idle = Array.from({ length: 1_100 }, () => connect(fixture.inbound.port, '127.0.0.1'));
  for (const socket of idle) socket.on('error', () => {}).resume();
  await Promise.all(idle.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])));
  const headers = head(fixture, `Content-Length: ${call.length}`, 'Connection: close');
  const { statuses } = await sendRaw(fixture.inbound.port, [rawRequest({ headers, body: call })]);
  for (const socket of idle) socket.destroy();
  expect(statuses).toEqual([200]);
});

test.each([
  ['a body packed by Transfer-Encoding', 'HTTP/1.1', 400, 'Transfer-Encoding: gzip, chunked'],
  ['HTTP/2.0 by its name alone', 'HTTP/2.0', 505, 'Transfer-Encoding: chunked'],
] as const)('LO-11 %s is refused', async (_name, version, status, encoding) => {
  const fixture = await startInbound();
  const body = `${call.length.toString(16)}\r\n${call}\r\n0\r\n\r\n`;
  const sent = rawRequest({ headers: head(fixture, encoding), body }).replace('HTTP/1.1', version);
  expect((await sendRaw(fixture.inbound.port, [sent])).statuses).toEqual([status]);
  expect(fixture.received).toEqual([]);
});

test('LO-11 an answer that is never read is given up, one that is read slowly is not', async () => {
  const fixture = await startInbound({ stalledMs: 1_000, bodyBytes: 32_000_000 });
  // larger than what the system holds for a connection
  const whole = 20_000_000;
  const params = { name: 'echo', arguments: { big: 'y'.repeat(whole) } };
  const asks = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  const sent = rawRequest({ headers: head(fixture, `Content-Length: ${asks.length}`), body: asks });
  const open = (): Socket => {
    const socket = connect(fixture.inbound.port, '127.0.0.1');
    socket.on('error', () => {}).pause();
    socket.write(sent);
    return socket;
  };
  const [stalled, slow] = [open(), open()];
  let taken = 0;
  const reading = setInterval(() => {
    taken += slow.read()?.length ?? 0;
  }, 3);
  onTestFinished(() => clearInterval(reading));
  await vi.waitFor(() => expect(taken).toBeGreaterThan(whole), 15_000);
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  let late = 0;
  stalled.on('data', (chunk: Buffer) => {
    late += chunk.length;
    if (late > whole) stalled.destroy();
  });
  stalled.resume();
  await once(stalled, 'close');
  slow.destroy();
  expect(late).toBeLessThan(whole);
});

test('LO-11 many streams that are not read are held to one sum, and the one that is read goes on', async () => {
  const megabyte = 1024 * 1024;
  const fixture = await startInbound({ unreadBytesPerClient: 8 * megabyte });
  const open = async (key: string): Promise<{ socket: Socket; isOpen: () => boolean }> => {
    const socket = connect(fixture.inbound.port, '127.0.0.1');
    socket.on('error', () => {});
    let isOpen = true;
    socket.once('close', () => {
      isOpen = false;
    });
    const headers = [
      `Host: 127.0.0.1:${fixture.inbound.port}`,
      `Authorization: Bearer ${key}`,
      'Accept: text/event-stream',
    ];
    socket.write(rawRequest({ method: 'GET', path: '/mcp', headers }));
    await once(socket, 'data');
    return { socket, isOpen: () => isOpen };
  };
  const stalled = await Promise.all(Array.from({ length: 8 }, () => open(fixture.keyA)));
  const [reads, ofOther] = [await open(fixture.keyA), await open(fixture.keyB)];
  for (const { socket } of stalled) socket.pause();
  let taken = 0;
  reads.socket.on('data', (chunk: Buffer) => {
    taken += chunk.length;
  });
  ofOther.socket.resume();
  const params = { a: 'x'.repeat(128 * 1024) };
  // 15 MB to each: less than one stream may leave unread
  for (let index = 0; index < 115; index++) {
    fixture.announce({ endpointServerId: 'echo', method: 'notifications/tools/list_changed', params });
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await vi.waitFor(() => expect(taken).toBeGreaterThan(14 * megabyte), 10_000);
  // a socket of which nothing is read does not notice its end: the rest has to be taken first
  for (const { socket } of stalled) socket.resume();
  await vi.waitFor(() => expect(stalled.filter(({ isOpen }) => isOpen()).length).toBeLessThanOrEqual(2), 10_000);
  expect([reads.isOpen(), ofOther.isOpen()]).toEqual([true, true]);
  for (const { socket } of [...stalled, reads, ofOther]) socket.destroy();
});
