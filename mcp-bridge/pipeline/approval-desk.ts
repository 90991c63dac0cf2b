/**
 * Where calls wait for a person. One dialog per digest however often the AI client repeats the call (MC-26); a caller
 * that cannot wait any longer is told to call again, and a late approval is kept for that retry, once, for ten
 * minutes (DESIGN §6); when the last waiting caller is gone the request is withdrawn (I4).
 */
import { type ApprovalJourney, advance } from '../core/approval/approval-journey.ts';
import type { ApprovalAnswer, ApprovalRequest } from '../core/approval/approval-request.ts';
import { createDenialMemory } from './denial-memory.ts';
import type { PipelinePorts } from './ports.ts';

export type DeskAnswer =
  | { readonly kind: 'approved'; readonly approvalId: string }
  | { readonly kind: 'denied' | 'expired' | 'withdrawn' | 'refused'; readonly reason: string }
  | { readonly kind: 'pending' };

/** A request without what the desk adds itself. */
export type ApprovalDraft = Omit<ApprovalRequest, 'approvalId' | 'askedAt' | 'expiresAt' | 'deniedBefore'> & {
  /** Names the tool and its target, so that a denied call is recognised when it comes back rephrased (DG-25). */
  readonly similarityKey: string;
  readonly headline: string;
};

export type Waiting = {
  readonly signal: AbortSignal;
  readonly patienceMs: number;
};

export type ApprovalDesk = {
  ask(draft: ApprovalDraft, waiting: Waiting): Promise<DeskAnswer>;
  /** Marks an approval as used; false when it is not usable (any more). */
  consume(callDigest: string, approvalId: string): boolean;
};

export const approvalLimits = {
  answerWithinMs: 5 * 60_000,
  lateApprovalUsableMs: 10 * 60_000,
  pendingPerMcpClient: 50,
  pendingInAll: 200,
} as const;

type Dialog = {
  readonly request: ApprovalRequest;
  readonly withdraw: AbortController;
  journey: ApprovalJourney;
  readonly waiters: Set<(answer: DeskAnswer) => void>;
};

type DeskPorts = Pick<PipelinePorts, 'authority' | 'ledger' | 'clock' | 'newId'>;

