/**
 * Everything a definition says about its tool, before any call: words, description and the arguments that decide.
 * All of it is untrusted; where two of its parts disagree, the worse one is believed.
 */
import type { Effect } from '../model/effect.ts';
import { isWorse, worstEffect } from '../model/effect.ts';
import type { JsonValue } from '../model/json.ts';
import type { ToolDefinition } from '../model/tool.ts';
import { effectByObject } from './names/objects.ts';
import { type DescriptionReading, readDescription } from './names/read-description.ts';
import { type NameReading, readName } from './names/read-name.ts';
import { wordsOf } from './names/words.ts';
import { type ActionArgument, actionArguments, bindingOnly } from './schema/action-argument.ts';
import { type CodeArgument, codeArguments } from './schema/code-argument.ts';
import { deleteFlags } from './schema/delete-flags.ts';
import { propertiesOf } from './schema/properties.ts';

export type ToolReading = {
  readonly effect: Effect;
  readonly certainty: 'sure' | 'leaning' | 'none';
  /** The words say that something is run; what it is given decides how bad that is. */
  readonly runs: boolean;
  /** The name's verb is one that cannot be a noun: an argument can make it worse, never better. */
  readonly nameBinds: boolean;
  readonly verb: string | undefined;
  readonly promisesReadOnly: boolean;
  readonly actions: readonly ActionArgument[];
  readonly code: readonly CodeArgument[];
  readonly flags: readonly string[];
  readonly words: readonly string[];
  readonly reasons: readonly string[];
};

const MAX_NAME_CHARACTERS = 200;
/** What a runner runs when it is not a job of the server's own: `run_command`, `execute_python`. */
const runnable = new Set(
  `code command commands cmd script scripts sql statement statements shell terminal bash powershell python javascript js
   typescript node program cli expression snippet applescript osascript repl query queries process raw`.split(/\s+/),
);

export function readTool(tool: ToolDefinition, serverWords: ReadonlySet<string>): ToolReading {
  const toolName = String(tool.name).slice(0, MAX_NAME_CHARACTERS);
  const description = typeof tool.description === 'string' ? tool.description : '';
  const named = readName(toolName, serverWords, description.slice(0, 2_000).toLowerCase());
  const described = readDescription(description);
  const properties = propertiesOf(tool.inputSchema as JsonValue);
  const own = combine(toolName, named, described, description.slice(0, 2_000).toLowerCase());
  const runs = own.runs || (named === undefined && described.runs);
  const words = named?.words ?? wordsOf(toolName);
  const text = `${words.join(' ')} ${[...serverWords].join(' ')} ${description.slice(0, 2_000)}`.toLowerCase();
  const looks = own.effect === 'read' && own.certainty === 'sure' && named?.certainty === 'sure' && !runs;
  const changes = own.effect !== 'read' && own.nameBinds && !runs;
  const code = codeArguments(properties, { text, runs, looks, changes });
  const runsAnything =
    runs && code.length === 0 && words.some((word) => runnable.has(word)) && !described.promisesReadOnly;
  return {
    ...own,
    ...(runsAnything ? { effect: 'delete' as const, reasons: ['It runs what it is given.', ...own.reasons] } : {}),
    runs,
    words,
    promisesReadOnly: described.promisesReadOnly,
    actions: looks ? bindingOnly(actionArguments(properties)) : actionArguments(properties, changes),
    code,
    flags: deleteFlags(properties, { words, verb: own.verb, looks, reads: own.effect === 'read' && !runs }),
  };
}

type OwnWords = Pick<ToolReading, 'effect' | 'certainty' | 'runs' | 'nameBinds' | 'verb' | 'reasons'>;

function combine(
  toolName: string,
  named: NameReading | undefined,
  described: DescriptionReading,
  text: string,
): OwnWords {
  const fromName = named && named.certainty !== 'vague' ? named : undefined;
  if (!fromName || (fromName.nounLike && described.effect && described.certainty === 'sure')) {
    return fromDescription(toolName, named, described);
  }
  const nameReason = `The name says \`${fromName.verb}\`: ${does[fromName.effect]}.`;
  const base = {
    verb: fromName.verb,
    runs: fromName.runs,
    nameBinds: fromName.binds,
  };
  const certainty = fromName.certainty === 'sure' ? 'sure' : 'leaning';
  if (described.saysDestroys && fromName.effect === 'write') {
    return {
      ...base,
      effect: 'delete',
      certainty: 'sure',
      reasons: ['The description says it destroys for good.', nameReason],
    };
  }
  if (described.effect && isWorse(described.effect, fromName.effect) && !excused(fromName, described, toolName, text)) {
    const reason = `The description says \`${described.verb}\`: ${does[described.effect]}.`;
    return {
      ...base,
      effect: described.effect,
      certainty: 'leaning',
      verb: described.verb,
      reasons: [reason, nameReason],
    };
  }
  if (
    fromName.effect === 'write' &&
    mild.has(fromName.verb) &&
    described.effect === 'read' &&
    described.certainty === 'sure'
  ) {
    return fromDescription(toolName, named, described);
  }
  const confirmed = described.effect === fromName.effect && described.certainty === 'sure';
  return { ...base, effect: fromName.effect, certainty: confirmed ? 'sure' : certainty, reasons: [nameReason] };
}

/** A connection ends or begins by whatever words; an un-verb takes back what another verb did, however it is told. */
function excused(named: NameReading, described: DescriptionReading, toolName: string, text: string): boolean {
  if (connecting.has(named.verb)) return true;
  if (effectByObject(described.verb ?? '', wordsOf(toolName), text) === named.effect) return true;
  if (named.byObject && (described.effect === 'write' || described.verb === named.verb)) return true;
  if (named.verb === 'drag' && described.verb === 'drop') return true;
  if (named.certainty !== 'sure') return named.effect === 'read' && described.runs && described.certainty === 'leaning';
  // Only a verb that is sure of itself accuses a name that is (a "get" that "creates"), in either direction.
  if (described.certainty !== 'sure' || (named.effect === 'read' && described.nounLike)) return true;
  return named.verb.startsWith('un') && described.verb === 'remove';
}

/** Verbs that change something about as often as they only look; a description that is sure settles it. */
const mild = new Set([
  'open',
  'resolve',
  'take',
  'load',
  'watch',
  'capture',
  'answer',
  'convert',
  'log',
  'report',
  'review',
]);

const connecting = new Set(['connect', 'disconnect', 'reconnect', 'login', 'authenticate']);

function fromDescription(toolName: string, named: NameReading | undefined, described: DescriptionReading): OwnWords {
  const nothing = named
    ? `The name's \`${named.verb}\` does not settle what it does.`
    : `Nothing in the name \`${toolName}\` says what it does.`;
  const base = { runs: described.runs || (named?.runs ?? false), nameBinds: false };
  if (!described.effect) {
    const reasons = [nothing, 'What is not understood is treated like a deletion.'];
    return { ...base, effect: 'delete', certainty: 'none', verb: undefined, reasons };
  }
  const effect = described.saysDestroys ? worstEffect(described.effect, 'delete') : described.effect;
  const reason = `The description says \`${described.verb}\`: ${does[described.effect]}.`;
  const certainty = effect === 'write' && described.certainty === 'sure' ? 'sure' : 'leaning';
  return { ...base, effect, certainty, verb: described.verb, reasons: [reason, nothing] };
}

const does: Record<Effect, string> = { read: 'it reads', write: 'it changes something', delete: 'it deletes' };
