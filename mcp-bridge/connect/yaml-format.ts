/**
 * Continue's `config.yaml`, where servers are a list of mappings with a `name`. The `yaml` package says where things
 * stand and judges the result; the text between is ours to splice, so that the rest keeps its bytes.
 */
import { type Document, isMap, isScalar, isSeq, type Node, parseDocument, type YAMLSeq } from 'yaml';
import type { JsonObject, JsonValue } from '../core/model/json.ts';
import { type ConfigurationFormat, type EntryPlace, lineEndOf, lineOf, Unreadable } from './configuration-format.ts';

export const yamlFormat: ConfigurationFormat = {
  look(text, place) {
    const { value } = read(text);
    if (value === null) return { entry: undefined, rest: '{}' };
    const { [place.container]: container, ...others } = value;
    if (container === undefined || container === null) return { entry: undefined, rest: JSON.stringify(others) };
    if (!Array.isArray(container)) throw new Unreadable(`"${place.container}" is not a list`);
    const [entry, second] = container.filter((item) => isNamed(item, place.name));
    if (second !== undefined) throw new Unreadable(`"${place.name}" stands there twice`);
    const entries = container.filter((item) => !isNamed(item, place.name));
    const rest = entries.length === 0 ? others : { ...others, [place.container]: entries };
    return { entry, rest: JSON.stringify(rest) };
  },
  hasContainer: (text, place) => keyOffset(read(text).document, place) !== undefined,
  entryText(text, place) {
    const item = itemOf(read(text).document, place);
    return item && text.slice(item.start, itemEnd(text, item));
  },
  put(text, place, entry) {
    return write(text, place, (indent) => mappingText(entry, indent, lineEndOf(text)));
  },
  restore: (text, place, entryText) => write(text, place, () => entryText),
  remove(text, place, emptyContainerToo) {
    const { document } = read(text);
    const item = itemOf(document, place);
    const list = listOf(document, place);
    if (!item || !list) return text;
    const lineStart = text.lastIndexOf('\n', item.start - 1) + 1;
    const lineEnd = endOfLine(text, itemEnd(text, item));
    if (list.items.length > 1) return text.slice(0, lineStart) + text.slice(lineEnd);
    const key = keyOffset(document, place);
    if (key === undefined) return text;
    const colon = text.indexOf(':', key) + 1;
    // what somebody wrote between the key and the item stays, and so does the key then
    const between = text.slice(colon, lineStart);
    if (emptyContainerToo && !between.includes('#')) return text.slice(0, key) + text.slice(lineEnd);
    return `${text.slice(0, colon)} []${between}${text.slice(lineEnd)}`;
  },
};

function write(text: string, place: EntryPlace, mapping: (indent: string) => string): string {
  const eol = lineEndOf(text);
  const { document } = read(text);
  const item = itemOf(document, place);
  if (item) {
    const indent = ' '.repeat(item.start - (text.lastIndexOf('\n', item.start - 1) + 1));
    return text.slice(0, item.start) + mapping(indent) + text.slice(itemEnd(text, item));
  }
  const list = listOf(document, place);
  const last = list?.items.at(-1) as Node | undefined;
  if (list && last?.range) {
    const lineStart = text.lastIndexOf('\n', last.range[0] - 1) + 1;
    const dash = /^( *)-/.exec(text.slice(lineStart, last.range[0]));
    if (list.flow || !dash) throw new Unreadable(`"${place.container}" is written on one line`);
    const at = contentEnd(text, last.range[1]);
    const lineEnd = at + (/^[^\n]*?(?=\r?\n|$)/.exec(text.slice(at))?.[0].length ?? 0);
    return `${text.slice(0, lineEnd)}${eol}${dash[1]}- ${mapping(`${dash[1]}  `)}${text.slice(lineEnd)}`;
  }
  const items = `${eol}  - ${mapping('    ')}`;
  const key = keyOffset(document, place);
  if (key !== undefined) {
    const colon = text.indexOf(':', key) + 1;
    const valueEnd = emptyValueEnd(document, place) ?? colon;
    // what is said about the list stays on its line
    const rest = /^[^\r\n]*/.exec(text.slice(valueEnd))?.[0] ?? '';
    return text.slice(0, colon) + rest.trimEnd() + items + text.slice(valueEnd + rest.length);
  }
  const ended = text === '' || text.endsWith('\n');
  return `${text}${ended ? '' : eol}${place.container}:${items}${ended ? eol : ''}`;
}

type Top = { readonly document: Document; readonly value: { readonly [name: string]: JsonValue } | null };

function read(text: string): Top {
  try {
    const document = parseDocument(text, { uniqueKeys: true });
    const [error] = document.errors;
    if (error) throw new Unreadable(`this is not YAML (${error.code})`, lineOf(text, error.pos[0]));
    const value: unknown = document.toJS();
    if (value !== null && (typeof value !== 'object' || Array.isArray(value)))
      throw new Unreadable('its top is not a mapping');
    return { document, value: value as Top['value'] };
  } catch (error) {
    // too many aliases, or nested too deeply
    throw error instanceof Unreadable ? error : new Unreadable('this is not YAML that can be read');
  }
}

function isNamed(item: JsonValue, name: string): boolean {
  return typeof item === 'object' && item !== null && !Array.isArray(item) && (item as JsonObject)['name'] === name;
}

function listOf(document: Document, { container }: EntryPlace): YAMLSeq | undefined {
  const list = isMap(document.contents) ? document.contents.get(container, true) : undefined;
  return isSeq(list) ? list : undefined;
}

function keyOffset({ contents }: Document, { container }: EntryPlace): number | undefined {
  if (!isMap(contents)) return undefined;
  const pair = contents.items.find(({ key }) => isScalar(key) && key.value === container);
  return (pair?.key as Node | undefined)?.range?.[0];
}

/** Where `[]`, `~` or `null` ends; undefined where nothing is written. */
function emptyValueEnd({ contents }: Document, { container }: EntryPlace): number | undefined {
  const value = isMap(contents) ? contents.get(container, true) : undefined;
  if (isScalar(value) && (value.source ?? '') === '') return undefined;
  return (value as Node | undefined)?.range?.[1];
}

type Item = { readonly start: number; readonly end: number };

function itemOf(document: Document, place: EntryPlace): Item | undefined {
  const item = listOf(document, place)?.items.find((each) => isMap(each) && each.get('name') === place.name);
  const range = (item as Node | undefined)?.range;
  return range ? { start: range[0], end: range[1] } : undefined;
}

/** Without the comment lines behind it: whether they are about this item or the next, they are somebody's. */
function itemEnd(text: string, { start, end }: Item): number {
  let at = contentEnd(text, end);
  for (;;) {
    const lineStart = text.lastIndexOf('\n', at - 1) + 1;
    if (lineStart <= start || !/^[ \t]*#/.test(text.slice(lineStart, at))) return at;
    at = contentEnd(text, lineStart);
  }
}

/** A block mapping's end lies after its line end; what is meant is the end of its last word. */
function contentEnd(text: string, end: number): number {
  return text.slice(0, end).trimEnd().length;
}

function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline < 0 ? text.length : newline + 1;
}

/** JSON is YAML's flow style (YAML 1.2 §1.3), so every value is written as JSON. */
export function mappingText(entry: JsonObject, indent: string, eol: string): string {
  return Object.entries(entry)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(eol + indent);
}
