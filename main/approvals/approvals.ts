/**
 * Main's side of an approval: the queue, the clock that runs out, the checks on every answer, and what an approval
 * leaves behind. The window only draws; the bridge only asks.
 */
import { randomBytes } from 'node:crypto';
import type { ApprovalAnswer, ApprovalRequest } from '../../mcp-bridge/core/approval/approval-request.ts';
import type { ApprovalState, ArmingState } from '../ipc/approval-state.ts';
import { admitRequest, type KnownParties } from './admit-request.ts';
import { emptyQueue, enqueue, everything, remove } from './approval-queue.ts';
import type { ApprovalSurface } from './approval-surface.ts';
import { type GivenAnswer, whyNotApproved } from './check-answer.ts';

export type ApprovalDeps = {
  readonly surface: ApprovalSurface;
  /** Asks in a native message box when the window's renderer does not paint (DESIGN 7.11). */
  readonly askNatively: (request: ApprovalRequest, signal: AbortSignal) => Promise<'approve-once' | 'deny'>;
  /**
   * Keeps what was approved for the release that follows; leaves grants when the person chose so, and none when
   * `stillAsked` has become false meanwhile.
   */
  readonly authority: {
    rememberApproval(request: ApprovalRequest): void;
    forgetApproval(approvalId: string): void;
    grantSession(request: ApprovalRequest, stillAsked: () => boolean): Promise<string>;
    grantTicked(request: ApprovalRequest, tickedChoices: readonly string[], stillAsked: () => boolean): Promise<void>;
  };
  /** Who may ask, and about what: main's own knowledge, against which each request is held. */
  readonly known: () => KnownParties;
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
  /** Lock, sleep, stop, quit: everything that waits is denied (DG-18), or all of `which`. */
  denyAll(reason: string, which?: (request: ApprovalRequest) => boolean): void;
  /** Closing the window is a denial of what it shows. */
  denyShown(reason: string): void;
  /** The window's renderer is gone: what it showed is asked natively. */
  surfaceLost(): void;
  bringForward(): void;
};

const paintWithinMs = 2_000;
const mostWaiting = 200;
const ended = { accepted: false, reason: 'This request has ended already.' } as const;

type OnScreen = {
  readonly request: ApprovalRequest;
  readonly state: ApprovalState;
  readonly paintTimer: NodeJS.Timeout;
  readonly natively: AbortController;
  /** Who asks: once the message box does, the page's answers count no more, except a denial. */
  by: 'window' | 'message-box';
  painted: boolean;
  /** SECURITY(MC-18): an approval is under way; a second press waits for nothing and gets nothing. */
  answering: boolean;
};

