import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withLock } from '../../../main/launch/lock.mjs';

test('two holders of one lock never overlap, and a failed one lets go', async () => {
  const key = randomUUID();
  const events: string[] = [];
  const work = (name: string, outcome: () => void) =>
    withLock(key, async () => {
      events.push(`${name} in`);
      await sleep(50);
      events.push(`${name} out`);
      outcome();
    });
  const first = work('first', () => {
    throw new Error('broken');
  });
  await sleep(10); // the first one has the lock by now
  const second = work('second', () => {});
  await expect(first).rejects.toThrow('broken');
  await second;
  expect(events).toEqual(['first in', 'first out', 'second in', 'second out']);
});

test('different locks do not wait for each other', async () => {
  let inner = false;
  await withLock(randomUUID(), () =>
    withLock(randomUUID(), async () => {
      inner = true;
    }),
  );
  expect(inner).toBe(true);
});
