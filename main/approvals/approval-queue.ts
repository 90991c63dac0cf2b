/**
 * Who is asked next? One request is shown at a time; AI clients take turns, so that a flood by one cannot hide another
 * (DG-27). Within one AI client, first come first served.
 *
 * INVARIANT: pure; the queue is replaced, never changed.
 */
import type { ApprovalRequest } from '../../mcp-bridge/core/approval/approval-request.ts';

export type ApprovalQueue = {
  readonly shown: ApprovalRequest | undefined;
  readonly waiting: readonly ApprovalRequest[];
  /** The AI client that was asked for last; the others come first. */
  readonly lastServed: readonly string[];
};

export const emptyQueue: ApprovalQueue = { shown: undefined, waiting: [], lastServed: [] };

export function enqueue(queue: ApprovalQueue, request: ApprovalRequest): ApprovalQueue {
  return showNext({ ...queue, waiting: [...queue.waiting, request] });
}

export function remove(queue: ApprovalQueue, approvalId: string): ApprovalQueue {
  const shown = queue.shown?.approvalId === approvalId ? undefined : queue.shown;
  const waiting = queue.waiting.filter((request) => request.approvalId !== approvalId);
  return showNext({ ...queue, shown, waiting });
}

/** Never replaces what is on screen: the next request waits until this one has ended (DG-16). */
function showNext(queue: ApprovalQueue): ApprovalQueue {
  if (queue.shown || queue.waiting.length === 0) return queue;
  const shown = [...queue.waiting].sort((a, b) => turn(queue, a) - turn(queue, b))[0];
  if (!shown) return queue;
  const { mcpClientId } = shown.caller;
  return {
    shown,
    waiting: queue.waiting.filter((request) => request !== shown),
    lastServed: [...queue.lastServed.filter((id) => id !== mcpClientId), mcpClientId],
  };
}

/** Never served: first. Otherwise the one served longest ago. Array.sort is stable, so arrival order decides ties. */
function turn(queue: ApprovalQueue, request: ApprovalRequest): number {
  return queue.lastServed.indexOf(request.caller.mcpClientId);
}

export function find(queue: ApprovalQueue, approvalId: string): ApprovalRequest | undefined {
  return queue.shown?.approvalId === approvalId
    ? queue.shown
    : queue.waiting.find((request) => request.approvalId === approvalId);
}

export function everything(queue: ApprovalQueue): readonly ApprovalRequest[] {
  return queue.shown ? [queue.shown, ...queue.waiting] : queue.waiting;
}
