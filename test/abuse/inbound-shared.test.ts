/** What AI clients, sessions and windows share, and must not take from each other. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { metaKey } from '../../mcp-bridge/inbound/era.ts';
import { realClock } from '../support/fake-bridge-handler.ts';
import { type InboundFixture, post, startInbound } from '../support/inbound-fixture.ts';

const request = (method: string, params: object = {}) => ({ jsonrpc: '2.0', id: 1, method, params });

async function openSession(fixture: InboundFixture, key = fixture.keyA): Promise<Readonly<Record<string, string>>> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } };
  const authorization = `Bearer ${key}`;
  const { headers } = await post(fixture, request('initialize', params), { authorization });
  return { authorization, 'mcp-session-id': headers.get('mcp-session-id') ?? '' };
}

test.each([
  ['another AI client', (fixture: InboundFixture) => openSession(fixture, fixture.keyB)],
  ['another session', (fixture: InboundFixture) => openSession(fixture)],
  ['nobody in particular', () => Promise.resolve({})],
])('MC-23 %s that never subscribed to a resource cannot silence who did', async (_name, headersOf) => {
  const fixture = await startInbound();
  const session = await openSession(fixture);
  const uri = { uri: 'a://1' };
  await post(fixture, request('resources/subscribe', uri), session);
  const stranger = await headersOf(fixture);
  expect((await post(fixture, request('resources/unsubscribe', uri), stranger)).json).toMatchObject({ result: {} });
  expect(fixture.received.map(({ method }) => method)).toEqual(['resources/subscribe']);
  await post(fixture, request('resources/unsubscribe', uri), session);
  expect(fixture.received.map(({ method }) => method)).toEqual(['resources/subscribe', 'resources/unsubscribe']);
});

const twelveHoursMs = 12 * 60 * 60_000;

test.each([
  ['is deleted', (fixture, session) => remove(fixture, session)],
  [
    'is pushed out by newer ones',
    async (fixture) => void (await Promise.all([openSession(fixture), openSession(fixture)])),
  ],
  [
    'was not used for twelve hours',
    async (fixture) => {
      vi.spyOn(realClock, 'nowMs').mockReturnValue(Date.now() + twelveHoursMs);
      onTestFinished(() => void vi.restoreAllMocks());
      await openSession(fixture, fixture.keyB);
    },
  ],
  ['loses its key', async (fixture) => void fixture.keys.rotate('client-a')],
  ['belongs to an AI client that is removed', async (fixture) => fixture.keys.remove('client-a')],
] as readonly [string, (fixture: InboundFixture, session: Readonly<Record<string, string>>) => Promise<void>][])(
  'MC-23 a session that %s ends what it had subscribed to, where nobody else is left',
  async (_name, ends) => {
    const fixture = await startInbound({ sessionsPerClient: 2 });
    const [session, other] = [await openSession(fixture), await openSession(fixture, fixture.keyB)];
    for (const uri of ['a://own', 'a://both', 'a://own-too'])
      await post(fixture, request('resources/subscribe', { uri }), session);
    await post(fixture, request('resources/subscribe', { uri: 'a://both' }), other);
    await ends(fixture, session);
    const ended = () =>
      fixture.received.filter(({ method }) => method === 'resources/unsubscribe').map(({ params }) => params['uri']);
    const idle = _name.startsWith('was not used');
    await vi.waitFor(() =>
      expect(ended().sort()).toEqual(idle ? ['a://both', 'a://own', 'a://own-too'] : ['a://own', 'a://own-too']),
    );
  },
);

async function remove({ inbound }: InboundFixture, headers: Readonly<Record<string, string>>): Promise<void> {
  await (await fetch(inbound.url, { method: 'DELETE', headers })).text();
}

test('MC-23 a subscription that the bridge answers when its session is over is ended at once', async () => {
  const fixture = await startInbound({ sessionsPerClient: 1 });
  const session = await openSession(fixture);
  const { handle } = fixture.handler;
  const slow = vi.spyOn(fixture.handler, 'handle').mockImplementationOnce(async (inbound) => {
    await openSession(fixture);
    return handle(inbound);
  });
  await post(fixture, request('resources/subscribe', { uri: 'a://late' }), session);
  await vi.waitFor(() =>
    expect(fixture.received.map(({ method }) => method)).toEqual(['resources/subscribe', 'resources/unsubscribe']),
  );
  expect(slow).toHaveBeenCalled();
});

test('LO-11 a session subscribes to a thousand resources, and to no more', async () => {
  const fixture = await startInbound();
  const session = await openSession(fixture);
  const subscribe = async (index: number) =>
    (await post(fixture, request('resources/subscribe', { uri: `a://${index}` }), session)).json;
  for (let index = 0; index < 1_000; index++) expect(await subscribe(index)).toMatchObject({ result: {} });
  expect(await subscribe(1_000)).toMatchObject({ error: { code: -32000 } });
  expect(await subscribe(0)).toMatchObject({ result: {} });
  await post(fixture, request('resources/unsubscribe', { uri: 'a://0' }), session);
  expect(await subscribe(1_000)).toMatchObject({ result: {} });
});

test('MC-24 a cancel does not reach a 2026-07-28 call of another window that has the same id', async () => {
  const fixture = await startInbound();
  const _meta = { [metaKey.protocolVersion]: '2026-07-28', [metaKey.clientCapabilities]: {} };
  const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'wait' };
  const call = post(fixture, request('tools/call', { name: 'wait', _meta }), headers);
  await vi.waitFor(() => expect(fixture.waiting.size).toBe(1));
  const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
  expect((await post(fixture, cancel)).status).toBe(202);
  expect(fixture.received[0]?.signal.aborted).toBe(false);
  fixture.inbound.disconnect();
  await call;
});
