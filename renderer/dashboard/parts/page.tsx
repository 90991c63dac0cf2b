import { type ReactNode, useEffect, useId, useRef } from 'react';
import { dateAndTime } from '../../lib/numbers.ts';
import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { Value } from '../../ui/value.tsx';
import { useDashboard } from '../dashboard-context.ts';
import { Alert, FailureAlert } from './alerts.tsx';

type PageProps = { readonly title: string; readonly actions?: ReactNode; readonly children: ReactNode };

/** Every page begins with its title and ends its head with "Stop everything". */
export function Page({ title, actions, children }: PageProps) {
  const { state } = useDashboard();
  const stop = useAction(() => dashboardApi().call['stop:everything']({}));
  return (
    <>
      <header className="page-head">
        <h1>{title}</h1>
        {actions}
        {/* One press: whoever needs this has no time for a question. */}
        <Button
          kind="warning"
          size="large"
          onClick={() => void stop.run()}
          disabled={stop.busy || state.stopped !== undefined}
        >
          Stop everything
        </Button>
      </header>
      <FailureAlert failure={stop.failure} />
      <StoppedBanner />
      {children}
    </>
  );
}

function StoppedBanner() {
  const { state } = useDashboard();
  const resume = useAction(() => dashboardApi().call['stop:resume']({}));
  if (state.stopped === undefined) return null;
  return (
    <>
      <Alert severity="danger" says="now">
        <p>
          <strong>
            Stopped: <Value text={state.stopped.reason} />
          </strong>{' '}
          Since {dateAndTime(state.stopped.at)} nothing runs and no AI client is connected.
        </p>
        <Button onClick={() => void resume.run()} disabled={resume.busy}>
          Resume
        </Button>
      </Alert>
      <FailureAlert failure={resume.failure} />
    </>
  );
}

type CardProps = {
  readonly title: ReactNode;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
};

export function Card({ title, note, actions, children }: CardProps) {
  const titleId = useId();
  return (
    <section className="card" aria-labelledby={titleId}>
      <header className="card-head">
        <h2 id={titleId}>{title}</h2>
        {note === undefined ? null : <p className="quiet small card-note">{note}</p>}
        {actions === undefined ? null : <div className="card-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

/** Nothing here yet: says why, and what the next step is. */
export function Empty({ children, action }: { readonly children: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className="empty">
      <p>{children}</p>
      {action}
    </div>
  );
}

/** Moves the focus to what a press has just opened. */
export function useFocusOnOpen<Element extends HTMLElement>() {
  const element = useRef<Element>(null);
  useEffect(() => element.current?.focus(), []);
  return element;
}
