/**
 * What the arguments of a call add to a tool's own words: which act was chosen, which switch is set, and what the code,
 * command or query in it does. Without arguments: the worst of all that.
 */
import type { AnalysedCode, Domain } from '../model/classification.ts';
import type { Effect } from '../model/effect.ts';
import { isWorse, worstEffect } from '../model/effect.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { AnalyserKind, Analysers, AnalyserVerdict } from './analysers/ports.ts';
import type { ActionArgument } from './schema/action-argument.ts';
import { valuesNamed } from './schema/argument-values.ts';
import type { CodeArgument } from './schema/code-argument.ts';
import type { ToolReading } from './tool-reading.ts';

export type Judged = {
  /** Undefined: the arguments say nothing; the tool's own words stand alone. */
  readonly effect: Effect | undefined;
  /** They decide alone, because the tool's own words leave it to them. */
  readonly alone: boolean;
  /** What analysers of code-like values found; the only part that also counts beside a profile. */
  readonly analysed: Effect | undefined;
  readonly uninterpreted: boolean;
  readonly domain?: Domain | undefined;
  readonly action?: string | undefined;
  readonly reasons: readonly string[];
  /** What was looked into, for the approval window. */
  readonly code: readonly AnalysedCode[];
};

type Call = {
  readonly tool: { readonly name: string };
  readonly dialect?: string | undefined;
  readonly arguments?: JsonObject | undefined;
};
type Finding = {
  readonly effect: Effect;
  readonly alone: boolean;
  readonly analysed?: boolean;
  readonly verdict?: AnalyserVerdict;
  readonly code?: AnalysedCode;
  readonly reason: string;
};

export function judgeArguments(reading: ToolReading, call: Call, analysers: Analysers): Judged {
  const actions = reading.actions.map((action) => judgeAction(action, reading, call.arguments));
  const chosen = actions.some((finding) => finding !== undefined && call.arguments !== undefined);
  const findings = [
    ...actions,
    ...judgeFlags(reading, call.arguments),
    ...judgeCode(reading, call, analysers, chosen),
  ].filter((finding): finding is Finding => finding !== undefined);
  const effects = findings.map((finding) => finding.effect);
  const sorted = [...findings].sort(
    (a, b) => Number(isWorse(b.effect, a.effect)) - Number(isWorse(a.effect, b.effect)),
  );
  const analysed = findings.filter((finding) => finding.analysed).map((finding) => finding.effect);
  const verdict = sorted.find((finding) => finding.verdict)?.verdict;
  return {
    effect: effects.length > 0 ? worstEffect(...effects) : undefined,
    alone: findings.some((finding) => finding.alone),
    analysed: analysed.length > 0 ? worstEffect(...analysed) : undefined,
    uninterpreted: findings.some((finding) => finding.verdict?.uninterpreted),
    domain: verdict?.domain,
    action: verdict?.action,
    reasons: sorted.flatMap((finding) => [finding.reason, ...(finding.verdict?.reasons ?? [])]).filter(Boolean),
    code: sorted.flatMap((finding) => finding.code ?? []),
  };
}

function judgeAction(action: ActionArgument, reading: ToolReading, args: JsonObject | undefined): Finding | undefined {
  const alone = !reading.nameBinds;
  const fallback = reading.certainty === 'none' ? 'delete' : reading.effect;
  const effectOf = (choice: string): Effect => action.effects.get(choice) ?? fallback;
  if (args === undefined) {
    const worst = worstEffect(...[...action.effects.keys()].map(effectOf));
    const named = [...action.effects.keys()].filter((choice) => effectOf(choice) === worst);
    return { effect: worst, alone, reason: `Argument \`${action.name}\` can be ${list(named)}: ${worst}.` };
  }
  const found = valuesNamed(action.name, args);
  const given =
    found.values.length === 0 && action.defaultValue !== undefined && action.depth === 0
      ? [action.defaultValue]
      : found.values;
  if (given.length === 0) return action.depth === 0 ? judgeAction(action, reading, undefined) : undefined;
  const effects = given
    .flat(1)
    .map((value: JsonValue) => (typeof value === 'string' && action.effects.has(value) ? effectOf(value) : 'delete'));
  const effect = found.complete ? worstEffect(...effects) : 'delete';
  return { effect, alone, reason: `Argument \`${action.name}\` is ${list(given.flat(1).map(String))}: ${effect}.` };
}

