import type { CoverageDraft } from './freeze-draft.ts';

type CoverageFieldProps = {
  readonly noun: 'repositories' | 'branches';
  readonly draft: CoverageDraft;
  readonly change: (draft: CoverageDraft) => void;
};

const EXAMPLES = { repositories: 'shop-api', branches: 'main\nrelease/*' } as const;

export function CoverageField({ noun, draft, change }: CoverageFieldProps) {
  return (
    <fieldset className="choices">
      <legend className="field-label">{noun === 'branches' ? 'Branches' : 'Repositories'}</legend>
      <label>
        <input type="radio" name={noun} checked={draft.isAll} onChange={() => change({ ...draft, isAll: true })} />
        All {noun}
      </label>
      <label>
        <input type="radio" name={noun} checked={!draft.isAll} onChange={() => change({ ...draft, isAll: false })} />
        Only these {noun}
      </label>
      {draft.isAll ? null : (
        <textarea
          className="input input-mono"
          rows={3}
          aria-label={`Names of ${noun}, one a line; * stands for anything`}
          placeholder={EXAMPLES[noun]}
          value={draft.patterns}
          onChange={(event) => change({ ...draft, patterns: event.target.value })}
          spellCheck={false}
        />
      )}
    </fieldset>
  );
}
