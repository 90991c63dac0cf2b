/**
 * Approvals that were given and not yet used: what a release is checked against. Each is bound to one digest and one
 * effect, is used once, and dies ten minutes after it was given (DESIGN §6, MC-18, MC-28).
 */
import type { Effect } from '../../mcp-bridge/core/model/effect.ts';

export type HeldApprovals = {
  hold(approvalId: string, callDigest: string, effect: Effect): void;
  /** True once, for exactly the digest and effect that were approved. */
  use(approvalId: string, callDigest: string, effect: Effect): boolean;
  clear(): void;
};

export const approvalUsableMs = 10 * 60_000;

export function createHeldApprovals(monotonicMs: () => number): HeldApprovals {
  const held = new Map<string, { readonly callDigest: string; readonly effect: Effect; readonly untilMs: number }>();
  return {
    hold(approvalId, callDigest, effect) {
      for (const [id, { untilMs }] of held) if (monotonicMs() >= untilMs) held.delete(id);
      held.set(approvalId, { callDigest, effect, untilMs: monotonicMs() + approvalUsableMs });
    },
    use(approvalId, callDigest, effect) {
      const approval = held.get(approvalId);
      held.delete(approvalId);
      return (
        approval !== undefined &&
        monotonicMs() < approval.untilMs &&
        approval.callDigest === callDigest &&
        approval.effect === effect
      );
    },
    clear: () => held.clear(),
  };
}
