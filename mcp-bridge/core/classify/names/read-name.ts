/**
 * What a tool's name says it does.
 *
 * 1. The first word that can only be a verb is the head (`get` in `merge_request_get`, `delete` in `cookie_delete`).
 * 2. Otherwise a word that may be a noun counts where a verb belongs: first, or last (`commit_files`, `git_push`).
 * 3. Verbs joined on by and, or, then count too, and so do all verbs behind a head that only leans to reading.
 * 4. Only nouns, the last of them something to look at: reading (`git_status`), but leaning.
 * A participle is no verb: `get_deleted_items` reads.
 */
import type { Effect } from '../../model/effect.ts';
import { worstEffect } from '../../model/effect.ts';
import { isCollection, isViewNoun, type Verb, verbOf } from './lexicon.ts';
import { effectByObject } from './objects.ts';
import { wordsOf } from './words.ts';

export type NameReading = {
  readonly effect: Effect;
  readonly certainty: Verb['certainty'];
  /** The verb that decided. */
  readonly verb: string;
  readonly runs: boolean;
  /** The head can only be a verb, so that an argument may make it worse but never better. */
  readonly binds: boolean;
  /** The head may as well be a noun, and does not stand first: a description that is sure knows better. */
  readonly nounLike: boolean;
  /** The first word surely reads, so that a description that does too leaves no doubt. */
  readonly beginsReading: boolean;
  /** No verb at all; the last noun is something to look at. */
  readonly onlyNouns: boolean;
  /** What the verb is applied to decided, so a description that repeats the verb adds nothing. */
  readonly byObject: boolean;
  readonly words: readonly string[];
};

const joins = new Set(['and', 'or', 'then', 'n']);
/** HTTP methods in front of the real verb, as generators of API tools write them: `API-post-search`. */
const httpVerbs = new Set(['post', 'put', 'patch']);
/** Delete-words that are part of a thing's name. The thing itself can be read. */
const compounds = [
  ['delete', 'protection'],
  ['delete', 'marker'],
  ['delete', 'markers'],
  ['drop', 'down'],
  ['clear', 'text'],
  ['kill', 'switch'],
  ['void', 'reason'],
] as const;

/** `namespace` holds words that stand for the server itself; they are skipped in front (`slack_`, `browser_`). */
export function readName(
  name: string,
  namespace: ReadonlySet<string> = new Set(),
  description = '',
): NameReading | undefined {
  const all = wordsOf(name);
  const words = withoutSection(withoutPerform(withoutNamespace(withoutTool(all), namespace)));
  const candidates = words.map((word, index) =>
    insideCompound(words, index) || afterPreposition(words, index) ? undefined : verbOf(word),
  );
  const head = headIndex(words, candidates, all[0] === 'api');
  if (head === undefined) {
    const last = words.at(-1);
    return last !== undefined && (isViewNoun(last) || isListed(last, words, description))
      ? {
          effect: 'read',
          certainty: 'leaning',
          verb: last,
          runs: false,
          binds: false,
          nounLike: true,
          onlyNouns: true,
          beginsReading: false,
          byObject: false,
          words,
        }
      : undefined;
  }
  const verb = withObject(candidates[head] as Verb, all, `${all.join(' ')} ${description}`);
  const more = candidates.filter((candidate, index): candidate is Verb => {
    if (candidate === undefined || index <= head) return false;
    if (joins.has(words[index - 1] ?? '')) return true;
    if (index === words.length - 1 && isWeakPair(verb, candidate)) return true;
    if (candidate.alsoNoun) return false;
    return (index === head + 1 && verb.word !== 'get') || (verb.effect === 'read' && verb.certainty !== 'sure');
  });
  const effect = worstEffect(verb.effect, ...more.map((other) => other.effect));
  const decisive = [verb, ...more].find((other) => other.effect === effect) ?? verb;
  return {
    effect,
    certainty: decisive.certainty,
    verb: decisive.word,
    runs: [verb, ...more].some((other) => other.runs),
    binds: !verb.alsoNoun && verb.certainty === 'sure',
    nounLike: verb === candidates[head] && isDoubtful(words, candidates, head),
    beginsReading: isSureRead(candidates[0]),
    onlyNouns: false,
    byObject: verb !== candidates[head],
    words,
  };
}

const acts = /\b(?:creat|updat|delet|remov|modif|manag|edit|chang|operation|action|add|set|send|run|execut)/;

/** `server_domains`, "Domains on the server": the text begins with the thing itself, so that no verb can hide there. */
function isListed(last: string, words: readonly string[], description: string): boolean {
  const first = /^(?:(?:all|the|current|top|total|available) )*([a-z]+)/.exec(description)?.[1] ?? '';
  return (
    isCollection(last) && !acts.test(description) && (words.includes(first) || isCollection(first) || isViewNoun(first))
  );
}

