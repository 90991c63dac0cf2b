import type { Effect } from './effect.ts';
import type { Mark } from './effect-view.ts';
import type { JsonValue } from './json.ts';

/** Which evidence decided, strongest first. */
export const BASES = ['pin', 'profile', 'arguments', 'annotations', 'names', 'unknown'] as const;
export type Basis = (typeof BASES)[number];

/** What kind of system a call acts on; guardrails are written against these, not against tool names (CL-10). */
export const DOMAINS = [
  'version-control',
  'files',
  'database',
  'shell',
  'message',
  'web',
  'infrastructure',
  'knowledge',
  'other',
] as const;
export type Domain = (typeof DOMAINS)[number];

/** The classifier's answer. It explains itself: `reasons` are plain sentences, most important first. */
export type Classification = {
  readonly effect: Effect;
  readonly basis: Basis;
  readonly confidence: 'high' | 'medium' | 'low';
  readonly domain: Domain;
  /** The act in the domain's own verb where it is known: `commit`, `push`, `drop-table`, `send`. */
  readonly action?: string | undefined;
  /** True when the bytes could not be parsed; the approval window then says "could not interpret". */
  readonly uninterpreted?: boolean | undefined;
  readonly reasons: readonly string[];
  /** Arguments that were parsed as code, for the approval window. */
  readonly code?: readonly AnalysedCode[] | undefined;
};

/** What a parser found in one argument; `objects` are the targets that the code names, in its own spelling. */
export type AnalysedCode = {
  readonly argumentName: string;
  readonly language: 'sql' | 'shell' | 'json' | 'text';
  /** The value that was analysed, as the call carries it; undefined: the argument of that name. */
  readonly value?: JsonValue | undefined;
  readonly uninterpreted?: boolean | undefined;
  /** What it does besides reading, the worst first. */
  readonly acts?: readonly AnalysedAct[] | undefined;
  readonly objects?: readonly AnalysedObject[] | undefined;
  /** Offsets into `value`, where that is one text. */
  readonly marks?: readonly Mark[] | undefined;
};

/** One thing that the code does; `reason` is a sentence of ours. */
export type AnalysedAct = {
  readonly effect: Effect;
  readonly action?: string | undefined;
  readonly reason: string;
  /** It reaches every row: there is no WHERE, or one that is always true (DG-22). */
  readonly everyRow?: 'no-where' | 'always-true' | undefined;
  readonly objects?: readonly AnalysedObject[] | undefined;
};

/** `name` is untrusted text; `kind` is ours: `table`, `function`, `path`, `branch`, `repository`, `resource`. */
export type AnalysedObject = { readonly kind: string; readonly name: string };
