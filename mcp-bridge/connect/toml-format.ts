/**
 * Codex's `config.toml`: our table is appended or replaced as text, and smol-toml is the judge of the result. Nothing
 * here writes any other table, so comments, order and spelling of everything else stay.
 */
import { parse, TomlError } from 'smol-toml';
import type { JsonObject, JsonValue } from '../core/model/json.ts';
import { type ConfigurationFormat, type EntryPlace, lineEndOf, Unreadable } from './configuration-format.ts';
import { type TableSpan, tablesUnder } from './toml-tables.ts';

export const tomlFormat: ConfigurationFormat = {
  look(text, place) {
    const { [place.container]: container, ...others } = read(text);
    if (container === undefined) return { entry: undefined, rest: JSON.stringify(others) };
    if (typeof container !== 'object' || container === null || Array.isArray(container))
      throw new Unreadable(`"${place.container}" is not a table`);
    const { [place.name]: entry, ...entries } = container as JsonObject;
    const rest = Object.keys(entries).length === 0 ? others : { ...others, [place.container]: entries };
    return { entry, rest: JSON.stringify(rest) };
  },
  hasContainer: (text, { container }) => read(text)[container] !== undefined,
  entryText: (text, place) =>
    spansOf(text, place)
      ?.map(({ start, end }) => text.slice(start, end).trimEnd())
      .join(lineEndOf(text)),
  put: (text, place, entry) => write(text, place, tableText(place, entry, lineEndOf(text))),
  restore: write,
  remove(text, place) {
    const spans = spansOf(text, place);
    return spans ? cut(text, spans) : text;
  },
};

function write(text: string, place: EntryPlace, table: string): string {
  const eol = lineEndOf(text);
  const [first, ...others] = spansOf(text, place) ?? [];
  if (first) {
    const withoutOthers = cut(text, others);
    const old = text.slice(first.start, first.end);
    return (
      withoutOthers.slice(0, first.start) + table + old.slice(old.trimEnd().length) + withoutOthers.slice(first.end)
    );
  }
  if (text.trim() === '') return `${text}${table}${eol}`;
  const ended = text.endsWith('\n');
  return `${text}${ended ? '' : eol}${eol}${table}${ended ? eol : ''}`;
}

/** undefined when there is no entry. */
function spansOf(text: string, place: EntryPlace): readonly TableSpan[] | undefined {
  if (tomlFormat.look(text, place).entry === undefined) return undefined;
  const spans = tablesUnder(text, [place.container, place.name]);
  if (spans.length === 0)
    throw new Unreadable(`"${place.container}.${place.name}" is not written as a [table], so it cannot be replaced`);
  return spans;
}

/** From the last to the first, so that offsets stay true; with the blank line that stood before. */
function cut(text: string, spans: readonly TableSpan[]): string {
  return spans.reduceRight((left, { start, end }) => {
    const before = left.slice(0, start).replace(/(?<=\n)\r?\n$/, '');
    return before + left.slice(end);
  }, text);
}

function read(text: string): { readonly [name: string]: JsonValue } {
  try {
    // Dates and big numbers as text: they are only compared, never written.
    return JSON.parse(
      JSON.stringify(parse(text, { integersAsBigInt: 'asNeeded' }), (_name, value: unknown) =>
        typeof value === 'bigint' ? `integer ${value}` : value,
      ),
    );
  } catch (error) {
    if (error instanceof TomlError) throw new Unreadable(`this is not TOML (${firstLine(error.message)})`, error.line);
    throw new Unreadable('this is not TOML');
  }
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '');
}

export function tableText({ container, name }: EntryPlace, entry: JsonObject, eol: string): string {
  const lines = Object.entries(entry).map(([key, value]) => `${keyText(key)} = ${valueText(value)}`);
  return [`[${keyText(container)}.${keyText(name)}]`, ...lines].join(eol);
}

function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : stringText(key);
}

function valueText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return stringText(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, member]) => `${keyText(key)} = ${valueText(member)}`);
    return `{ ${members.join(', ')} }`;
  }
  return String(value);
}

/** A TOML basic string is a JSON string in which U+007F is escaped too (TOML 1.0, String). */
function stringText(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}
