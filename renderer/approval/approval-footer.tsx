import { type Dispatch, useId } from 'react';
import type { ApprovalState } from '../../main/ipc/approval-state.ts';
import { counted, timeLeft } from '../lib/numbers.ts';
import { Value } from '../ui/value.tsx';
import type { AnswerEvent, AnswerState, Blocker } from './answer-state.ts';
import { GuardedButton } from './guarded-button.tsx';

/** Deny comes before everything else that can be reached with Tab (DESIGN 7.3). */
const FIRST_STOP_OF_TAB = 1;

type ApprovalFooterProps = {
  readonly approval: ApprovalState;
  readonly state: AnswerState;
  readonly dispatch: Dispatch<AnswerEvent>;
  readonly blockedBy: Blocker | undefined;
  readonly armedInMs: number | undefined;
  readonly linesBelow: number;
  readonly msLeft: number;
};

export function ApprovalFooter(props: ApprovalFooterProps) {
  const { approval, state, dispatch, blockedBy, armedInMs, msLeft } = props;
  const { view, sessionGrantSentence } = approval;
  const hintId = useId();
  const grantId = useId();
  const holdId = useId();
  const guarded = {
    isLive: blockedBy === undefined,
    state,
    confirmation: view.confirmation,
    dispatch,
  };
  return (
    <footer className="approval-footer">
      <Hint {...props} id={hintId} />
      {state.refusal === undefined ? null : (
        <p className="approval-refusal" role="alert">
          <Value text={state.refusal} />
        </p>
      )}
      {sessionGrantSentence === undefined ? null : (
        <p id={grantId} className="approval-grant">
          <strong>This session</strong> leaves a permission: <Value text={sessionGrantSentence} />
        </p>
      )}
      {view.confirmation.kind === 'type-name' ? (
        <TypeName name={view.confirmation.name} state={state} dispatch={dispatch} />
      ) : null}
      {view.confirmation.kind === 'hold' ? (
        <p id={holdId} className="approval-hold">
          Press the button and hold it for {counted(view.confirmation.holdMs / 1000, 'second')}.
        </p>
      ) : null}
      <div className="approval-actions">
        <p className="approval-time">
          <span role="timer">{msLeft > 0 ? `Denied by itself in ${timeLeft(msLeft)}` : 'Time is up'}</span>
          <span className="approval-phrase">
            <span className="visually-hidden">Your phrase: </span>
            <Value text={approval.phrase} />
          </span>
        </p>
        <button
          type="button"
          className="button button-large"
          tabIndex={FIRST_STOP_OF_TAB}
          aria-disabled={state.sent !== undefined || state.expired}
          onClick={(event) => event.isTrusted && dispatch({ type: 'deny' })}
        >
          Deny
        </button>
        {sessionGrantSentence === undefined ? null : (
          <GuardedButton
            {...guarded}
            button="approve-session"
            label="This session"
            kind="plain"
            describedBy={`${grantId} ${holdId} ${hintId}`}
          />
        )}
        <GuardedButton
          {...guarded}
          button="approve-once"
          label={view.approveLabel}
          kind={view.effect === 'delete' ? 'destroy' : 'primary'}
          describedBy={`${holdId} ${hintId}`}
          armedInMs={armedInMs}
        />
      </div>
    </footer>
  );
}

/** Why Approve is inert, or what to do now; the same line for eyes and screen readers. */
function Hint(props: ApprovalFooterProps & { readonly id: string }) {
  const text = hintText(props);
  return (
    <p id={props.id} className="approval-hint" role="status">
      {text === undefined ? null : <span>{text}</span>}
    </p>
  );
}

function hintText({ approval, state, blockedBy, linesBelow }: ApprovalFooterProps): string | undefined {
  if (state.sent !== undefined) return state.sent.answer === 'deny' ? 'Denied.' : 'Approved.';
  if (state.expired) return 'Time is up. Nothing was sent.';
  if (!state.sawEverything && linesBelow > 0) {
    return `Scroll to the end to continue — ${counted(linesBelow, 'line')} below`;
  }
  if (state.refusal !== undefined) return 'Nothing was sent. Deny, or come back to this window and try again.';
  if (approval.view.confirmation.kind === 'hold' && state.press !== undefined) return 'Keep holding';
  if (blockedBy === 'not-armed' && state.arming === 'waiting') return 'Click this window to begin';
  return undefined;
}

type TypeNameProps = {
  readonly name: string;
  readonly state: AnswerState;
  readonly dispatch: Dispatch<AnswerEvent>;
};

function TypeName({ name, state, dispatch }: TypeNameProps) {
  const inputId = useId();
  return (
    <p className="approval-type-name">
      <label htmlFor={inputId}>
        Type <Value text={name} mono /> to confirm
      </label>
      <input
        id={inputId}
        className="input input-mono"
        type="text"
        value={state.typedName}
        onChange={(event) => dispatch({ type: 'typed', text: event.target.value })}
        readOnly={state.sent !== undefined || state.expired}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={2000}
      />
    </p>
  );
}
