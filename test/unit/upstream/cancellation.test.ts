import { expect, test, vi } from 'vitest';
import { Cancellation } from '../../../mcp-bridge/upstream/cancellation.ts';

test('listeners are told once', () => {
  const cancellation = new Cancellation();
  const listener = vi.fn();
  cancellation.onCancel(listener);
  cancellation.cancel();
  cancellation.cancel();
  expect([listener.mock.calls.length, cancellation.isCancelled]).toEqual([1, true]);
});

test('one who comes late is told at once', () => {
  const cancellation = new Cancellation();
  cancellation.cancel();
  const listener = vi.fn();
  cancellation.onCancel(listener);
  expect(listener).toHaveBeenCalledOnce();
});

test('one who left is not told', () => {
  const cancellation = new Cancellation();
  const listener = vi.fn();
  cancellation.onCancel(listener)();
  cancellation.cancel();
  expect(listener).not.toHaveBeenCalled();
});