export function createApprovals(deps: ApprovalDeps): Approvals {
  let queue = emptyQueue;
  let onScreen: OnScreen | undefined;
  const ends = new Map<string, { resolve(answer: ApprovalAnswer): void; readonly expiry: NodeJS.Timeout }>();

  function end(approvalId: string, answer: ApprovalAnswer): void {
    const waiting = ends.get(approvalId);
    if (!waiting) return;
    ends.delete(approvalId);
    clearTimeout(waiting.expiry);
    queue = remove(queue, approvalId);
    waiting.resolve(answer); // first: whatever the window does next, this one has its answer
    showCurrent();
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
      // The answer is on its way first: hiding a window takes the system longer than sending a message.
      queueMicrotask(() => {
        if (!onScreen) deps.surface.clear();
      });
      return;
    }
    const natively = new AbortController();
    // SECURITY(DG-14, I8): a renderer that does not paint what it was given cannot answer for it.
    const paintTimer = setTimeout(() => fallBack(), paintWithinMs);
    const state = stateOf(request);
    onScreen = { request, state, paintTimer, natively, by: 'window', painted: false, answering: false };
    deps.surface.show(state);
  }

  function fallBack(): void {
    if (!onScreen || onScreen.by === 'message-box') return;
    const { request, natively, paintTimer } = onScreen;
    clearTimeout(paintTimer);
    onScreen.by = 'message-box';
    deps.surface.recover();
    void askNatively(request, natively.signal);
  }

  async function askNatively(request: ApprovalRequest, signal: AbortSignal): Promise<void> {
    const answer = await deps.askNatively(request, signal).catch(() => 'deny' as const);
    if (signal.aborted) return;
    // SECURITY(DG-18): nobody sits in front of a locked screen.
    if (answer === 'approve-once' && !deps.screenLocked()) approve(request);
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

  async function leaveGrants(
    request: ApprovalRequest,
    { answer, tickedChoices }: GivenAnswer,
    stillAsked: () => boolean,
  ): Promise<string | undefined> {
    if (request.permissionOffers) await deps.authority.grantTicked(request, tickedChoices ?? [], stillAsked);
    return answer === 'approve-session' ? deps.authority.grantSession(request, stillAsked) : undefined;
  }

  /** SECURITY(MC-29): main keeps its own bounds, whatever the bridge lets through. */
  function whyNoRoom(approvalId: string): string | undefined {
    if (ends.has(approvalId)) return 'Countersign did not show this request. Another one has its name.';
    return ends.size >= mostWaiting ? 'Too many calls are waiting for approval already.' : undefined;
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
    ask(asked) {
      const { approvalId } = asked;
      const admission = admitRequest(asked, deps.known(), deps.nowMs());
      const reason = admission.admitted ? whyNoRoom(approvalId) : admission.reason;
      if (!admission.admitted || reason !== undefined) {
        return Promise.resolve({ outcome: 'denied', approvalId, reason: reason ?? '' });
      }
      const { request } = admission;
      return new Promise((resolve) => {
        const leftMs = Date.parse(request.expiresAt) - Date.parse(request.askedAt);
        const expiry = setTimeout(() => refuse(approvalId, 'expired', 'Nobody answered in time.'), leftMs);
        ends.set(approvalId, { resolve, expiry });
        queue = enqueue(queue, request);
        showCurrent();
      });
    },

    withdraw(approvalId) {
      deps.authority.forgetApproval(approvalId); // SECURITY(MC-24): also when it was approved a moment ago
      refuse(approvalId, 'withdrawn', 'The AI client withdrew the call.');
    },

    async answer(given) {
      const shown = onScreen;
      if (!shown || shown.state.approvalId !== given.approvalId) return ended;
      const { request } = shown;
      if (given.answer === 'deny') {
        refuse(given.approvalId, 'denied', 'The person denied it.');
        return { accepted: true };
      }
      if (shown.by === 'message-box') return { accepted: false, reason: 'It is asked in another window now.' };
      if (shown.answering) return { accepted: false, reason: 'It was answered already.' };
      const reason = whyNotApproved(given, {
        request,
        nonce: shown.state.nonce,
        arming: deps.surface.arming(),
        windowFullyOnDisplay: deps.surface.isFullyOnDisplay(),
        screenLocked: deps.screenLocked(),
        nowMs: deps.nowMs(),
      });
      if (reason !== undefined) return { accepted: false, reason };
      // SECURITY(MC-24): while a grant is written the request may be withdrawn or denied; then there is no grant either.
      const stillAsked = (): boolean => ends.has(given.approvalId) && onScreen === shown;
      shown.answering = true;
      try {
        const grantId = await leaveGrants(request, given, stillAsked);
        if (!stillAsked()) return ended;
        approve(request, grantId);
        return { accepted: true };
      } catch (error) {
        if (!stillAsked()) return ended;
        throw error;
      } finally {
        shown.answering = false;
      }
    },

    painted(approvalId, heightPx) {
      if (!onScreen || onScreen.state.approvalId !== approvalId) return;
      if (onScreen.painted || onScreen.by === 'message-box') return;
      clearTimeout(onScreen.paintTimer);
      onScreen.painted = true;
      deps.surface.reveal(heightPx);
    },

    current: () => (onScreen?.by === 'window' ? onScreen.state : undefined),
    arming: () => deps.surface.arming(),
    pending: () => everything(queue),
    denyAll(reason, which = () => true) {
      // What waits goes first: otherwise each would be shown for a moment.
      for (const request of [...everything(queue)].reverse().filter(which))
        refuse(request.approvalId, 'denied', reason);
    },
    denyShown(reason) {
      if (queue.shown) refuse(queue.shown.approvalId, 'denied', reason);
    },
    surfaceLost: fallBack,
    bringForward: () => deps.surface.bringForward(),
  };
}
