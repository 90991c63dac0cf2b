/**
 * Main's side of an approval: the queue, the clock that runs out, the checks on every answer, and what an approval
 * leaves behind. The window only draws; the bridge only asks.
 */
import { randomBytes } from 'node:crypto';
import type { ApprovalAnswer, ApprovalRequest } from '../../mcp-bridge/core/approval/approval-request.ts';
import type { ApprovalState, ArmingState } from '../ipc/approval-state.ts';
import { emptyQueue, enqueue, everything, find, remove } from './approval-queue.ts';
import type { ApprovalSurface } from './approval-surface.ts';
import { type GivenAnswer, whyNotApproved } from './check-answer.ts';

export type ApprovalDeps = {
  readonly surface: ApprovalSurface;
  /** Asks in a native message box when the window's renderer does not paint (DESIGN 7.11). */
  readonly askNatively: (request: ApprovalRequest, signal: AbortSignal) => Promise<'approve-once' | 'deny'>;
  /** Keeps what was approved for the release that follows; leaves a grant when the person chose the session. */
  readonly authority: {
    rememberApproval(request: ApprovalRequest): void;
    grantSession(request: ApprovalRequest): Promise<string>;
    grantTicked(request: ApprovalRequest, tickedChoices: readonly string[]): Promise<void>;
  };
  readonly personLabel: () => string | undefined;
  readonly phrase: () => string;
  readonly screenLocked: () => boolean;
  readonly nowMs: () => number;
  readonly onChange: () => void;
};

export type Approvals = {
  ask(request: ApprovalRequest): Promise<ApprovalAnswer>;
  withdraw(approvalId: string): void;
  answer(given: GivenAnswer): Promise<{ accepted: boolean; reason?: string }>;
  painted(approvalId: string, heightPx: number): void;
  current(): ApprovalState | undefined;
  arming(): ArmingState;
  /** Everything that waits, the one on screen first. */
  pending(): readonly ApprovalRequest[];
  /** Lock, sleep, stop, quit: everything that waits is denied (DG-18). */
  denyAll(reason: string): void;
  /** Closing the window is a denial of what it shows. */
  denyShown(reason: string): void;
  bringForward(): void;
};

const paintWithinMs = 2_000;

