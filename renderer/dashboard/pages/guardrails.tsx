import { useState } from 'react';
import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { Value } from '../../ui/value.tsx';
import { useDashboard } from '../dashboard-context.ts';
import { FailureAlert } from '../parts/alerts.tsx';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { FreezeForm } from '../parts/freeze-form.tsx';
import { type Freeze, freezeSentence, freezeStatus } from '../parts/freeze-words.ts';
import { Card, Empty, Page } from '../parts/page.tsx';

const NEW = 'new';
const STATUS_WORDS = { off: 'Off', later: 'Not yet', 'in force': 'In force', over: 'Over' } as const;

export function GuardrailsPage() {
  const { guardrails } = useDashboard().state;
  const [edited, setEdited] = useState<string>();
  const close = () => setEdited(undefined);
  return (
    <Page title="Guardrails">
      {edited === NEW ? (
        <Card title="New code freeze">
          <FreezeForm freeze={undefined} onDone={close} />
        </Card>
      ) : null}
      <Card
        title="Code freezes"
        note="Commits and pushes inside one are refused without asking, and the AI client is told why."
        actions={edited === NEW ? null : <Button onClick={() => setEdited(NEW)}>New freeze</Button>}
      >
        {guardrails.length === 0 ? (
          <Empty>No freeze yet. Make one for a release, a weekend, or a branch that nobody should touch.</Empty>
        ) : (
          <ul>
            {guardrails.map((freeze) =>
              edited === freeze.guardrailId ? (
                <li key={freeze.guardrailId} className="row-open">
                  <FreezeForm freeze={freeze} onDone={close} />
                </li>
              ) : (
                <FreezeRow key={freeze.guardrailId} freeze={freeze} edit={() => setEdited(freeze.guardrailId)} />
              ),
            )}
          </ul>
        )}
      </Card>
    </Page>
  );
}

function FreezeRow({ freeze, edit }: { readonly freeze: Freeze; readonly edit: () => void }) {
  const { nowMs } = useDashboard();
  const save = useAction((enabled: boolean) => dashboardApi().call['guardrails:save']({ ...freeze, enabled }));
  const remove = useAction(() => dashboardApi().call['guardrails:remove']({ guardrailId: freeze.guardrailId }));
  const status = freezeStatus(freeze, nowMs);
  return (
    <li>
      <div className="row">
        <label className="switch row-badge">
          <input
            type="checkbox"
            role="switch"
            checked={freeze.enabled}
            aria-checked={freeze.enabled}
            disabled={save.busy}
            onChange={(event) => void save.run(event.target.checked)}
          />
          <span className="visually-hidden">
            <Value text={freeze.name} />
          </span>
        </label>
        <div className="row-words">
          <p>
            <strong>
              <Value text={freeze.name} />
            </strong>{' '}
            <span className={`state-word tone-${status === 'in force' ? 'waiting' : 'quiet'}`}>
              {STATUS_WORDS[status]}
            </span>
          </p>
          <p className="quiet small">
            <Value text={freezeSentence(freeze)} />
          </p>
        </div>
        <Button onClick={edit}>
          Edit
          <span className="visually-hidden">
            {' '}
            <Value text={freeze.name} />
          </span>
        </Button>
        <ConfirmButton
          label="Remove"
          of={freeze.name}
          question="Commits and pushes there ask again."
          confirmLabel="Remove it"
          busy={remove.busy}
          onConfirm={() => void remove.run()}
        />
      </div>
      <FailureAlert failure={save.failure ?? remove.failure} />
    </li>
  );
}
