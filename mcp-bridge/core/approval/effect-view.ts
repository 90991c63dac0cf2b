/**
 * Turns an operation into what the approval window shows. Facts come from parsers over the frozen call and from the
 * bridge's own reading of the world; words of the AI client stand apart as claims; the arguments are always there in
 * full, last (DESIGN 7.5, 7.6; DG-21).
 *
 * INVARIANT: a delete is never confirmed by a click alone, and nothing of the call is left out.
 */

import { nameWarning } from '../display/mixed-scripts.ts';
import { hasInvisible } from '../display/show-invisible.ts';
import type { Classification } from '../model/classification.ts';
import type { ArgumentField, EffectView, Fact, Section } from '../model/effect-view.ts';
import type { JsonValue } from '../model/json.ts';
import type { FrozenCall, Operation } from '../model/operation.ts';
import type { ToolDefinition } from '../model/tool.ts';
import { argumentFields } from './argument-fields.ts';
import { purposeClaims } from './claims.ts';
import { confirmationFor, isProduction } from './confirmation.ts';
import { declaredArguments } from './declared-arguments.ts';
import { commitView } from './views/commit-view.ts';
import { filesView } from './views/files-view.ts';
import { genericView } from './views/generic-view.ts';
import { gitOtherView } from './views/git-other-view.ts';
import { objectsView } from './views/objects-view.ts';
import { pushView } from './views/push-view.ts';
import type { ViewPart } from './views/view-part.ts';
import { machineFact } from './views/words.ts';

type ShownTool = Pick<ToolDefinition, 'inputSchema'>;

export function buildEffectView(operation: Operation, tool: ShownTool): EffectView {
  const { call, classification, environment } = operation;
  const declared = declaredArguments(call.arguments, tool.inputSchema);
  const part = partFor({ ...operation, call: { ...call, arguments: declared } });
  const irreversible = classification.effect === 'delete' || part.irreversible === true;
  const fields = argumentFields(call.arguments, tool.inputSchema);
  const undeclared = fields.filter((field) => field.undeclared).map((field) => field.name);
  return {
    effect: classification.effect,
    headline: part.headline,
    consequence: part.consequence,
    irreversible,
    ...(environment === undefined ? {} : { environment }),
    warnings: [...commonWarnings(operation, undeclared), ...nameWarnings(part), ...(part.warnings ?? [])],
    facts: [...(part.facts ?? []), ...commonFacts(operation)],
    sections: [...(part.sections ?? []), ...argumentSections(fields, part.shown ?? []), ...continuationSections(call)],
    claims: purposeClaims(call.arguments),
    confirmation: confirmationFor({ irreversible, environment, confirmName: part.confirmName }),
    approveLabel: part.approveLabel ?? (classification.effect === 'delete' ? 'Approve the deletion' : 'Approve once'),
  };
}

/** All arguments, but for those that stand in a section above word for word. */
function argumentSections(fields: readonly ArgumentField[], shown: readonly string[]): readonly Section[] {
  const rest = fields.filter(({ name, undeclared }) => undeclared || !shown.includes(name));
  if (rest.length === fields.length) return [{ kind: 'arguments', title: 'Everything the call carries', fields }];
  return rest.length === 0 ? [] : [{ kind: 'arguments', title: 'What else the call carries', fields: rest }];
}

/** SECURITY(I2, MC-17): they go to the server with the arguments, and an AI client can make them up. */
function continuationSections({ continuation }: FrozenCall): readonly Section[] {
  if (continuation === undefined) return [];
  const fields = argumentFields(continuation, {}).map(({ undeclared: _undeclared, ...field }) => field);
  return [{ kind: 'arguments', title: 'Answers that the AI client sends to the server with the call', fields }];
}

function partFor(operation: Operation): ViewPart {
  const { facts } = operation.gathered;
  switch (facts.kind) {
    case 'git-commit':
      return commitView(facts, operation);
    case 'git-push':
      return pushView(facts);
    case 'git-other':
      return gitOtherView(facts, operation);
    case 'files':
      return filesView(facts);
    case 'objects':
      return objectsView(facts, operation);
    case 'none':
    case 'unavailable':
      return genericView(operation);
  }
}

function commonWarnings({ call, classification, gathered, environment }: Operation, undeclared: readonly string[]) {
  const { facts } = gathered;
  const isUnknown = classification.basis === 'unknown';
  return [
    ...(isProduction(environment) ? [`This is ${environment}.`] : []),
    ...(classification.uninterpreted
      ? [`Could not interpret ${uninterpretedNoun(classification)}, so it is treated as a deletion.`]
      : []),
    ...(isUnknown ? ['It is not known what this tool does, so the worst is assumed.'] : []),
    ...(facts.kind === 'unavailable' ? [`What it acts on could not be read: ${facts.reason}`] : []),
    ...(undeclared.length > 0 ? [`Not declared by the tool: ${undeclared.join(', ')}.`] : []),
    ...(holdsInvisible(call.arguments) || holdsInvisible(call.continuation ?? null)
      ? ['The call holds characters that cannot be seen; each is drawn as its number, like ⟨U+200B⟩.']
      : []),
  ];
}

function uninterpretedNoun({ code = [] }: Classification): string {
  const language = code.find(({ uninterpreted }) => uninterpreted)?.language;
  return language === 'sql' ? 'the SQL' : language === 'shell' ? 'the command' : 'it';
}

function nameWarnings({ names = [] }: ViewPart): readonly string[] {
  const sentences = names.slice(0, 500).flatMap((name) => nameWarning(name)?.sentence ?? []);
  return [...new Set(sentences)];
}

function holdsInvisible(value: JsonValue): boolean {
  if (typeof value === 'string') return hasInvisible(value, { lines: 'multi-line' });
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsInvisible);
  return Object.entries(value).some(([name, member]) => hasInvisible(name) || holdsInvisible(member));
}

/** The environment is a badge and, where it is production, a warning: no line repeats it. */
function commonFacts({ call }: Operation): readonly Fact[] {
  return [machineFact('Tool', `${call.toolName} on ${call.serverId}`)];
}