export function createApprovals(deps: ApprovalDeps): Approvals {
  let queue = emptyQueue;
  let onScreen:
    | { readonly state: ApprovalState; readonly paintTimer: NodeJS.Timeout; readonly natively: AbortController }
    | undefined;
  const ends = new Map<string, { resolve(answer: ApprovalAnswer): void; readonly expiry: NodeJS.Timeout }>();

  function end(approvalId: string, answer: ApprovalAnswer): void {
    const waiting = ends.get(approvalId);
    if (!waiting) return;
    ends.delete(approvalId);
    clearTimeout(waiting.expiry);
    queue = remove(queue, approvalId);
    showCurrent();
    waiting.resolve(answer);
  }

  function refuse(approvalId: string, outcome: 'denied' | 'expired' | 'withdrawn', reason: string): void {
    end(approvalId, { outcome, approvalId, reason });
  }

  /** INVARIANT: what is on screen is exactly `queue.shown`, or nothing. */
  function showCurrent(): void {
    const request = queue.shown;
    if (!onScreen || onScreen.state.approvalId !== request?.approvalId) replaceOnScreen(request);
    deps.onChange();
  }

  function replaceOnScreen(request: ApprovalRequest | undefined): void {
    if (onScreen) {
      clearTimeout(onScreen.paintTimer);
      onScreen.natively.abort();
    }
    onScreen = undefined;
    if (!request) {
      deps.surface.clear();
      return;
    }
    const state = stateOf(request);
    const natively = new AbortController();
    // SECURITY(DG-14, I8): a renderer that does not paint what it was given cannot answer for it.
    const paintTimer = setTimeout(() => void fallBack(request, natively.signal), paintWithinMs);
    onScreen = { state, paintTimer, natively };
    deps.surface.show(state);
  }

  async function fallBack(request: ApprovalRequest, signal: AbortSignal): Promise<void> {
    deps.surface.recover();
    const answer = await deps.askNatively(request, signal).catch(() => 'deny' as const);
    if (signal.aborted) return;
    if (answer === 'approve-once') approve(request);
    else refuse(request.approvalId, 'denied', 'The person denied it.');
  }

  function approve(request: ApprovalRequest, grantId?: string): void {
    // A request for permissions approves no call: there is nothing to release for it.
    if (!request.permissionOffers) deps.authority.rememberApproval(request);
    end(request.approvalId, {
      outcome: 'approved',
      approvalId: request.approvalId,
      ...(grantId === undefined ? {} : { grantId }),
    });
  }

  function stateOf(request: ApprovalRequest): ApprovalState {
    const all = everything(queue);
    const personLabel = deps.personLabel();
    return {
      approvalId: request.approvalId,
      nonce: randomBytes(32).toString('base64url'),
      mcpClientName: request.caller.mcpClientName,
      ...(personLabel === undefined ? {} : { personLabel }),
      sessionStartedAt: request.caller.mcpSessionStartedAt,
      position: 1,
      waiting: all.length,
      serverId: request.serverId,
      toolName: request.toolName,
      canonicalArguments: request.canonicalArguments,
      view: request.view,
      ...(request.sessionGrant === undefined ? {} : { sessionGrantSentence: request.sessionGrant.sentence }),
      deniedBefore: request.deniedBefore,
      phrase: deps.phrase(),
      expiresAt: request.expiresAt,
    };
  }

  return {
    ask(request) {
      return new Promise((resolve) => {
        const leftMs = Math.max(0, Date.parse(request.expiresAt) - deps.nowMs());
        const expiry = setTimeout(() => refuse(request.approvalId, 'expired', 'Nobody answered in time.'), leftMs);
        ends.set(request.approvalId, { resolve, expiry });
        queue = enqueue(queue, request);
        showCurrent();
      });
    },

    withdraw(approvalId) {
      refuse(approvalId, 'withdrawn', 'The AI client withdrew the call.');
    },

    async answer(given) {
      const request = find(queue, given.approvalId);
      if (!request || !onScreen || onScreen.state.approvalId !== given.approvalId) {
        return { accepted: false, reason: 'This request has ended already.' };
      }
      if (given.answer === 'deny') {
        refuse(given.approvalId, 'denied', 'The person denied it.');
        return { accepted: true };
      }
      const reason = whyNotApproved(given, {
        request,
        nonce: onScreen.state.nonce,
        arming: deps.surface.arming(),
        windowFullyOnDisplay: deps.surface.isFullyOnDisplay(),
        screenLocked: deps.screenLocked(),
        nowMs: deps.nowMs(),
      });
      if (reason !== undefined) return { accepted: false, reason };
      if (request.permissionOffers) await deps.authority.grantTicked(request, given.tickedChoices ?? []);
      const grantId = given.answer === 'approve-session' ? await deps.authority.grantSession(request) : undefined;
      // SECURITY(MC-24): while the grant was written the request may have been withdrawn or denied.
      if (!ends.has(given.approvalId)) return { accepted: false, reason: 'This request has ended already.' };
      approve(request, grantId);
      return { accepted: true };
    },

    painted(approvalId, heightPx) {
      if (!onScreen || onScreen.state.approvalId !== approvalId) return;
      clearTimeout(onScreen.paintTimer);
      deps.surface.reveal(heightPx);
    },

    current: () => onScreen?.state,
    arming: () => deps.surface.arming(),
    pending: () => everything(queue),
    denyAll(reason) {
      for (const request of everything(queue)) refuse(request.approvalId, 'denied', reason);
    },
    denyShown(reason) {
      if (queue.shown) refuse(queue.shown.approvalId, 'denied', reason);
    },
    bringForward: () => deps.surface.bringForward(),
  };
}
