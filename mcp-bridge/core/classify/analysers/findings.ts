/**
 * What an analyser saw, piece by piece, and how the pieces make one verdict: the worst effect wins, its reasons come
 * first, and the action is that of the worst finding. No finding at all is not "read": the caller states what an
 * uneventful value is.
 */
import type { AnalysedAct, AnalysedObject, Domain } from '../../model/classification.ts';
import { EFFECTS, type Effect, isWorse } from '../../model/effect.ts';
import type { Mark } from '../../model/effect-view.ts';
import type { AnalyserVerdict } from './ports.ts';

export type Finding = {
  readonly effect: Effect;
  readonly reason: string;
  readonly action?: string | undefined;
  readonly domain?: Domain | undefined;
  readonly uninterpreted?: boolean | undefined;
  readonly everyRow?: AnalysedAct['everyRow'];
  /** Says again what another finding says: the same statement, read as another dialect. It is no act of its own. */
  readonly restates?: boolean | undefined;
  readonly objects?: readonly AnalysedObject[] | undefined;
  readonly marks?: readonly Mark[] | undefined;
};

/** A person reads these: past this many reasons the dialog would hide the first ones. */
const MAX_REASONS = 12;
const MAX_OBJECTS = 200;
const MAX_ACTS = 200;

export function verdictOf(findings: readonly Finding[], domain: Domain): AnalyserVerdict {
  const worst = findings.reduce<Finding | undefined>(
    (found, next) => (found === undefined || isWorse(next.effect, found.effect) ? next : found),
    undefined,
  );
  if (worst === undefined) return couldNotInterpret(domain, 'There is nothing here that could be interpreted.');
  // SECURITY(CL-10): a commit beside something worse is still a commit; the code freeze looks for it by its domain.
  const leading =
    findings.find((finding) => finding.domain === 'version-control' && finding.effect !== 'read') ?? worst;
  const ordered = [...EFFECTS].reverse().flatMap((effect) => findings.filter((finding) => finding.effect === effect));
  const uninterpreted = findings.some((finding) => finding.uninterpreted === true);
  const objects = distinct(
    ordered.flatMap((finding) => finding.objects ?? []),
    (object) => `${object.kind}\n${object.name}`,
  ).slice(0, MAX_OBJECTS);
  const acts = worst.effect === 'read' ? [] : actsOf(ordered, worst.effect);
  const marks = ordered.flatMap((finding) => finding.marks ?? []);
  return {
    effect: worst.effect,
    domain: leading.domain ?? domain,
    reasons: distinct(
      ordered.map((finding) => finding.reason),
      (reason) => reason,
    ).slice(0, MAX_REASONS),
    ...(leading.action === undefined ? {} : { action: leading.action }),
    ...(uninterpreted ? { uninterpreted } : {}),
    ...(objects.length === 0 ? {} : { objects }),
    ...(acts.length === 0 ? {} : { acts }),
    ...(marks.length === 0 ? {} : { marks }),
  };
}

/** A statement that only one dialect knows to be that bad is an act, though others read it too. */
function actsOf(ordered: readonly Finding[], worst: Effect): readonly AnalysedAct[] {
  const once = ordered.filter(({ effect, restates }) => effect !== 'read' && restates !== true);
  const acts = once.some(({ effect }) => effect === worst) ? once : ordered.filter(({ effect }) => effect === worst);
  return acts.slice(0, MAX_ACTS).map(({ effect, action, reason, everyRow, objects }) => ({
    effect,
    reason,
    ...(action === undefined ? {} : { action }),
    ...(everyRow === undefined ? {} : { everyRow }),
    ...(objects === undefined || objects.length === 0 ? {} : { objects }),
  }));
}

/** SECURITY(CL-06): what could not be parsed is graded like a deletion and says so. */
export function couldNotInterpret(domain: Domain, reason: string): AnalyserVerdict {
  return { effect: 'delete', domain, uninterpreted: true, reasons: [reason] };
}

/** The verdict over several values of one call: each counts, the worst leads. Marks would mean nothing over several. */
export function worstVerdict(verdicts: readonly AnalyserVerdict[], domain: Domain): AnalyserVerdict {
  const acts = [...EFFECTS]
    .reverse()
    .flatMap((effect) => verdicts.flatMap((verdict) => (verdict.acts ?? []).filter((act) => act.effect === effect)));
  const { marks: _, ...whole } = verdictOf(
    verdicts.flatMap((verdict) =>
      verdict.reasons.map((reason, index) => ({
        ...verdict,
        reason,
        ...(index === 0 ? {} : { objects: undefined }),
      })),
    ),
    domain,
  );
  return acts.length === 0 ? whole : { ...whole, acts };
}

/** Text from a call, made fit for a one-line reason: quoted, shortened, without invisible characters. */
export function quoted(text: string): string {
  const visible = text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '\uFFFD');
  return `"${visible.length > 60 ? `${visible.slice(0, 57)}…` : visible}"`;
}

function distinct<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const seen = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}
