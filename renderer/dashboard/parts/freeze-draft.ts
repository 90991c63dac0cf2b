/** What stands in the form of a code freeze, and the freeze it makes. */
import type { Freeze } from './freeze-words.ts';

export type CoverageDraft = { readonly isAll: boolean; readonly patterns: string };
export type FreezeDraft = {
  readonly name: string;
  /** As an <input type="datetime-local"> has it: this machine's time zone, "2026-11-27T18:00". */
  readonly from: string;
  readonly until: string;
  readonly repositories: CoverageDraft;
  readonly branches: CoverageDraft;
};

export function draftOf(freeze: Freeze | undefined, now: Date): FreezeDraft {
  return {
    name: freeze?.name ?? '',
    from: localInput(freeze === undefined ? now : new Date(freeze.from)),
    until: freeze?.until === undefined ? '' : localInput(new Date(freeze.until)),
    repositories: coverageDraft(freeze?.repositories ?? { kind: 'all' }),
    branches: coverageDraft(freeze?.branches ?? { kind: 'all' }),
  };
}

type Made = { readonly ok: true; readonly freeze: Freeze } | { readonly ok: false; readonly problem: string };

export function freezeOf(draft: FreezeDraft, guardrailId: string, enabled: boolean): Made {
  const name = draft.name.trim();
  if (name === '') return { ok: false, problem: 'It needs a name.' };
  const from = instantOf(draft.from);
  if (from === undefined) return { ok: false, problem: 'It needs a beginning.' };
  const until = draft.until === '' ? undefined : instantOf(draft.until);
  if (draft.until !== '' && until === undefined) return { ok: false, problem: 'Its end is not a time.' };
  if (until !== undefined && until <= from) return { ok: false, problem: 'It ends before it begins.' };
  const repositories = coverageOf(draft.repositories);
  if (repositories === undefined) return { ok: false, problem: 'Name at least one repository, or choose all.' };
  const branches = coverageOf(draft.branches);
  if (branches === undefined) return { ok: false, problem: 'Name at least one branch, or choose all.' };
  return {
    ok: true,
    freeze: {
      kind: 'code-freeze',
      guardrailId,
      name,
      from,
      ...(until === undefined ? {} : { until }),
      repositories,
      branches,
      enabled,
    },
  };
}

function coverageDraft(coverage: Freeze['branches']): CoverageDraft {
  return coverage.kind === 'all'
    ? { isAll: true, patterns: '' }
    : { isAll: false, patterns: coverage.patterns.join('\n') };
}

/** An empty list never means "all": it means nothing was said yet. */
function coverageOf(draft: CoverageDraft): Freeze['branches'] | undefined {
  if (draft.isAll) return { kind: 'all' };
  const patterns = draft.patterns
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return patterns.length === 0 ? undefined : { kind: 'only', patterns };
}

function instantOf(local: string): string | undefined {
  const time = new Date(local).getTime();
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function localInput(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
