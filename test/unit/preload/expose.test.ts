import { beforeEach, expect, test, vi } from 'vitest';
import { channels, pushes } from '../../../main/ipc/contract.ts';

type Listener = (event: unknown, payload: unknown) => void;
type Exposed = {
  readonly call: { readonly [name: string]: (message: unknown) => Promise<unknown> };
  readonly on: { readonly [name: string]: (listener: (payload: unknown) => void) => () => void };
};

const electron = vi.hoisted(() => ({
  exposed: new Map<string, unknown>(),
  invoke: vi.fn(),
  listeners: new Map<string, Set<unknown>>(),
}));
vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (name: string, api: unknown) => electron.exposed.set(name, api) },
  ipcRenderer: {
    invoke: electron.invoke,
    on: (name: string, listener: Listener) =>
      electron.listeners.set(name, (electron.listeners.get(name) ?? new Set()).add(listener)),
    removeListener: (name: string, listener: Listener) => electron.listeners.get(name)?.delete(listener),
  },
}));

async function load(surface: 'dashboard' | 'approval'): Promise<Exposed> {
  vi.resetModules();
  await import(`../../../main/preload/${surface}.ts`);
  return electron.exposed.get('countersign') as Exposed;
}

beforeEach(() => {
  electron.exposed.clear();
  electron.listeners.clear();
  electron.invoke.mockReset();
});

test.each(['dashboard', 'approval'] as const)(
  '%s: exactly its own channels and pushes, nothing else (EL-06)',
  async (surface) => {
    const api = await load(surface);
    const own = (declared: object) =>
      Object.entries(declared)
        .filter(([, each]) => each.surface === surface)
        .map(([name]) => name);
    expect([...electron.exposed.keys()]).toEqual(['countersign']);
    expect(Object.keys(api)).toEqual(['call', 'on']);
    expect(Object.keys(api.call)).toEqual(own(channels));
    expect(Object.keys(api.on)).toEqual(own(pushes));
    expect([api, api.call, api.on].every(Object.isFrozen)).toBe(true);
  },
);

test('the approval window has no way to the grants, the dashboard none to an answer (T-04)', async () => {
  const approval = await load('approval');
  const dashboard = await load('dashboard');
  expect(Object.keys(approval.call)).toEqual(['approval:current', 'approval:painted', 'approval:answer']);
  expect(Object.keys(dashboard.call).filter((name) => name.startsWith('approval:'))).toEqual([]);
});

test('a call reaches its own channel only, whatever it is given', async () => {
  const api = await load('approval');
  electron.invoke.mockResolvedValue({ ok: true, value: { accepted: true } });
  await api.call['approval:answer']?.({ channel: 'grants:revoke' });
  expect(electron.invoke.mock.calls).toEqual([['approval:answer', { channel: 'grants:revoke' }]]);
});

test('what main throws does not reach the page', async () => {
  const api = await load('approval');
  electron.invoke.mockRejectedValue(new Error('secret detail'));
  expect(await api.call['approval:current']?.({})).toEqual({
    ok: false,
    code: 'ipc.failed',
    message: 'Countersign did not answer. Try again.',
  });
});

test('a listener gets the payload without the event, until it stops listening', async () => {
  const api = await load('approval');
  const seen: unknown[][] = [];
  const stop = api.on['approval:arming']?.((...given: unknown[]) => seen.push(given));
  const send = (payload: unknown) => {
    for (const listener of electron.listeners.get('approval:arming') ?? [])
      (listener as Listener)({ sender: 1 }, payload);
  };
  send('first');
  stop?.();
  send('second');
  expect(seen).toEqual([['first']]);
});
