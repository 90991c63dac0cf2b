/**
 * Everything a definition says about its tool, before any call: words, description and the arguments that decide.
 * All of it is untrusted; where two of its parts disagree, the worse one is believed.
 */
import type { Effect } from '../model/effect.ts';
import { isWorse } from '../model/effect.ts';
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
   typescript node program cli expression snippet applescript osascript repl query queries process raw procedure procedures method methods`.split(
    /\s+/,
  ),
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
  // A tool that makes requests is named for the request, not for what it does with it.
  const requests = own.verb === 'make' || words.some((word) => requesting.has(word));
  const changes = own.effect !== 'read' && own.nameBinds && !runs && !requests;
  const code = codeArguments(properties, { text, runs, looks, changes, studies: studying.has(own.verb ?? '') });
  const runsAnything =
    runs && code.length === 0 && words.some((word) => runnable.has(word)) && !described.promisesReadOnly;
  return {
    ...own,
    ...(runsAnything
      ? { effect: 'delete' as const, nameBinds: true, reasons: ['It runs what it is given.', ...own.reasons] }
      : {}),
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
  if (fromName.onlyNouns && described.vague) return notUnderstood(toolName, named, described);
  const nameReason = `The name says \`${fromName.verb}\`: ${does[fromName.effect]}.`;
  const base = {
    verb: fromName.verb,
    runs: fromName.runs,
    nameBinds: fromName.binds,
  };
  const certainty = fromName.certainty === 'sure' ? 'sure' : 'leaning';
  if (fromName.effect === 'write' && (described.saysDestroys || (fromName.runs && described.speaksOfDeleting))) {
    const reason = described.saysDestroys ? 'The description says it destroys for good.' : 'What it runs may delete.';
    return { ...base, effect: 'delete', certainty: 'sure', reasons: [reason, nameReason] };
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
  if (named.byObject && described.verb === named.verb) return true;
  if (named.verb === 'drag' && described.verb === 'drop') return true;
  if (named.certainty !== 'sure') {
    return (
      named.effect === 'read' && described.certainty === 'leaning' && (described.runs || mild.has(described.verb ?? ''))
    );
  }
  // Only a verb that is sure of itself accuses a name that is (a "get" that "creates"), in either direction.
  if (described.certainty !== 'sure') return true;
  return named.effect === 'read' && (described.nounLike || making.has(described.verb ?? ''))
    ? true
    : described.addsAndRemoves || (named.verb.startsWith('un') && described.verb === 'remove');
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

const requesting = new Set(['api', 'http', 'https', 'rest', 'endpoint']);

const studying = new Set('analyze analyse validate verify lint parse format beautify repair fix check'.split(' '));

/** What a reading verb may be said to make: its answer. */
const making = new Set(['generate', 'build', 'compose', 'draw', 'format', 'convert', 'make', 'compress', 'expand']);

const connecting = new Set(['connect', 'disconnect', 'reconnect', 'login', 'authenticate']);

function fromDescription(toolName: string, named: NameReading | undefined, described: DescriptionReading): OwnWords {
  const { effect: opening, certainty, verb, speaksOfDeleting, saysDestroys } = described;
  // "Executes …" under a name that says nothing: what is executed is anyone's guess.
  const guess = described.runs && certainty === 'leaning' && !described.promisesReadOnly;
  if (!opening || guess) return notUnderstood(toolName, named, described);
  const deletes = saysDestroys || (speaksOfDeleting && opening !== 'read');
  return {
    runs: described.runs || (named?.runs ?? false),
    nameBinds: false,
    effect: deletes ? 'delete' : opening,
    certainty: opening === 'write' && certainty === 'sure' && !deletes ? 'sure' : 'leaning',
    verb,
    reasons: [
      deletes ? 'The description speaks of deleting.' : `The description says \`${verb}\`: ${does[opening]}.`,
      saysNothing(toolName, named),
    ],
  };
}

function notUnderstood(toolName: string, named: NameReading | undefined, described: DescriptionReading): OwnWords {
  return {
    runs: described.runs || (named?.runs ?? false),
    nameBinds: false,
    effect: 'delete',
    certainty: 'none',
    verb: undefined,
    reasons: [saysNothing(toolName, named), 'What is not understood is treated like a deletion.'],
  };
}

function saysNothing(toolName: string, named: NameReading | undefined): string {
  return named
    ? `The name's \`${named.verb}\` does not settle what it does.`
    : `Nothing in the name \`${toolName}\` says what it does.`;
}

const does: Record<Effect, string> = { read: 'it reads', write: 'it changes something', delete: 'it deletes' };
