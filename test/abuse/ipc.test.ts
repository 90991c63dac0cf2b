/** What a page that was taken over can send to main (EL-05), against the real handler of channels. */
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Surface } from '../../main/ipc/channel.ts';
import { type ChannelName, channels } from '../../main/ipc/contract.ts';
import { type ChannelHandlers, handleChannels, surfaceAddress } from '../../main/ipc/handle.ts';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import { RemoteError } from '../../mcp-bridge/process/message-calls.ts';

type Listener = (event: unknown, given: unknown) => Promise<{ ok: boolean; code?: string; message?: string }>;
const ipc = vi.hoisted(() => ({ listeners: new Map<string, unknown>() }));
vi.mock('electron', () => ({
  ipcMain: { handle: (name: string, listener: unknown) => ipc.listeners.set(name, listener) },
}));

const names = Object.keys(channels) as ChannelName[];
const called: ChannelName[] = [];
let behave: () => unknown = () => ({});
const contents = (surface: Surface) => ({ id: surface === 'dashboard' ? 1 : 2, mainFrame: frameOf(surface) });
function frameOf(surface: Surface, change: object = {}) {
  return { routingId: 1, processId: surface === 'dashboard' ? 10 : 20, url: surfaceAddress(surface), ...change };
}
const eventOf = (surface: Surface, change: object = {}) => ({
  sender: contents(surface),
  senderFrame: frameOf(surface, change),
});
const send = (name: string, event: unknown, given: unknown) => (ipc.listeners.get(name) as Listener)(event, given);

beforeAll(() => {
  const handlers = Object.fromEntries(
    names.map((name) => [
      name,
      () => {
        called.push(name);
        return behave();
      },
    ]),
  ) as unknown as ChannelHandlers;
  handleChannels(handlers, (surface) => contents(surface) as never);
});
beforeEach(() => {
  called.length = 0;
  behave = () => ({});
});

describe.each(names)('%s', (name) => {
  const { surface, request } = channels[name];
  const other: Surface = surface === 'dashboard' ? 'approval' : 'dashboard';

  test.each<[string, unknown]>([
    ['the other window', eventOf(other)],
    ['the other window that says it is this one', { ...eventOf(other), senderFrame: frameOf(surface) }],
    ['a frame inside the window', eventOf(surface, { routingId: 7 })],
    ['a frame of another process', eventOf(surface, { processId: 99 })],
    ['another page in the window', eventOf(surface, { url: 'https://evil.example/' })],
    ['a page that only begins like ours', eventOf(surface, { url: `${surfaceAddress(surface)}.evil` })],
    ['a blank page', eventOf(surface, { url: 'about:blank' })],
    ['a frame that is gone', { ...eventOf(surface), senderFrame: null }],
  ])('is refused from %s', async (_name, event) => {
    expect(await send(name, event, {})).toMatchObject({ ok: false, code: 'ipc.foreign-sender' });
    expect(called).toEqual([]);
  });

  test('odd values reach no handler, and nothing is thrown', async () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const odd = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
      fc.constantFrom<unknown>(
        circular,
        JSON.parse('{"__proto__":{"approvalId":"x"}}'),
        'x'.repeat(300_000),
        Number.NaN,
      ),
    );
    await fc.assert(
      fc.asyncProperty(odd, async (given) => {
        called.length = 0;
        const reply = await send(name, eventOf(surface), given);
        if (!request.safeParse(given).success) expect([reply.ok, called]).toEqual([false, []]);
      }),
      { numRuns: 60 },
    );
    expect(({} as Record<string, unknown>)['approvalId']).toBeUndefined();
  });
});

test.each<[string, unknown, RegExp]>([
  ['an unforeseen failure', new Error('ENOENT: /home/ada/secret-canary'), /did not work/],
  ['the bridge’s unforeseen failure', new RemoteError('EIO', 'secret-canary'), /did not work in the bridge/],
  ['a bridge that is gone', new RemoteError('gone', 'secret-canary'), /not running/],
  ['a ledger that is full', new RemoteError('ledger.unavailable', 'secret-canary'), /audit log/],
  ['a deliberate failure', new AppError('vault.unavailable', 'secret-canary'), /keychain/],
])('AU-15: of %s a page learns a sentence, not what was thrown', async (_name, thrown, sentence) => {
  behave = () => {
    throw thrown;
  };
  const reply = await send('dashboard:state', eventOf('dashboard'), {});
  expect(reply).toMatchObject({ ok: false, message: expect.stringMatching(sentence) });
  expect(JSON.stringify(reply)).not.toContain('canary');
});
