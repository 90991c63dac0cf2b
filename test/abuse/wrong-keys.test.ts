/** Who tries keys leaves a trace that the person sees, and cannot fill the disk with it. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { noticesFor } from '../../main/app/notices.ts';
import type { AuditEvent } from '../../mcp-bridge/core/audit/record.ts';
import { shimProtocol } from '../../mcp-bridge/inbound/socket-proof.ts';
import { createInboundWatch } from '../../mcp-bridge/process/inbound-watch.ts';
import { type ServedBridge, serveBridge } from '../support/served-bridge.ts';

const watched = (events: readonly AuditEvent[]) => events.filter(({ kind }) => kind.startsWith('inbound.'));

function statusWith(url: string, key: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    request(url, { method: 'POST', agent: false, headers: { authorization: `Bearer ${key}` } }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode);
    }).end();
  });
}

async function overTheSocket({ bridge }: ServedBridge, mcpClientId: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connect(bridge.socketPath);
    socket.write(`${JSON.stringify({ hello: shimProtocol, mcpClientId, serverId: '', nonce: 'A'.repeat(43) })}\n`);
    socket.once('data', () => socket.write(`${JSON.stringify({ proof: 'A'.repeat(43) })}\n`));
    socket.resume();
    socket.once('close', () => resolve());
  });
}

test.each([
  ['over HTTP', async (served: ServedBridge) => void (await statusWith(served.url, 'cs_wrong'))],
  ['as a proof on the socket', (served: ServedBridge) => overTheSocket(served, 'one')],
  ['as an AI client that does not exist', (served: ServedBridge) => overTheSocket(served, 'nobody')],
])('LO-06 a wrong key %s is in the audit log, and the dashboard is told', async (_name, guess) => {
  const served = await serveBridge({});
  expect(served.bridge.status(false).wrongKeys).toBeUndefined();
  await guess(served);
  expect(watched(served.events())).toEqual([{ kind: 'inbound.wrong-keys', tries: 1 }]);
  expect(served.bridge.status(false).wrongKeys).toEqual({ tries: 1, lastAt: expect.stringMatching(/Z$/) });
});

test('LO-06 a request without a key, or with a right one, is no guess', async () => {
  const served = await serveBridge({});
  expect(await statusWith(served.url, served.keys[0])).not.toBe(401);
  await new Promise<void>(
    (resolve) => void request(served.url, { agent: false }, (incoming) => resolve(void incoming.resume())).end(),
  );
  expect(watched(served.events())).toEqual([]);
});

test('LO-06 the tries that were not recorded yet are recorded when the bridge ends', async () => {
  const served = await serveBridge({});
  const kept: AuditEvent[] = [];
  const { ledger } = served.bridge;
  const append = ledger.append.bind(ledger);
  ledger.append = (...events) => {
    kept.push(...events);
    append(...events);
  };
  for (let tries = 0; tries < 4; tries++) await statusWith(served.url, 'cs_wrong');
  await served.bridge.close();
  expect(watched(kept)).toEqual([
    { kind: 'inbound.wrong-keys', tries: 1 },
    { kind: 'inbound.wrong-keys', tries: 3 },
  ]);
});

function watchFixture(append: (event: AuditEvent) => void = () => {}) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const records: AuditEvent[] = [];
  const told = vi.fn();
  const watch = createInboundWatch({
    append(event) {
      append(event);
      records.push(event);
    },
    clock: { nowMs: () => 0 },
    onChange: told,
  });
  return { watch, records, told };
}

test('LO-06 ten thousand guesses in a minute are two records: the first, and how many followed', () => {
  const { watch, records, told } = watchFixture();
  for (let tries = 0; tries < 10_000; tries++) watch.log({ kind: 'wrong-key', tries });
  expect(records).toEqual([{ kind: 'inbound.wrong-keys', tries: 1 }]);
  vi.advanceTimersByTime(60_000);
  vi.advanceTimersByTime(600_000);
  expect(records).toEqual([
    { kind: 'inbound.wrong-keys', tries: 1 },
    { kind: 'inbound.wrong-keys', tries: 9_999 },
  ]);
  expect(watch.wrongKeys()).toEqual({ tries: 10_000, lastAt: '1970-01-01T00:00:00.000Z' });
  expect(told).toHaveBeenCalledTimes(2);
});

test('LO-06 guesses for an hour are a record a minute, and none is left uncounted', () => {
  const { watch, records } = watchFixture();
  for (let second = 0; second < 3_600; second++) {
    watch.log({ kind: 'wrong-key', tries: 1 });
    vi.advanceTimersByTime(1_000);
  }
  expect(records.length).toBeLessThanOrEqual(61);
  watch.close();
  expect(records.reduce((sum, event) => sum + (event.kind === 'inbound.wrong-keys' ? event.tries : 0), 0)).toBe(3_600);
});

test('LO-06 guesses while the log cannot be written are counted until it can', () => {
  let full = true;
  const { watch, records } = watchFixture(() => {
    if (full) throw new Error('no space left');
  });
  for (let tries = 0; tries < 5; tries++) watch.log({ kind: 'wrong-key', tries });
  expect([records, watch.wrongKeys()?.tries]).toEqual([[], 5]);
  full = false;
  vi.advanceTimersByTime(60_000);
  expect(records).toEqual([{ kind: 'inbound.wrong-keys', tries: 5 }]);
});

test('LO-06 failures of the bridge are recorded beside it, likewise at most once a minute', () => {
  const { watch, records } = watchFixture();
  for (let times = 0; times < 3; times++) watch.log({ kind: 'failed', message: 'a request could not be served' });
  watch.log({ kind: 'refused', status: 404, message: 'there is no such endpoint' });
  watch.close();
  expect(records).toEqual([
    { kind: 'inbound.failed', times: 1, what: 'a request could not be served' },
    { kind: 'inbound.failed', times: 2, what: 'a request could not be served' },
  ]);
});

test('LO-06 the person is told in a quiet sentence, with how often and when last', () => {
  const wrongKeys = { tries: 7, lastAt: '2026-11-21T08:53:12.000Z' };
  const notices = noticesFor({ mode: 'encrypted', reason: '' }, [], false, wrongKeys);
  expect(notices).toEqual([
    {
      id: 'wrong-keys',
      severity: 'warning',
      text: expect.stringContaining('7 times, last on 2026-11-21 at 08:53 UTC'),
    },
  ]);
});
