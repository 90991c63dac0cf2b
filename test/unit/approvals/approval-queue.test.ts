import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ApprovalQueue,
  emptyQueue,
  enqueue,
  everything,
  find,
  remove,
} from '../../../main/approvals/approval-queue.ts';
import { approvalRequest } from '../../support/approvals.ts';

const from = (mcpClientId: string, approvalId: string) =>
  approvalRequest({ approvalId, caller: { ...approvalRequest().caller, mcpClientId } });
const served = (start: ApprovalQueue): string[] => {
  const order: string[] = [];
  for (let queue = start; queue.shown; queue = remove(queue, queue.shown.approvalId))
    order.push(queue.shown.approvalId);
  return order;
};
const queued = (...ids: readonly (readonly [string, string])[]) =>
  ids.reduce((queue, [client, id]) => enqueue(queue, from(client, id)), emptyQueue);

test('one AI client is served in the order of its calls', () => {
  expect(served(queued(['a', '1'], ['a', '2'], ['a', '3']))).toEqual(['1', '2', '3']);
});

test('DG-27: a flood by one AI client does not hide another', () => {
  const flood = Array.from({ length: 200 }, (_, i) => ['a', `a${i}`] as const);
  expect(served(queued(...flood, ['b', 'b0'])).indexOf('b0')).toBe(1);
});

test('what is on screen stays until it ends (DG-16)', () => {
  const queue = queued(['a', '1'], ['b', '2']);
  expect(queue.shown?.approvalId).toBe('1');
  expect(remove(queue, '2').shown?.approvalId).toBe('1');
});

test('nothing is lost and nothing is shown twice', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c')), (clients) => {
      const ids = clients.map((client, i) => [client, String(i)] as const);
      const queue = queued(...ids);
      expect(everything(queue)).toHaveLength(ids.length);
      expect(served(queue).sort()).toEqual(ids.map(([, id]) => id).sort());
    }),
  );
});

test('a request is found on screen and in the queue, and not after it ended', () => {
  const queue = queued(['a', '1'], ['a', '2']);
  expect([find(queue, '1'), find(queue, '2')].map((request) => request?.approvalId)).toEqual(['1', '2']);
  expect(find(remove(queue, '2'), '2')).toBeUndefined();
});