function judgeFlags({ flags }: ToolReading, args: JsonObject | undefined): readonly Finding[] {
  return flags
    .filter((flag) => args === undefined || isSet(args[flag]))
    .map((flag) => ({
      effect: 'delete',
      alone: false,
      reason: `Argument \`${flag}\` ${args ? 'is set' : 'can be set'}: it deletes.`,
    }));
}

function isSet(value: JsonValue | undefined): boolean {
  return !(
    value === undefined ||
    value === null ||
    value === false ||
    value === 'false' ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** A tool that only runs what it is given has no effect of its own, so the verdict decides alone. */
function judgeCode(reading: ToolReading, call: Call, analysers: Analysers, chosen: boolean): readonly Finding[] {
  const leaves = reading.runs || reading.certainty !== 'sure' || reading.effect === 'read';
  const { arguments: args } = call;
  // With one of several given, the others have nothing to run; with none, no one knows what the server would run.
  const anyGiven = args !== undefined && reading.code.some(({ name }) => valuesNamed(name, args).values.length > 0);
  return reading.code.flatMap((code): readonly Finding[] => {
    if (code.onlyRaises && call.arguments === undefined) return [];
    const alone = leaves && !code.onlyRaises;
    if (call.arguments === undefined) return [worstCase(code, reading, alone)];
    const { values, complete } = valuesNamed(code.name, call.arguments);
    if (!complete)
      return [{ effect: 'delete', alone, analysed: true, reason: 'The arguments are too deep to be looked through.' }];
    if (values.length === 0) return chosen || code.onlyRaises || anyGiven ? [] : [worstCase(code, reading, alone)];
    const analyser = code.kind && Object.hasOwn(analysers, code.kind) ? analysers[code.kind] : undefined;
    if (!analyser) {
      const unread: Finding = { ...worstCase(code, reading, alone), effect: 'delete', analysed: true };
      return values.map((value) => ({
        ...unread,
        verdict: uninterpreted,
        code: analysedCode(code, value, uninterpreted),
      }));
    }
    return values.map((value): Finding => {
      const context = {
        toolName: call.tool.name,
        argumentName: code.name,
        dialect: call.dialect,
        arguments: call.arguments as JsonObject,
      };
      const verdict = analyser(value, context);
      const shown = code.kind !== 'http' && code.kind !== 'path';
      return {
        effect: verdict.effect,
        alone,
        analysed: true,
        verdict,
        reason: '',
        ...(shown ? { code: analysedCode(code, value, verdict) } : {}),
      };
    });
  });
}

const uninterpreted: AnalyserVerdict = { effect: 'delete', uninterpreted: true, reasons: ['Could not interpret it.'] };

const LANGUAGES: { readonly [Kind in AnalyserKind]?: AnalysedCode['language'] } = {
  sql: 'sql',
  shell: 'shell',
  'git-argv': 'shell',
  kubernetes: 'shell',
  'cloud-cli': 'shell',
  mongo: 'json',
};

function analysedCode({ name, kind }: CodeArgument, value: JsonValue, verdict: AnalyserVerdict): AnalysedCode {
  const { uninterpreted, acts, objects, marks } = verdict;
  return {
    argumentName: name,
    language: (kind && LANGUAGES[kind]) ?? 'text',
    value,
    ...(uninterpreted ? { uninterpreted } : {}),
    ...(acts ? { acts } : {}),
    ...(objects ? { objects } : {}),
    ...(marks ? { marks } : {}),
  };
}

/** Without the bytes, a promise to run only what reads is taken at its word; with them, the analyser checks it. */
function worstCase(code: CodeArgument, reading: ToolReading, alone: boolean): Finding {
  const promised = reading.promisesReadOnly && code.kind !== undefined && code.kind !== 'shell';
  return promised
    ? {
        effect: 'read',
        alone,
        reason: `Argument \`${code.name}\` holds ${code.noun}, read-only by the tool's own word.`,
      }
    : { effect: 'delete', alone, reason: `Argument \`${code.name}\` holds ${code.noun}, which can do anything.` };
}

function list(choices: readonly string[]): string {
  return choices
    .slice(0, 5)
    .map((choice) => `\`${choice.slice(0, 60)}\``)
    .join(', ');
}
