import { useMemo, useState } from 'react';
import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { Value } from '../../ui/value.tsx';
import { VirtualRows } from '../../ui/virtual-rows.tsx';
import { useDashboard } from '../dashboard-context.ts';
import { Alert, FailureAlert } from '../parts/alerts.tsx';
import { type Call, CallRow } from '../parts/call-row.tsx';
import { Card, Empty, Page } from '../parts/page.tsx';

const SHOWS = {
  all: { label: 'All calls', includes: () => true },
  changes: { label: 'Writes and deletions', includes: (call: Call) => call.effect !== 'read' },
  stopped: {
    label: 'What did not happen',
    includes: (call: Call) => call.outcome !== undefined && call.outcome !== 'succeeded' && call.outcome !== 'pending',
  },
} as const;
type Show = keyof typeof SHOWS;

export function ActivityPage() {
  const { state } = useDashboard();
  const [older, setOlder] = useState<readonly Call[]>([]);
  const [isComplete, setIsComplete] = useState(false);
  const [show, setShow] = useState<Show>('all');
  const everything = useMemo(() => withoutRepeats([...state.calls, ...older]), [state.calls, older]);
  const calls = everything.filter(SHOWS[show].includes);
  const last = everything.at(-1);
  const load = useAction((before: string) => dashboardApi().call['calls:older']({ before }));

  return (
    <Page title="Activity">
      {state.notices
        .filter(({ id }) => id === 'wrong-keys')
        .map((notice) => (
          <Alert key={notice.id} severity={notice.severity}>
            <p>
              <Value text={notice.text} />
            </p>
          </Alert>
        ))}
      <Card
        title="Calls"
        note={state.audit.ok ? 'newest first' : undefined}
        actions={
          <>
            <label className="visually-hidden" htmlFor="activity-show">
              Show
            </label>
            <select
              id="activity-show"
              className="input"
              value={show}
              onChange={(event) => setShow(event.target.value as Show)}
            >
              {Object.entries(SHOWS).map(([value, { label }]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </>
        }
      >
        {calls.length === 0 ? (
          <Empty>
            {everything.length === 0
              ? 'No AI client has called a tool yet. Each call will stand here with what it did and why it was allowed.'
              : 'No call of this kind among those shown.'}
          </Empty>
        ) : (
          <VirtualRows
            count={calls.length}
            rowHeightPx={57}
            renderRow={(index) => {
              const call = calls[index];
              return call === undefined ? null : <CallRow key={call.callId} call={call} />;
            }}
          />
        )}
        <FailureAlert failure={load.failure} />
        {last === undefined ? null : (
          <footer className="card-foot">
            {isComplete ? (
              <p className="quiet small">That is everything.</p>
            ) : (
              <Button
                disabled={load.busy}
                onClick={() =>
                  void load.run(last.callId).then((page) => {
                    if (page === undefined) return;
                    setOlder((before) => [...before, ...page.calls]);
                    setIsComplete(page.calls.length === 0);
                  })
                }
              >
                Show older calls
              </Button>
            )}
          </footer>
        )}
      </Card>
    </Page>
  );
}

function withoutRepeats(calls: readonly Call[]): readonly Call[] {
  return [...new Map(calls.map((call) => [call.callId, call])).values()];
}
