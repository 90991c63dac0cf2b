/**
 * Approvals that were given and not yet used: what a release is checked against. Each is bound to one digest and one
 * effect, is used once, and dies ten minutes after it was given (DESIGN §6, MC-18, MC-28), by whichever clock gets there
 * first: the monotonic one may stand still while the machine sleeps (AU-13), the other may be set back (AU-11).
 */
import type { Effect } from '../../mcp-bridge/core/model/effect.ts';

export type HeldApprovals = {
  hold(approvalId: string, callDigest: string, effect: Effect): void;
  /** True once, for exactly the digest and effect that were approved. */
  use(approvalId: string, callDigest: string, effect: Effect): boolean;
  drop(approvalId: string): void;
  clear(): void;
};

type HeldClock = { readonly monotonicMs: () => number; readonly nowMs: () => number };
type Held = {
  readonly callDigest: string;
  readonly effect: Effect;
  readonly untilMonotonicMs: number;
  readonly untilMs: number;
};

export const approvalUsableMs = 10 * 60_000;

export function createHeldApprovals(clock: HeldClock): HeldApprovals {
  const held = new Map<string, Held>();
  const isOver = (approval: Held): boolean =>
    clock.monotonicMs() >= approval.untilMonotonicMs || clock.nowMs() >= approval.untilMs;
  return {
    hold(approvalId, callDigest, effect) {
      for (const [id, approval] of held) if (isOver(approval)) held.delete(id);
      held.set(approvalId, {
        callDigest,
        effect,
        untilMonotonicMs: clock.monotonicMs() + approvalUsableMs,
        untilMs: clock.nowMs() + approvalUsableMs,
      });
    },
    use(approvalId, callDigest, effect) {
      const approval = held.get(approvalId);
      held.delete(approvalId);
      return (
        approval !== undefined && !isOver(approval) && approval.callDigest === callDigest && approval.effect === effect
      );
    },
    drop: (approvalId) => void held.delete(approvalId),
    clear: () => held.clear(),
  };
}
