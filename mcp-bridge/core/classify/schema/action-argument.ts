/**
 * One tool, several acts: the argument whose value says which (`mode: list | create | delete`).
 *
 * An argument counts when its name asks "what to do" and one of its allowed values is a verb, or when its name may
 * ask it (`mode`, `type`) and most values are verbs. Each value is read like a tool name; one that says nothing takes
 * what the tool's own words say, or delete-grade.
 */
import type { Effect } from '../../model/effect.ts';
import { verbOf } from '../names/lexicon.ts';
import { readName } from '../names/read-name.ts';
import { wordsOf } from '../names/words.ts';
import type { Property } from './properties.ts';

export type ActionArgument = {
  readonly name: string;
  readonly depth: number;
  /** `undefined`: the value is no verb we know. */
  readonly effects: ReadonlyMap<string, Effect | undefined>;
  readonly defaultValue: string | undefined;
};

const asksWhat = new Set([
  'action',
  'actions',
  'operation',
  'operations',
  'op',
  'command',
  'subcommand',
  'method',
  'verb',
]);
const mayAskWhat = new Set([
  'mode',
  'type',
  'kind',
  'task',
  'function',
  'event',
  'cmd',
  'request',
  'tool',
  'intent',
  'do',
]);
const httpEffects = new Map<string, Effect>([
  ['get', 'read'],
  ['head', 'read'],
  ['options', 'read'],
  ['post', 'write'],
  ['put', 'write'],
  ['patch', 'write'],
  ['delete', 'delete'],
]);

/** `changes`: the tool's name says surely what it changes; an HTTP method among its arguments is then data. */
export function actionArguments(properties: readonly Property[], changes = false): readonly ActionArgument[] {
  return merged(properties).flatMap((property) => {
    const words = wordsOf(property.name);
    const lastWord = words.at(-1) ?? '';
    const strong = asksWhat.has(lastWord);
    const maybe =
      mayAskWhat.has(lastWord) && (words.length === 1 || asksWhat.has(words[0] ?? '') || lastWord === 'mode');
    if ((!strong && (!maybe || changes)) || property.choices.length === 0) return [];
    if (isJsonPatch(property) || (changes && listsHttpMethods(property.choices))) return [];
    const effects = new Map(property.choices.map((choice) => [choice, effectOfChoice(choice, property.choices)]));
    const verbs = [...effects.values()].filter((effect) => effect !== undefined).length;
    const enough = strong ? verbs >= 1 : verbs * 2 > effects.size && property.depth === 0 && startsWithVerbs(property);
    if (!enough) return [];
    const { name, depth, defaultValue } = property;
    return [{ name, depth, effects, defaultValue: typeof defaultValue === 'string' ? defaultValue : undefined }];
  });
}

/** Alternatives of a schema repeat the argument, each with one of its values. */
function merged(properties: readonly Property[]): readonly Property[] {
  const byName = new Map<string, Property>();
  for (const property of properties) {
    const key = `${property.depth} ${property.name}`;
    const known = byName.get(key);
    const choices = property.choices.length > 0 ? property.choices : describedChoices(property);
    byName.set(key, known ? { ...known, choices: [...known.choices, ...choices] } : { ...property, choices });
  }
  return [...byName.values()];
}

const listsValues = new Set(['action', 'actions', 'operation', 'op', 'subcommand', 'verb', 'mode']);

/** A text argument whose values stand in its description: "one of 'list', 'create', 'delete'". */
function describedChoices({ name, types, description }: Property): readonly string[] {
  if (!types.has('string') || !listsValues.has(wordsOf(name).at(-1) ?? '')) return [];
  const quoted = [...description.matchAll(/(["'`])([a-z][a-z0-9_-]{1,30})\1/gi)].map((match) => match[2] as string);
  return quoted.length > 1 ? quoted : [];
}

const statesToSet = new Set(['new', 'on', 'off', 'up', 'down']);

const detaching = new Set(['detach', 'unlink', 'unassign']);

function listsHttpMethods(choices: readonly string[]): boolean {
  return choices.includes('GET') || choices.includes('POST');
}

function effectOfChoice(choice: string, all: readonly string[]): Effect | undefined {
  const lower = choice.toLowerCase();
  if (listsHttpMethods(all)) return httpEffects.get(lower) ?? 'delete';
  if (statesToSet.has(lower)) return 'write';
  // Beside `detach` a connection is a lasting link between things, not the tool's own line to a system.
  if (lower === 'connect' && all.some((other) => detaching.has(other.toLowerCase()))) return 'write';
  const reading = readName(choice);
  return reading && reading.certainty !== 'vague' ? reading.effect : undefined;
}

/**
 * Beside a name that surely reads (`list_todos`) such an argument is a filter (`action: build_failed`), unless one of
 * its values can be nothing but another act.
 */
export function bindingOnly(found: readonly ActionArgument[]): readonly ActionArgument[] {
  return found.filter(({ effects }) =>
    [...effects].some(([choice, effect]) => effect !== undefined && effect !== 'read' && beginsWithAct(choice)),
  );
}

/** `refund` and `pause` among the values may be what to filter by; these are what one tool does instead of another. */
const core = new Set(
  'create add insert update edit modify set write save put upload send run execute delete remove destroy purge clear'.split(
    ' ',
  ),
);

function beginsWithAct(choice: string): boolean {
  const first = verbOf(wordsOf(choice)[0] ?? '');
  return first !== undefined && !first.alsoNoun && core.has(first.word);
}

/** `type: issue | comment | label` are things although each could be a verb; a list of acts has a real verb in it. */
function startsWithVerbs(property: Property): boolean {
  return property.choices.some((choice) => {
    const verb = verbOf(wordsOf(choice)[0] ?? '');
    return verb !== undefined && (!verb.alsoNoun || verb.word === 'list');
  });
}

/** RFC 6902 operations edit fields of one document: `remove` there unsets a field, it destroys no object. */
const jsonPatch = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);
function isJsonPatch(property: Property): boolean {
  return property.name === 'op' && property.choices.every((choice) => jsonPatch.has(choice.toLowerCase()));
}
