import { expect, test } from 'vitest';
import { createAuditOutbox } from '../../../main/app/audit-outbox.ts';

const stop = (reason: string) => ({ kind: 'stop-everything', reason }) as const;

test('AU-17: what could not be recorded waits in order, and nothing is recorded twice', async () => {
  const written: string[] = [];
  let works = false;
  const outbox = createAuditOutbox(async (event) => {
    if (!works) throw new Error('the bridge is not running');
    if (event.kind === 'stop-everything') written.push(event.reason);
  });
  await outbox.soon(stop('1'));
  await outbox.soon(stop('2'));
  expect(written).toEqual([]);
  works = true;
  await Promise.all([outbox.flush(), outbox.flush()]);
  await outbox.soon(stop('3'));
  expect(written).toEqual(['1', '2', '3']);
});
