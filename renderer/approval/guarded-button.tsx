import { type Dispatch, useEffect } from 'react';
import type { Confirmation } from '../../mcp-bridge/core/model/effect-view.ts';
import { VisibleText } from '../ui/value.tsx';
import type { AnswerEvent, AnswerState, ApprovingAnswer } from './answer-state.ts';
import { usePress } from './use-press.ts';

/** Timers may come a little early; a hold that main measures as too short would be refused. */
const TIMER_SLACK_MS = 10;

type GuardedButtonProps = {
  readonly button: ApprovingAnswer;
  readonly label: string;
  readonly kind: 'plain' | 'primary' | 'destroy';
  readonly isLive: boolean;
  readonly state: AnswerState;
  readonly confirmation: Confirmation;
  readonly dispatch: Dispatch<AnswerEvent>;
  readonly describedBy: string;
  /** Remaining delay for the line that fills inside the button; undefined when nothing fills. */
  readonly armedInMs?: number | undefined;
};

/** A button that approves. It can be focused and read while it is inert: `aria-disabled`, not `disabled`. */
export function GuardedButton(props: GuardedButtonProps) {
  const { button, label, kind, isLive, state, confirmation, dispatch, describedBy, armedInMs } = props;
  const element = usePress(button, dispatch);
  const holdMs = confirmation.kind === 'hold' ? confirmation.holdMs : undefined;
  const isHeld = holdMs !== undefined && state.press?.button === button;

  useEffect(() => {
    if (!isHeld || holdMs === undefined) return undefined;
    const timer = setTimeout(
      () => dispatch({ type: 'press-lasted', atMs: performance.now() }),
      holdMs + TIMER_SLACK_MS,
    );
    return () => clearTimeout(timer);
  }, [isHeld, holdMs, dispatch]);

  const className = ['button', 'button-large', 'guarded', kind !== 'plain' && `button-${kind}`]
    .filter(Boolean)
    .join(' ');
  return (
    <button
      ref={element}
      type="button"
      className={className}
      aria-disabled={!isLive}
      aria-describedby={describedBy}
      data-answer={button}
    >
      <VisibleText text={label} lines="single-line" />
      {armedInMs !== undefined && !isHeld ? <FillingLine key={`arming-${state.armingRound}`} ms={armedInMs} /> : null}
      {isHeld ? <FillingLine key="held" ms={holdMs} /> : null}
    </button>
  );
}

function FillingLine({ ms }: { readonly ms: number }) {
  return <span className="filling-line" aria-hidden="true" style={{ animationDuration: `${ms}ms` }} />;
}
