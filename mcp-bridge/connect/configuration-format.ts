/**
 * What the three notations of configuration files have in common: one entry of ours is looked at, put in, or taken out,
 * and everything else stays as it was, byte for byte.
 *
 * INVARIANT: no editor is trusted. Whatever it made is read again by a real parser, and used only when our entry is what
 * it should be and the rest is what it was (`edited`).
 */
import { AppError } from '../core/errors.ts';
import type { JsonObject, JsonValue } from '../core/model/json.ts';

/** Where entries live: a member (or, in YAML, a list) at the top of the file, and the name of one entry in it. */
export type EntryPlace = { readonly container: string; readonly name: string };

export type EntryLook = {
  /** undefined when there is no such entry. */
  readonly entry: JsonValue | undefined;
  /** Everything but the entry, as text to compare; an empty container counts as none. */
  readonly rest: string;
};

export type ConfigurationFormat = {
  /** @throws Unreadable */
  look(text: string, place: EntryPlace): EntryLook;
  hasContainer(text: string, place: EntryPlace): boolean;
  /** The entry exactly as written, for `restore`. */
  entryText(text: string, place: EntryPlace): string | undefined;
  /** @throws Unreadable when the entry is written in a form that cannot be edited safely */
  put(text: string, place: EntryPlace, entry: JsonObject): string;
  /** Puts back what `entryText` gave. */
  restore(text: string, place: EntryPlace, entryText: string): string;
  remove(text: string, place: EntryPlace, emptyContainerToo: boolean): string;
};

/** A file that is left alone: why, and where in it. */
export class Unreadable extends Error {
  /** Starts at 1; undefined when it is about the file as a whole. */
  readonly line: number | undefined;

  constructor(message: string, line?: number) {
    super(message);
    this.name = 'Unreadable';
    this.line = line;
  }
}

/** `make`, held against the parser. @throws AppError 'config.invalid', naming file and line; nothing was changed */
export function edited(
  file: string,
  format: ConfigurationFormat,
  place: EntryPlace,
  text: string,
  expected: JsonValue | undefined,
  make: () => string,
): string {
  return named(file, () => {
    const before = format.look(text, place);
    const made = make();
    if (isEdit(format, place, before.rest, made, expected)) return made;
    throw new Unreadable('it is written in a form that cannot be changed without touching the rest');
  });
}

export function isEdit(
  format: ConfigurationFormat,
  place: EntryPlace,
  rest: string,
  made: string,
  expected: JsonValue | undefined,
): boolean {
  try {
    const after = format.look(made, place);
    return after.rest === rest && sameJson(after.entry, expected);
  } catch {
    return false;
  }
}

/** @throws AppError 'config.invalid' in place of `Unreadable` */
export function named<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const where = error.line === undefined ? file : `${file}, line ${error.line}`;
    throw new AppError('config.invalid', `${where}: ${error.message}. Nothing was changed; mend it, or use --print.`);
  }
}

export function sameJson(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  return stable(left) === stable(right);
}

/** Is everything of `wanted` in `found`? What an AI client or a person added to our entry is no difference. */
export function holds(found: JsonValue | undefined, wanted: JsonObject): boolean {
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return false;
  return Object.entries(wanted).every(([name, value]) => sameJson((found as JsonObject)[name], value));
}

function stable(value: JsonValue | undefined): string {
  return (
    JSON.stringify(value, (_name, member: unknown) =>
      typeof member === 'object' && member !== null && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
        : member,
    ) ?? 'nothing'
  );
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** The line end that the file uses. */
export function lineEndOf(text: string): '\r\n' | '\n' {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
