/**
 * Name against description. The name weighs more: it is what a caller types. A description raises what a name says
 * when its opening verb is sure of itself, settles what a name leaves open, and speaks alone where a name says nothing.
 */
import type { Effect } from '../model/effect.ts';
import { isWorse } from '../model/effect.ts';
import { isMild } from './names/lexicon.ts';
import { effectByObject } from './names/objects.ts';
import type { DescriptionReading } from './names/read-description.ts';
import type { NameReading } from './names/read-name.ts';
import { wordsOf } from './names/words.ts';
import type { ToolReading } from './tool-reading.ts';

/** The part of a tool's reading that its words decide, before its arguments are looked at. */
type OwnWords = Pick<ToolReading, 'effect' | 'certainty' | 'runs' | 'nameBinds' | 'verb' | 'reasons'>;

/** `text` is the description in lower case. */
export function weighWords(
  toolName: string,
  named: NameReading | undefined,
  described: DescriptionReading,
  text: string,
): OwnWords {
  const fromName = named && named.certainty !== 'vague' ? named : undefined;
  const settles =
    described.effect && described.certainty === 'sure' && !(described.onlyReturns && fromName?.effect !== 'read');
  // SECURITY(MC-09): the server wrote the description; it settles no name that plainly deletes (`list-delete`).
  const plainlyDeletes = fromName?.effect === 'delete' && fromName.binds;
  if (!fromName || (fromName.nounLike && settles && !plainlyDeletes)) {
    return fromDescription(toolName, named, described);
  }
  if (fromName.onlyNouns && described.vague) return notUnderstood(toolName, named, described);
  if (described.runsMany && !described.promisesReadOnly) {
    return { ...notUnderstood(toolName, named, described), reasons: ['It runs whatever operations it is given.'] };
  }
  const nameReason = `The name says \`${fromName.verb}\`: ${does[fromName.effect]}.`;
  const base = {
    verb: fromName.verb,
    runs: fromName.runs,
    nameBinds: fromName.binds,
  };
  const certainty = fromName.certainty === 'sure' ? 'sure' : 'leaning';
  const destroys = described.saysDestroys || described.listsDeleting;
  if (fromName.effect === 'write' && (destroys || (fromName.runs && described.speaksOfDeleting))) {
    const reason = destroys ? 'The description says that it also deletes.' : 'What it runs may delete.';
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
    isMild(fromName.verb) &&
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
  if (!described.several && effectByObject(described.verb ?? '', wordsOf(toolName), text) === named.effect) return true;
  if (named.byObject && described.verb === named.verb && !described.several) return true;
  if (named.verb === 'drag' && described.verb === 'drop') return true;
  if (named.certainty !== 'sure') {
    return (
      named.effect === 'read' && described.certainty === 'leaning' && (described.runs || isMild(described.verb ?? ''))
    );
  }
  // Only a verb that is sure of itself accuses a name that is (a "get" that "creates"), in either direction.
  if (described.certainty !== 'sure') return true;
  if (fetching.has(named.verb) && saving.has(described.verb ?? '') && !described.keptForOthers) return true;
  return named.effect === 'read' && (described.nounLike || making.has(described.verb ?? ''))
    ? true
    : described.addsAndRemoves || (named.verb.startsWith('un') && described.verb === 'remove');
}

/** What a reading verb may be said to make: its answer. */
const making = new Set(['generate', 'build', 'compose', 'draw', 'format', 'convert', 'make', 'compress', 'expand']);

/** What is downloaded is saved, which is told as well. */
const fetching = new Set(['download', 'export', 'screenshot']);
const saving = new Set(['save', 'store', 'write']);

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
    certainty: !deletes && certainty === 'sure' && (opening === 'write' || named?.beginsReading) ? 'sure' : 'leaning',
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