export function createApprovalDesk(ports: DeskPorts): ApprovalDesk {
  const dialogs = new Map<string, Dialog>();
  const denials = createDenialMemory(ports.clock);

  function open(draft: ApprovalDraft): Dialog {
    const { similarityKey, headline, ...shown } = draft;
    const nowMs = ports.clock.nowMs();
    const request: ApprovalRequest = {
      ...shown,
      approvalId: ports.newId(),
      deniedBefore: denials.count(similarityKey),
      askedAt: new Date(nowMs).toISOString(),
      expiresAt: new Date(nowMs + approvalLimits.answerWithinMs).toISOString(),
    };
    ports.ledger.append({
      kind: 'approval.asked',
      approvalId: request.approvalId,
      callDigest: request.callDigest,
      mcpClientId: request.caller.mcpClientId,
      effect: request.view.effect,
      headline,
    });
    const dialog: Dialog = {
      request,
      withdraw: new AbortController(),
      journey: { state: 'asked', expiresAtMs: ports.clock.monotonicMs() + approvalLimits.answerWithinMs },
      waiters: new Set(),
    };
    dialogs.set(request.callDigest, dialog);
    void ports.authority
      .ask(request, dialog.withdraw.signal)
      // SECURITY(I8): a broken authority is a denial, never a wait without end.
      .catch(
        (): ApprovalAnswer => ({
          outcome: 'denied',
          approvalId: request.approvalId,
          reason: 'The approval could not be shown.',
        }),
      )
      .then((answer) => settle(dialog, answer, similarityKey));
    return dialog;
  }

  function settle(dialog: Dialog, answer: ApprovalAnswer, similarityKey: string): void {
    if (dialog.journey.state !== 'asked') return; // withdrawn meanwhile, and recorded so
    const atMs = ports.clock.monotonicMs();
    dialog.journey = advance(
      dialog.journey,
      answer.outcome === 'approved'
        ? { step: 'approve', atMs, usableForMs: approvalLimits.lateApprovalUsableMs }
        : answer.outcome === 'expired'
          ? { step: 'time-passes', atMs: Number.POSITIVE_INFINITY }
          : { step: answer.outcome === 'denied' ? 'deny' : 'withdraw', reason: answer.reason },
    );
    const { journey } = dialog;
    if (journey.state === 'denied') denials.remember(similarityKey);
    if (journey.state === 'denied' || journey.state === 'approved') {
      denials.rememberTool(toolKey(dialog.request), journey.state);
    }
    if (!journal(dialog))
      dialog.journey = advance(journey, { step: 'deny', reason: 'The answer could not be recorded.' });
    if (dialog.journey.state === 'approved') forgetWhenUnused(dialog);
    else dialogs.delete(dialog.request.callDigest);
    wake(dialog);
  }

  function forgetWhenUnused(dialog: Dialog): void {
    const { callDigest } = dialog.request;
    setTimeout(() => {
      if (dialogs.get(callDigest) === dialog) dialogs.delete(callDigest);
    }, approvalLimits.lateApprovalUsableMs).unref();
  }

  /** The newest caller gets the answer to act on; older copies of the same call must not act too. */
  function wake(dialog: Dialog): void {
    const waiters = [...dialog.waiters].reverse();
    dialog.waiters.clear();
    const { journey, request } = dialog;
    waiters.forEach((answer, position) => {
      if (journey.state === 'approved') {
        answer(
          position === 0
            ? { kind: 'approved', approvalId: request.approvalId }
            : { kind: 'withdrawn', reason: 'An identical call was made again and took the approval.' },
        );
      } else if (journey.state === 'denied' || journey.state === 'expired' || journey.state === 'withdrawn') {
        answer({ kind: journey.state, reason: journey.reason });
      }
    });
  }

  function journal({ request, journey }: Dialog): boolean {
    if (journey.state === 'asked' || journey.state === 'consumed') return true;
    try {
      ports.ledger.append({
        kind: 'approval.answered',
        approvalId: request.approvalId,
        callDigest: request.callDigest,
        answer: journey.state,
        reason: journey.state === 'approved' ? 'The person approved.' : journey.reason,
      });
      return true;
    } catch {
      return false;
    }
  }

  function roomFor(mcpClientId: string): boolean {
    const asked = [...dialogs.values()].filter((dialog) => dialog.journey.state === 'asked');
    const own = asked.filter((dialog) => dialog.request.caller.mcpClientId === mcpClientId);
    return asked.length < approvalLimits.pendingInAll && own.length < approvalLimits.pendingPerMcpClient;
  }

  async function ask(draft: ApprovalDraft, waiting: Waiting): Promise<DeskAnswer> {
    if (waiting.signal.aborted) return { kind: 'withdrawn', reason: 'The caller is gone.' };
    const known = dialogs.get(draft.callDigest);
    if (known) {
      known.journey = advance(known.journey, { step: 'time-passes', atMs: ports.clock.monotonicMs() });
      if (known.journey.state === 'approved') return { kind: 'approved', approvalId: known.request.approvalId };
      if (known.journey.state !== 'asked') dialogs.delete(draft.callDigest);
      else return join(known, waiting);
    }
    if (denials.isEmbargoed(draft.similarityKey) || denials.isToolEmbargoed(toolKey(draft))) {
      return { kind: 'refused', reason: 'The person denied this more than once. It is not asked again for a while.' };
    }
    // SECURITY(MC-29): a flood is refused fast instead of tiring the person.
    if (!roomFor(draft.caller.mcpClientId)) {
      return { kind: 'refused', reason: 'Too many calls are waiting for approval already.' };
    }
    return join(open(draft), waiting);
  }

  function join(dialog: Dialog, { signal, patienceMs }: Waiting): Promise<DeskAnswer> {
    return new Promise((resolve) => {
      const finish = (answer: DeskAnswer): void => {
        clearTimeout(patience);
        signal.removeEventListener('abort', leave);
        dialog.waiters.delete(finish);
        resolve(answer);
      };
      // Not a withdrawal: the dialog outlives a caller that was told to call again.
      const patience = setTimeout(() => finish({ kind: 'pending' }), patienceMs);
      const leave = (): void => {
        finish({ kind: 'withdrawn', reason: 'The AI client withdrew the call.' });
        if (dialog.waiters.size === 0) withdrawDialog(dialog);
      };
      dialog.waiters.add(finish);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** SECURITY(MC-24, MC-25): the cancel wins from this moment, whatever the window answers afterwards. */
  function withdrawDialog(dialog: Dialog): void {
    if (dialog.journey.state !== 'asked') return;
    dialog.journey = advance(dialog.journey, { step: 'withdraw', reason: 'The AI client withdrew the call.' });
    dialogs.delete(dialog.request.callDigest);
    journal(dialog);
    dialog.withdraw.abort();
  }

  function consume(callDigest: string, approvalId: string): boolean {
    const dialog = dialogs.get(callDigest);
    if (dialog?.request.approvalId !== approvalId) return false;
    dialog.journey = advance(dialog.journey, { step: 'consume', atMs: ports.clock.monotonicMs() });
    dialogs.delete(callDigest);
    return dialog.journey.state === 'consumed';
  }

  return { ask, consume };
}

function toolKey({ caller, serverId, toolName }: Pick<ApprovalRequest, 'caller' | 'serverId' | 'toolName'>): string {
  return JSON.stringify([caller.mcpClientId, serverId, toolName]);
}
