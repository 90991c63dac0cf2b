/**
 * What a tool's description says it does. The text is untrusted prose: it can confirm or raise what the name says,
 * and it speaks alone only where the name says nothing.
 *
 * The verb that opens the text counts, and those joined to it ("Create, update or delete a label"). Later sentences
 * count only when they say that something is gone for good. Sentences about other tools and negated ones do not.
 */
import type { Effect } from '../../model/effect.ts';
import { worstEffect } from '../../model/effect.ts';
import { chineseAct } from './chinese-acts.ts';
import { type Verb, verbOf } from './lexicon.ts';
import { baseForms } from './words.ts';

export type DescriptionReading = {
  readonly effect: Effect | undefined;
  readonly certainty: Verb['certainty'];
  /** The opening verb that decided, as it is written there. */
  readonly verb?: string | undefined;
  /** The verb may as well be a noun, so that the sentence may be about something else ("Track changes of …"). */
  readonly nounLike: boolean;
  /** It says more than one thing that is done, each as bad as the worst. */
  readonly several: boolean;
  /** It opens with what comes back ("Returns …"), which a tool that changes something has too. */
  readonly onlyReturns: boolean;
  readonly runs: boolean;
  /** "Read-only", "does not modify": a promise, believed only where a parser checks it or nothing speaks against it. */
  readonly promisesReadOnly: boolean;
  /** "Add or remove labels": membership changes, nothing is destroyed where the name says so too. */
  readonly addsAndRemoves: boolean;
  /** It opens with a verb that does not say what is done (`manage`). */
  readonly vague: boolean;
  /** It speaks of deleting somewhere, and does not deny it. */
  readonly speaksOfDeleting: boolean;
  /** "Executes multiple operations": whichever of them the caller likes. */
  readonly runsMany: boolean;
  /** Deleting is one of the acts that it lists. */
  readonly listsDeleting: boolean;
  /** It speaks of a place that others look into: a library, a database, a bucket. */
  readonly keptForOthers: boolean;
  /** "Permanently deletes", "data loss". */
  readonly saysDestroys: boolean;
};

const MAX_CHARACTERS = 4_000;
const MAX_LEAD_WORDS = 40;

/** Phrases in front of the verb that matters. */
const openers = new Set(
  `a an the this that tool tools it use used using to for can could be will you your allows allow lets let enables
   helps helper utility function command simple method endpoint please you'll when whenever must should may always
   first safely quickly easily directly automatically asynchronously efficiently recursively intelligently fully
   permanently irreversibly programmatically bulk batch i we want need agent ai user users llm model them able
   designed attempt attempts try tries performs perform does do is are supports provides provide make makes`.split(
    /\s+/,
  ),
);

const readOnly = /\bread[- ]?only\b|\bdo(?:es)? not (?:modify|change|alter|write|execute)|\bnon-?destructive\b/i;
const notReadOnly = /\bnot read[- ]?only\b|\bread[- ]?only (?:mode )?(?:is )?(?:disabled|off)\b/i;
const onlySelect =
  /\bexecutes? (?:a |an )?(?:sql )?select (?:query|queries|statements?)\b|\bonly (?:allows? |supports? |accepts? )?select\b|\bselect (?:statements?|queries|query)? ?only\b/i;
const destroys =
  /\b(?:all|any|existing|previous|remaining)\b[^.!]{0,80}\b(?:will be|are|is|gets?) (?:permanently |completely )?(?:deleted|erased|wiped|destroyed|lost)\b|\boverwrit\w+\b[^.!]{0,60}\bcannot be undone\b|\bdestructive\b[^.!]{0,40}\boverwrit|\bdrops? (?:the |all )?existing\b|\b(?:permanent|irreversib)(?:ly)? (?:delet|remov|eras|destr|purg)|\bunrecoverabl|\bdata loss\b/i;
