/**
 * A code freeze forbids changes of version-controlled code, whatever tool would make them (CL-10).
 *
 * It reaches an operation when all of these hold: it is switched on; now lies in [from, until); the operation writes
 * or deletes in version control, or is a shell command that could (an uninterpreted one counts); its repository and
 * branch are covered. A repository or branch that could not be told is covered: doubt is refused.
 */
import type { CodeFreeze } from '../model/guardrail.ts';
import type { Operation } from '../model/operation.ts';
import { covers } from './pattern.ts';

export function freezeForbids(freeze: CodeFreeze, operation: Operation, nowMs: number): boolean {
  return freeze.enabled && changesCode(operation) && reachesTarget(freeze, operation) && isWithin(freeze, nowMs);
}

/** The sentence the AI reads: what is refused, until when, and that asking again does not help. */
export function freezeSentence(freeze: CodeFreeze): string {
  const end = freeze.until === undefined ? 'until it is switched off' : `until ${freeze.until}`;
  return `Refused by the code freeze "${freeze.name}", which forbids commits, pushes and other changes of code ${end}; do not retry or work around it, tell the person instead.`;
}

/** INVARIANT: an unreadable date counts as inside the window; a freeze does not end by a typing error. */
function isWithin(freeze: CodeFreeze, nowMs: number): boolean {
  const fromMs = Date.parse(freeze.from);
  const untilMs = freeze.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(freeze.until);
  const started = Number.isNaN(fromMs) || nowMs >= fromMs;
  const ended = !Number.isNaN(untilMs) && nowMs >= untilMs;
  return started && !ended;
}

function changesCode({ classification, gathered }: Operation): boolean {
  if (classification.effect === 'read') return false;
  if (classification.domain === 'version-control' || classification.domain === 'shell') return true;
  // SECURITY(CL-10): writing inside a repository's own folder is a commit by another road.
  const path = gathered.attributes['path'];
  return typeof path === 'string' && /(^|[\\/])\.git([\\/]|$)/i.test(path);
}

function reachesTarget(freeze: CodeFreeze, { gathered }: Operation): boolean {
  const { repository, repositoryName, branch } = gathered.attributes;
  const names = [repository, repositoryName].filter((name): name is string => typeof name === 'string');
  const inRepository = names.length === 0 || names.some((name) => covers(freeze.repositories, name));
  const onBranch = typeof branch !== 'string' || covers(freeze.branches, branch);
  return inRepository && onBranch;
}
