/** A profile's rule on one call: what the arguments choose, or the worst case when there are none. */
import type { Classification } from '../../model/classification.ts';
import type { Effect } from '../../model/effect.ts';
import { isWorse, worstEffect } from '../../model/effect.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import type { Judged } from '../judge-arguments.ts';
import type { FoundRule } from './profile.ts';
import type { ArgumentRule, ToolRule } from './profile-schema.ts';

type Call = { readonly tool: { readonly name: string }; readonly arguments?: JsonObject | undefined };

export function applyRule(
  { profile, rule }: FoundRule,
  call: Call,
  judged: Judged,
  about: Pick<Classification, 'domain' | 'action'>,
): Classification {
  const byProfile = call.arguments === undefined ? rule.effect : effectOfCall(rule, call.arguments);
  const analysed = rule.analyse === false || call.arguments === undefined ? undefined : judged.analysed;
  const effect = analysed && rule.analyse === true ? analysed : worstEffect(byProfile, analysed ?? 'read');
  const reason = `Profile of ${profile.packages[0]}: ${call.tool.name} ${does[byProfile]}.`;
  const byArguments = analysed !== undefined && (rule.analyse === true || isWorse(analysed, byProfile));
  return {
    effect,
    basis: byArguments ? 'arguments' : 'profile',
    confidence: judged.uninterpreted && byArguments ? 'low' : 'high',
    domain: judged.domain && analysed ? judged.domain : about.domain,
    action: (analysed ? judged.action : undefined) ?? about.action,
    ...(byArguments && judged.uninterpreted ? { uninterpreted: true } : {}),
    reasons: byArguments ? [...judged.reasons, reason] : [reason],
  };
}

const does: Record<Effect, string> = { read: 'reads', write: 'changes', delete: 'deletes' };

/** The worst that any of the arguments chooses; what none of them decides is the rule's `otherwise`. */
function effectOfCall(rule: ToolRule, args: JsonObject): Effect {
  const chosen = (rule.arguments ?? []).flatMap((argument) => effectOfArgument(argument, args) ?? []);
  const otherwise = rule.otherwise ?? rule.effect;
  const decided = (rule.arguments ?? []).some((argument) => argument.values && effectOfArgument(argument, args));
  return worstEffect(...chosen, ...(decided ? [] : [otherwise]));
}

function effectOfArgument(rule: ArgumentRule, args: JsonObject): Effect | undefined {
  const value = Object.hasOwn(args, rule.argument) ? args[rule.argument] : rule.default;
  if (value === undefined) return undefined;
  if (rule.values) {
    const listed = typeof value !== 'object' && Object.hasOwn(rule.values, String(value));
    return listed ? rule.values[String(value)] : 'delete';
  }
  const begun = Object.entries(rule.prefixes ?? {}).filter(([prefix]) => String(value).trimStart().startsWith(prefix));
  if (begun.length > 0) return worstEffect(...begun.map(([, effect]) => effect));
  return isGiven(value) ? rule.present : undefined;
}

function isGiven(value: JsonValue): boolean {
  return (
    value !== false &&
    value !== null &&
    value !== '' &&
    value !== 0 &&
    value !== 'false' &&
    !(Array.isArray(value) && value.length === 0)
  );
}
