import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { publishAuthority } from '../../../main/app/publish-authority.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const snapshot = { epoch: 7, grants: [], guardrails: [], effectPins: [] };

type Answer = () => Promise<{ epoch: number }>;
async function publish(answer: Answer, running = true, state: 'starting' | 'ready' = 'ready') {
  const told: number[] = [];
  let isEnded = false;
  const published = publishAuthority(() => ({
    call: (async (_name: string, request: { authority: typeof snapshot }) => {
      told.push(request.authority.epoch);
      return answer();
    }) as never,
    state: () => (state === 'ready' ? { state, url: '', socketPath: '' } : { state }),
    isRunning: () => running,
    end: async () => {
      isEnded = true;
    },
  }))(snapshot);
  await vi.advanceTimersByTimeAsync(60_000);
  await published;
  return { told, isEnded };
}

test.each<[string, Answer, boolean, 'starting' | 'ready', boolean, boolean]>([
  ['confirms is told once', async () => ({ epoch: 7 }), true, 'ready', true, false],
  ['is only starting is told as well', async () => ({ epoch: 7 }), true, 'starting', true, false],
  ['is not there is not told', async () => ({ epoch: 7 }), false, 'ready', false, false],
  ['goes on with an older authority is ended', async () => ({ epoch: 6 }), true, 'ready', true, true],
  ['fails is ended', () => Promise.reject(new Error('broken')), true, 'ready', true, true],
  ['does not answer is ended', () => new Promise(() => {}), true, 'ready', true, true],
])('I6: a bridge that %s', async (_name, answer, running, state, isTold, isEnded) => {
  expect(await publish(answer, running, state)).toEqual({ told: isTold ? [7] : [], isEnded });
});
