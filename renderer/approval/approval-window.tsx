import { type Dispatch, useCallback, useEffect, useReducer, useRef } from 'react';
import type { ApprovalState, ArmingState } from '../../main/ipc/approval-state.ts';
import { approvalApi } from '../lib/surface.ts';
import { useNow } from '../lib/use-now.ts';
import type { Ticks } from '../ui/choices.tsx';
import { ScrollerContext } from '../ui/virtual-rows.tsx';
import { type AnswerEvent, type AnswerState, blocker, initialAnswerState, nextAnswerState } from './answer-state.ts';
import { ApprovalBody } from './approval-body.tsx';
import { ApprovalFooter } from './approval-footer.tsx';
import { ApprovalHeader } from './approval-header.tsx';
import { usePainted } from './use-painted.ts';
import { useInputIntent } from './use-press.ts';
import { useScrolledThrough, useScrollKeys } from './use-scrolled-through.ts';

type ApprovalWindowProps = { readonly approval: ApprovalState; readonly arming: ArmingState };

export function ApprovalWindow({ approval, arming }: ApprovalWindowProps) {
  const { confirmation } = approval.view;
  const [state, dispatch] = useReducer(
    (before: AnswerState, event: AnswerEvent) => nextAnswerState(before, event, confirmation),
    arming.state,
    (first) =>
      initialAnswerState(
        first,
        approval.view.sections.some(({ kind }) => kind === 'choices'),
      ),
  );
  const page = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const endMarker = useRef<HTMLDivElement>(null);
  const scrolled = useScrolledThrough(scroller, endMarker);
  const nowMs = useNow(250);
  const msLeft = Date.parse(approval.expiresAt) - nowMs;

  useInputIntent();
  useScrollKeys(scroller);
  useEscapeDenies(dispatch);
  useAnswerSent(approval, state, dispatch);
  usePainted(
    approval.approvalId,
    useCallback(() => naturalHeightPx(page.current, scroller.current, content.current), []),
    page,
  );

  useEffect(() => dispatch({ type: 'arming', state: arming.state }), [arming]);
  useEffect(() => {
    if (scrolled.atEnd && state.arming !== 'waiting') dispatch({ type: 'saw-end' });
  }, [scrolled.atEnd, state.arming]);
  useEffect(() => {
    if (msLeft <= 0) dispatch({ type: 'expired' });
  }, [msLeft]);

  return (
    <ScrollerContext value={scroller}>
      <div ref={page} className={`approval approval-${approval.view.effect}`}>
        <ApprovalHeader approval={approval} />
        <main ref={scroller} className="approval-scroller" tabIndex={-1}>
          <div ref={content} className="approval-content">
            <ApprovalBody approval={approval} ticks={ticksOf(state, dispatch)} />
            <div ref={endMarker} className="end-marker" />
          </div>
        </main>
        <ApprovalFooter
          approval={approval}
          state={state}
          dispatch={dispatch}
          blockedBy={blocker(state, confirmation)}
          armedInMs={arming.state === 'arming' ? arming.armedInMs : undefined}
          linesBelow={scrolled.linesBelow}
          msLeft={msLeft}
        />
      </div>
    </ScrollerContext>
  );
}

function ticksOf({ ticked, sent, expired }: AnswerState, dispatch: Dispatch<AnswerEvent>): Ticks | undefined {
  if (ticked === undefined || sent !== undefined || expired) return undefined;
  return { ticked, onTick: (choiceId, isTicked) => dispatch({ type: 'ticked', choiceId, isTicked }) };
}

/** Escape denies wherever the focus is; a key held down since before does not. */
function useEscapeDenies(dispatch: Dispatch<AnswerEvent>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.isTrusted && event.key === 'Escape' && !event.repeat) dispatch({ type: 'deny' });
    };
    document.addEventListener('keydown', onKeyDown, true);
    return () => document.removeEventListener('keydown', onKeyDown, true);
  }, [dispatch]);
}

function useAnswerSent(approval: ApprovalState, state: AnswerState, dispatch: Dispatch<AnswerEvent>): void {
  const { sent } = state;
  const { approvalId, nonce, view } = approval;
  const proofs = useRef(state);
  proofs.current = state;
  useEffect(() => {
    if (sent === undefined) return;
    const message = {
      approvalId,
      nonce,
      answer: sent.answer,
      ...(view.confirmation.kind === 'type-name' ? { typedName: proofs.current.typedName } : {}),
      ...(sent.heldMs === undefined ? {} : { heldMs: Math.min(60_000, sent.heldMs) }),
      ...(proofs.current.ticked === undefined ? {} : { tickedChoices: [...proofs.current.ticked] }),
      sawEverything: proofs.current.sawEverything,
    };
    void approvalApi()
      .call['approval:answer'](message)
      .then((reply) => {
        if (reply.ok && reply.value.accepted) return;
        const reason = reply.ok ? reply.value.reason : reply.message;
        dispatch({ type: 'refused', reason: reason ?? 'The answer was not accepted. Nothing was sent.' });
      });
  }, [sent, approvalId, nonce, view, dispatch]);
}

/** The height at which nothing would scroll. */
function naturalHeightPx(page: HTMLElement | null, scroller: HTMLElement | null, content: HTMLElement | null): number {
  if (page === null || scroller === null || content === null) return 0;
  return page.scrollHeight - scroller.clientHeight + content.offsetHeight;
}