/** `plan_apply`: which of the two is the verb? The worse one, until a description knows better. */
function isWeakPair(head: Verb, last: Verb): boolean {
  return head.effect === 'read' && head.alsoNoun && head.certainty === 'leaning' && last.effect !== 'read';
}

/** `message_list` and `archive_list`, `list_send` and `list_remove`: the name alone does not tell the verb. */
function isDoubtful(words: readonly string[], candidates: readonly (Verb | undefined)[], head: number): boolean {
  const looks = (verb: Verb | undefined) => verb?.effect === 'read' && verb.alsoNoun;
  if (!candidates[head]?.alsoNoun)
    return head > 0 && looks(candidates[0]) === true && !joins.has(words[head - 1] ?? '');
  const aboutView = head === 0 && isViewNoun(words.at(-1) ?? '') && !leading.has(candidates[0]?.word ?? '');
  const last = candidates.at(-1);
  if (head === 0 && last && last !== candidates[0] && isWeakPair(candidates[0] as Verb, last)) return true;
  const endsLooking = aboutView || looks(candidates.at(-1)) === true;
  return head > 0 || words.length === 1 || (endsLooking && candidates[0]?.effect !== 'read');
}

function isSureRead(verb: Verb | undefined): boolean {
  return verb?.effect === 'read' && verb.certainty === 'sure';
}

/** Of the verbs that may be nouns, those that hardly are in front: `start_scan`, but `mail_list_aliases`. */
const leading = new Set(
  `start stop end pause trigger schedule request queue apply sync claim skip play build stage record track hold block
   upload submit transfer`.split(/\s+/),
);

const looking = new Set(
  'get list read find fetch describe search query view show retrieve count lookup inspect'.split(' '),
);

function withObject(verb: Verb, objects: readonly string[], description: string): Verb {
  const effect = effectByObject(verb.word, objects, description);
  return effect ? { ...verb, effect, certainty: 'sure' } : verb;
}

function headIndex(
  words: readonly string[],
  candidates: readonly (Verb | undefined)[],
  generated: boolean,
): number | undefined {
  const first = candidates[0];
  const second = candidates[1];
  if (generated && first && httpVerbs.has(first.word) && second)
    return second.effect === 'read' || !second.alsoNoun ? 1 : 0;
  const pure = candidates.findIndex((verb) => verb !== undefined && !verb.alsoNoun);
  const section = first?.alsoNoun && first.effect !== 'read' && words.length > 2;
  if (section && isSureRead(second) && (looking.has(second?.word ?? '') || !leading.has(first.word))) return 1;
  if (pure >= 0) {
    if (first === undefined || pure === 0) return pure;
    // `merge_request_get` is about a merge request; `start_scan` starts, whatever scanning is.
    const trailing = pure === words.length - 1 && looking.has(words[pure] ?? '');
    const behindIsMild = candidates[pure]?.effect === 'read' && !trailing;
    return behindIsMild ? 0 : pure;
  }
  if (first) return 0;
  if (candidates.at(-1)) return candidates.length - 1;
  const any = candidates.findIndex((verb) => verb !== undefined);
  return any >= 0 ? any : undefined;
}

/** `guide_tool` says no more than `guide`. */
function withoutTool(words: readonly string[]): readonly string[] {
  return words.length > 1 && words.at(-1) === 'tool' && verbOf(words.at(-2) ?? '') === undefined
    ? words.slice(0, -1)
    : words;
}

function withoutNamespace(words: readonly string[], namespace: ReadonlySet<string>): readonly string[] {
  let start = 0;
  while (start < words.length - 1 && isNamespace(words[start] as string, namespace)) start += 1;
  return words.slice(start);
}

/** `ecommerce_list_store_orders` lists: what stands in front of it is a section of the server. */
function withoutSection(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => verbOf(word) !== undefined);
  const verb = verbOf(words[first] ?? '');
  return first > 0 && first < words.length - 1 && isSureRead(verb) ? words.slice(first) : words;
}

/** `perform_search`, `do_delete`: the word behind says what is done. */
function withoutPerform(words: readonly string[]): readonly string[] {
  const says = empty.has(words[0] ?? '') && words.slice(1).some((word) => verbOf(word));
  return says ? words.slice(1) : words;
}

const empty = new Set(['perform', 'do', 'bulk', 'batch', 'mass']);

function isNamespace(word: string, namespace: ReadonlySet<string>): boolean {
  return word === 'api' || word === 'mcp' || (namespace.has(word) && verbOf(word) === undefined);
}

/** `mark_as_read`, `export_to_view`: what stands behind a preposition is no act of reading. */
function afterPreposition(words: readonly string[], index: number): boolean {
  return prepositions.has(words[index - 1] ?? '') && verbOf(words[index] ?? '')?.effect === 'read';
}

const prepositions = new Set(['as', 'to', 'for', 'by', 'from', 'of', 'with', 'into']);

function insideCompound(words: readonly string[], index: number): boolean {
  return compounds.some(([one, two]) => words[index] === one && words[index + 1] === two);
}
