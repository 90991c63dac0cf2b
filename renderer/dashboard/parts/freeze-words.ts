import type { DashboardState } from '../../../main/ipc/dashboard-state.ts';
import { dateAndTime } from '../../lib/numbers.ts';

export type Freeze = DashboardState['guardrails'][number];
type Coverage = Freeze['repositories'];

/** "main and release/* in all repositories, from … to …": exactly what is frozen. */
export function freezeSentence(freeze: Freeze): string {
  const where = `${covered(freeze.branches, 'all branches')} in ${covered(freeze.repositories, 'all repositories')}`;
  const until = freeze.until === undefined ? 'until you end it' : `to ${dateAndTime(freeze.until)}`;
  return `No commit or push on ${where}, from ${dateAndTime(freeze.from)} ${until}`;
}

/** Authority is shown by presence: "all" is said, never implied by an empty list. */
function covered(coverage: Coverage, all: string): string {
  if (coverage.kind === 'all') return all;
  const last = coverage.patterns.at(-1) ?? '';
  const before = coverage.patterns.slice(0, -1);
  return before.length === 0 ? last : `${before.join(', ')} and ${last}`;
}

/** Now, as far as the clock tells. Off is off whatever the dates say. */
export function freezeStatus(freeze: Freeze, nowMs: number): 'off' | 'later' | 'in force' | 'over' {
  if (!freeze.enabled) return 'off';
  if (nowMs < Date.parse(freeze.from)) return 'later';
  return freeze.until !== undefined && nowMs >= Date.parse(freeze.until) ? 'over' : 'in force';
}