/** "- Delete: …" in a list of what the tool can do. */
const listed =
  /(?:^|[\n*•\u2022-])\s*["'`*]*(?:delete|remove|purge|destroy|drop)(?:[ _][a-z_]+)?["'`*]*\s*(?::|\u2014|\u2013| - )/im;
const modifies = /\b(?:data-modifying|insert|update|delete|ddl|dml|modif(?:y|ies|ying)|mutations?)\b/i;
const runsMany =
  /\b(?:execut|runs?|perform|process)\w* (?:multiple|several|many|any|arbitrary|(?:a |an )?(?:batch(?:es)?|series|sequence|list) of) (?:[\w-]+ ){0,2}(?:operations|commands|actions|tools|requests|calls|statements)\b/i;
const membership = /\badd(?:s|ing)?(?:,? (?:or|and) |\/)remov(?:e|es|ing)\b/i;
const deleting = /\b(?:delet(?:e|es|ing)|drop(?:s|ping)?|truncat(?:e|es|ing)|destroy(?:s|ing)?)\b/gi;
const negation =
  /\b(?:not|never|neither|nor|without|no|non|cannot|won't|doesn't|don't|avoid|instead of|before|rather than)\b[^.]*$/i;

export function readDescription(description: string): DescriptionReading {
  const text = description.slice(0, MAX_CHARACTERS);
  const chinese = chineseAct(text);
  const verbs = chinese
    ? [
        {
          word: chinese === 'delete' ? 'delete' : 'change',
          effect: chinese,
          certainty: 'sure',
          alsoNoun: false,
          runs: false,
        } as const,
      ]
    : leadingVerbs(text);
  const known = verbs.filter((verb) => verb.certainty !== 'vague');
  const effect = known.length > 0 ? worstEffect(...known.map((verb) => verb.effect)) : undefined;
  const decisiveVerbs = known.filter((verb) => verb.effect === effect);
  const decisive = decisiveVerbs[0];
  const match = destroys.exec(text);
  return {
    effect,
    certainty: decisive?.certainty ?? 'vague',
    verb: decisive?.word,
    nounLike: decisiveVerbs.every((verb) => verb.alsoNoun),
    several: new Set(decisiveVerbs.map((verb) => verb.word)).size > 1,
    onlyReturns: verbs.length === 1 && verbs[0]?.word === 'return',
    runs: verbs.some((verb) => verb.runs),
    addsAndRemoves: decisive?.word === 'remove' && (verbs[0]?.word === 'add' || membership.test(text)),
    vague: verbs.some((verb) => verb.certainty === 'vague'),
    speaksOfDeleting: [...text.matchAll(deleting)].some(({ index }) => !denied(text, index)),
    promisesReadOnly:
      !saysModifies(text) && ((readOnly.test(text) && !notReadOnly.test(text)) || onlySelect.test(text)),
    runsMany: runsMany.test(firstSentence(text)),
    listsDeleting: listed.test(text),
    keptForOthers: keptForOthers.test(firstSentence(text).toLowerCase()),
    saysDestroys: match !== null && !denied(text, match.index),
  };
}

/** "Run a data-modifying statement. Currently disabled: the server is read-only": true today, and a promise for no one. */
function saysModifies(text: string): boolean {
  const match = modifies.exec(firstSentence(text));
  return match !== null && !denied(firstSentence(text), match.index);
}

function denied(text: string, index: number): boolean {
  return negation.test(text.slice(Math.max(0, index - 60), index));
}

/**
 * The verb that opens the first sentence, and the verbs joined to it. A word that may be a noun counts only in an
 * unbroken list of verbs: in "List issues, labels and notes" the rest are things.
 */
function leadingVerbs(text: string): readonly Verb[] {
  const sentence = firstSentence(text).toLowerCase();
  const words = sentence.match(/[a-z'-]+|[,/&]|[^\s]/g) ?? [];
  const found: Verb[] = [];
  let objectSeen = false;
  let joined: '' | ',' | 'and' = '';
  let afterArticle = false;
  let bent = '';
  for (const [index, word] of words.slice(0, MAX_LEAD_WORDS).entries()) {
    if (word === ',' || word === '/' || word === '&' || word === 'and' || word === 'or' || word === 'then') {
      joined = word === ',' ? joined || ',' : 'and';
      continue;
    }
    const verb = word === 'return' && !sendsBack.has(objectOf(words, index)) ? returns : verbIn(word);
    if (found.length === 0) {
      if (afterArticle && !openers.has(word)) return found;
      afterArticle = articles.has(word);
      if (verb && !openers.has(word)) found.push(verb);
      else if (!openers.has(word) && !word.endsWith('ly')) return found;
      bent = bending(word);
    } else if (
      verb &&
      joined &&
      bending(word) === bent &&
      counts(verb, found[0] as Verb, objectSeen, joined, { next: words[index + 1], sentence })
    ) {
      found.push(verb);
    } else {
      objectSeen = true;
    }
    joined = '';
  }
  return found;
}

/** Verbs that are joined are bent alike: "Gets a label or creates it", but "Returns the font, fill and border". */
function bending(word: string): string {
  if (word.endsWith('ing')) return 'ing';
  return word.endsWith('s') && !word.endsWith('ss') ? 's' : '';
}

const articles = new Set(['a', 'an', 'the']);

/** Behind a reading verb only a word that can be nothing but a verb counts; saving what was fetched is still reading. */
function counts(
  verb: Verb,
  lead: Verb,
  objectSeen: boolean,
  joined: string,
  { next = '', sentence }: { next?: string | undefined; sentence: string },
): boolean {
  if (lead.effect === 'read' && fetches.has(lead.word) && keeps.has(verb.word)) return keptForOthers.test(sentence);
  if (lead.effect === 'read' && objectSeen && !taken.has(next)) return false;
  return !verb.alsoNoun || (!objectSeen && (lead.effect !== 'read' || joined === 'and'));
}

/** A verb behind the object of another takes one of its own: "or creates it", not "and retry guidance". */
const taken = new Set('a an the it its them their this that these those one new any all each every'.split(' '));

/** What was fetched is saved where others find it, not into a file for the caller. */
const keptForOthers = /\b(?:library|database|collection|account|cloud|drive|bucket|memory|notes?|workspace)\b/;

const fetches = new Set(['download', 'export', 'capture', 'screenshot', 'fetch', 'get', 'take', 'convert', 'extract']);
const keeps = new Set(['save', 'store', 'write', 'compress', 'decode']);

function firstSentence(text: string): string {
  const cleaned = text
    .trimStart()
    .replace(/^[^|\n]{1,30} \| /, '') // "Notion | Retrieve a page"
    .replace(/^(?:\[[^\]]{0,40}\]|\([^)]{0,40}\)|[^A-Za-z]{1,10})\s*/, '') // "[beta] …", "📄 …"
    .replace(/^(?:deprecated|beta|experimental|preview|read-only|required|important)\b[:.]?\s*/i, '');
  const end = cleaned.search(/[.!?:;\n](?:\s|$)/);
  return end > 0 ? cleaned.slice(0, end) : cleaned.slice(0, 400);
}

/** What one returns to where it came from; anything else that is returned is an answer. */
const sendsBack = new Set(
  'order orders product products purchase item loan book shipment device asset payment'.split(' '),
);

function objectOf(words: readonly string[], index: number): string {
  return words.slice(index + 1, index + 4).find((word) => !articles.has(word)) ?? '';
}

const returns: Verb = { word: 'return', effect: 'read', certainty: 'sure', alsoNoun: false, runs: false };

function verbIn(word: string): Verb | undefined {
  if (word === 'returns') return returns;
  for (const form of baseForms(word.replace(/^(?:auto|bulk|soft|hard|batch|force|mass)-/, ''))) {
    const verb = verbOf(form);
    if (verb) return verb;
  }
  return undefined;
}
