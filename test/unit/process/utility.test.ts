import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { AuthorityPort } from '../../../mcp-bridge/pipeline/ports.ts';
import type { BridgeSetup } from '../../../mcp-bridge/process/contract.ts';

const bridge = vi.hoisted(() => ({
  options: undefined as { authority: AuthorityPort } | undefined,
  isUp: () => {},
  heard: [] as string[],
}));
vi.mock('../../../mcp-bridge/process/bridge.ts', () => ({
  startBridge: (options: { authority: AuthorityPort }) => {
    bridge.options = options;
    return new Promise((resolve) => {
      bridge.isUp = () =>
        resolve({
          url: 'http://127.0.0.1:1/mcp',
          port: 1,
          socketPath: '/socket',
          status: () => ({ servers: [], mcpClients: [], calls: [], audit: { ok: true, records: 0 } }),
          replaceMcpClients: () => void bridge.heard.push('clients'),
          disconnect: () => void bridge.heard.push('disconnect'),
          close: async () => void bridge.heard.push('close'),
        });
    });
  },
}));

type Message = { readonly type: string; readonly id: number; readonly ok?: boolean; readonly response?: unknown };
const answers: Message[] = [];
let toBridge: (message: unknown) => void = () => {};
const host = process as unknown as { parentPort?: unknown };
beforeAll(async () => {
  host.parentPort = {
    postMessage: (message: Message) => void answers.push(message),
    on: (_event: 'message', listener: (event: { data: unknown }) => void) => {
      toBridge = (data) => listener({ data });
    },
  };
  await import('../../../mcp-bridge/process/utility.ts');
});
afterAll(() => {
  delete host.parentPort;
});
beforeEach(() => {
  answers.length = 0;
});

const authority = (epoch: number) => ({ epoch, grants: [], guardrails: [], effectPins: [] });
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const answer = (id: number) => answers.find((message) => message.type === 'answer' && message.id === id);

test('I6: a bridge that is starting decides by the newest authority, and does the rest once it is up', async () => {
  const setup: BridgeSetup = {
    dataFolder: '/data',
    port: 0,
    servers: {},
    mcpClients: [],
    review: 'person',
    authority: authority(1),
    version: '1.0.0',
    launch: { command: '/app', args: [] },
    sealKey: 'a'.repeat(64),
  };
  toBridge({ type: 'call', id: 1, name: 'start', request: setup });
  const stopped = { ...authority(2), stopped: { reason: 'Everything is stopped.' } };
  toBridge({ type: 'call', id: 2, name: 'authority:replace', request: { authority: stopped } });
  toBridge({ type: 'call', id: 3, name: 'mcp-clients:replace', request: { mcpClients: [] } });
  toBridge({ type: 'call', id: 4, name: 'mcp-clients:disconnect', request: {} });
  await settled();
  expect(answer(2)).toMatchObject({ ok: true, response: { epoch: 2 } });
  expect(bridge.options?.authority.snapshot()).toEqual(stopped);
  expect([bridge.heard, answer(1), answer(3)]).toEqual([[], undefined, undefined]);

  bridge.isUp();
  await settled();
  expect(bridge.heard).toEqual(['clients', 'disconnect']);
  expect([1, 3, 4].map((id) => answer(id)?.ok)).toEqual([true, true, true]);
  expect(bridge.options?.authority.snapshot()).toEqual(stopped);

  toBridge({ type: 'call', id: 5, name: 'authority:replace', request: { authority: authority(1) } });
  await settled();
  expect(answer(5)).toMatchObject({ response: { epoch: 2 } });
});
