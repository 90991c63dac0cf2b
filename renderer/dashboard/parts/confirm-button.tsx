import { type ReactNode, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Value } from '../../ui/value.tsx';
import { useFocusOnOpen } from './page.tsx';

type ConfirmButtonProps = {
  readonly label: string;
  /** Says what will be gone. */
  readonly question: ReactNode;
  readonly confirmLabel: string;
  readonly onConfirm: () => void;
  readonly busy: boolean;
  /** For screen readers when several buttons have the same word. */
  readonly of: string;
};

/** What cannot be taken back asks once, in place. */
export function ConfirmButton({ label, question, confirmLabel, onConfirm, busy, of }: ConfirmButtonProps) {
  const [isAsking, setIsAsking] = useState(false);
  if (!isAsking) {
    return (
      <Button onClick={() => setIsAsking(true)} disabled={busy}>
        {label}
        <span className="visually-hidden">
          {' '}
          <Value text={of} />
        </span>
      </Button>
    );
  }
  return (
    <Question
      question={question}
      confirmLabel={confirmLabel}
      busy={busy}
      onConfirm={() => {
        setIsAsking(false);
        onConfirm();
      }}
      onCancel={() => setIsAsking(false)}
    />
  );
}

type QuestionProps = Pick<ConfirmButtonProps, 'question' | 'confirmLabel' | 'busy' | 'onConfirm'> & {
  readonly onCancel: () => void;
};

function Question({ question, confirmLabel, busy, onConfirm, onCancel }: QuestionProps) {
  const keep = useFocusOnOpen<HTMLButtonElement>();
  return (
    <span className="question">
      <span className="small">{question}</span>
      <Button ref={keep} onClick={onCancel}>
        Keep
      </Button>
      <Button kind="warning" onClick={onConfirm} disabled={busy}>
        {confirmLabel}
      </Button>
    </span>
  );
}
