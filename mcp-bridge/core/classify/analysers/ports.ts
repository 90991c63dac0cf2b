import type { AnalysedAct, AnalysedObject, Domain } from '../../model/classification.ts';
import type { Effect } from '../../model/effect.ts';
import type { Mark } from '../../model/effect-view.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';

/** The languages an argument may be written in. Each has one analyser; a missing one means "could not interpret". */
export const ANALYSER_KINDS = [
  'sql',
  'shell',
  'git-argv',
  'http',
  'graphql',
  'mongo',
  'redis',
  'kubernetes',
  'cloud-cli',
  'path',
] as const;
export type AnalyserKind = (typeof ANALYSER_KINDS)[number];

/** What an analyser may look at besides the value itself. All of it is untrusted except `dialect`. */
export type AnalyserContext = {
  readonly toolName: string;
  /** The argument's name; dotted when the value sits inside another argument. */
  readonly argumentName: string;
  /** SQL dialect, shell or cloud from the server's pinned configuration; undefined: the worst case over all. */
  readonly dialect?: string | undefined;
  /** Folders the upstream server was given, absolute; paths outside them are said to be outside. */
  readonly roots?: readonly string[] | undefined;
  /** The whole call, for languages spread over several arguments (an HTTP method and its headers). */
  readonly arguments: JsonObject;
};

/** `uninterpreted` goes with effect `delete`: what could not be parsed is never called harmless (CL-06). */
export type AnalyserVerdict = {
  readonly effect: Effect;
  readonly action?: string | undefined;
  readonly domain?: Domain | undefined;
  readonly uninterpreted?: boolean | undefined;
  /** Plain sentences, most important first. */
  readonly reasons: readonly string[];
  /** What the text names as its targets, in its own spelling: tables, branches, paths, buckets. */
  readonly objects?: readonly AnalysedObject[] | undefined;
  /** What it does besides reading, the worst first. */
  readonly acts?: readonly AnalysedAct[] | undefined;
  /** Where the danger stands in the text, for the approval window. */
  readonly marks?: readonly Mark[] | undefined;
};

/** Pure and total: every value yields a verdict, in time linear in its size. */
export type ArgumentAnalyser = (value: JsonValue, context: AnalyserContext) => AnalyserVerdict;

/** SQL and shell need parsers that are not pure JavaScript, so all analysers are handed in. */
export type Analysers = { readonly [Kind in AnalyserKind]?: ArgumentAnalyser };
