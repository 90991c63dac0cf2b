import { type FormEvent, useState } from 'react';
import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { FailureAlert } from './alerts.tsx';
import { CoverageField } from './coverage-field.tsx';
import { draftOf, type FreezeDraft, freezeOf } from './freeze-draft.ts';
import type { Freeze } from './freeze-words.ts';
import { useFocusOnOpen } from './page.tsx';

type FreezeFormProps = { readonly freeze: Freeze | undefined; readonly onDone: () => void };

/** Makes or changes one code freeze. */
export function FreezeForm({ freeze, onDone }: FreezeFormProps) {
  const [draft, setDraft] = useState<FreezeDraft>(() => draftOf(freeze, new Date()));
  const save = useAction((message: Freeze) => dashboardApi().call['guardrails:save'](message));
  const name = useFocusOnOpen<HTMLInputElement>();
  const made = freezeOf(draft, freeze?.guardrailId ?? newId(), freeze?.enabled ?? true);
  const change = (part: Partial<FreezeDraft>) => setDraft((before) => ({ ...before, ...part }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (made.ok) void save.run(made.freeze).then((done) => done !== undefined && onDone());
  };
  return (
    <form className="form" aria-label={freeze === undefined ? 'New code freeze' : 'Code freeze'} onSubmit={submit}>
      <div className="field">
        <label htmlFor="freeze-name">Name</label>
        <input
          ref={name}
          id="freeze-name"
          className="input"
          value={draft.name}
          onChange={(event) => change({ name: event.target.value })}
          placeholder="Release weekend"
          maxLength={120}
          autoComplete="off"
        />
      </div>
      <div className="form-columns">
        <div className="field">
          <label htmlFor="freeze-from">From</label>
          <input
            id="freeze-from"
            className="input"
            type="datetime-local"
            value={draft.from}
            onChange={(event) => change({ from: event.target.value })}
          />
        </div>
        <div className="field">
          <label htmlFor="freeze-until">Until</label>
          <input
            id="freeze-until"
            className="input"
            type="datetime-local"
            value={draft.until}
            onChange={(event) => change({ until: event.target.value })}
            aria-describedby="freeze-until-hint"
          />
          <p className="hint" id="freeze-until-hint">
            Empty: until you end it
          </p>
        </div>
      </div>
      <div className="form-columns">
        <CoverageField
          noun="repositories"
          draft={draft.repositories}
          change={(repositories) => change({ repositories })}
        />
        <CoverageField noun="branches" draft={draft.branches} change={(branches) => change({ branches })} />
      </div>
      <FailureAlert failure={save.failure} />
      <div className="form-actions">
        {made.ok ? null : <p className="quiet small form-problem">{made.problem}</p>}
        <Button onClick={onDone}>Cancel</Button>
        <Button kind="primary" submits disabled={save.busy || !made.ok}>
          Save freeze
        </Button>
      </div>
    </form>
  );
}

function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `freeze-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
