/** JSON, with or without comments and trailing commas (every AI client here that reads JSON takes both, or neither). */
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { JsonObject, JsonValue } from '../core/model/json.ts';
import { type ConfigurationFormat, type EntryPlace, lineEndOf, lineOf, Unreadable } from './configuration-format.ts';
import { insertMember, type Layout, layoutOf, removeMember, writtenValue } from './json-members.ts';

export const jsonFormat: ConfigurationFormat = {
  look(text, place) {
    const root = readRoot(text);
    const container = root && containerOf(text, root, place);
    const entry = container && memberOf(text, container, place.name);
    const value = entry?.children?.[1];
    return {
      entry: value && (JSON.parse(plainJson(value)) as JsonValue),
      rest: root === undefined ? '{}' : withoutEntry(root, place),
    };
  },
  hasContainer(text, place) {
    const root = readRoot(text);
    return root !== undefined && memberOf(text, root, place.container) !== undefined;
  },
  entryText(text, place) {
    const value = presentValue(text, place);
    return value && text.slice(value.offset, value.offset + value.length);
  },
  put: (text, place, entry) => write(text, place, (layout, indent) => writtenValue(entry, layout, indent), entry),
  restore: (text, place, entryText) => write(text, place, () => entryText, undefined),
  remove(text, place, emptyContainerToo) {
    const root = readRoot(text);
    const container = root && containerOf(text, root, place);
    const entry = container && memberOf(text, container, place.name);
    if (!root || !container || !entry) return text;
    if (emptyContainerToo && container.children?.length === 1) {
      const holder = memberOf(text, root, place.container);
      return holder ? removeMember(text, root, holder) : text;
    }
    return removeMember(text, container, entry);
  },
};

function write(
  text: string,
  place: EntryPlace,
  written: (layout: Layout, indent: string) => string,
  entry: JsonObject | undefined,
): string {
  const root = readRoot(text);
  if (root === undefined) {
    const eol = lineEndOf(text);
    const whole = { [place.container]: { [place.name]: entry ?? {} } };
    return `${JSON.stringify(whole, null, 2).replaceAll('\n', eol)}${eol}`;
  }
  const container = containerOf(text, root, place);
  if (container === undefined) {
    const layout = layoutOf(text, root, root);
    const inner = layout.memberIndent + layout.unit;
    const value = layout.multiline
      ? `{${layout.eol}${inner}${JSON.stringify(place.name)}: ${written(layout, inner)}${layout.eol}${layout.memberIndent}}`
      : `{${JSON.stringify(place.name)}:${written(layout, inner)}}`;
    return insertMember(text, root, place.container, value, layout);
  }
  const layout = layoutOf(text, root, container);
  const present = presentValue(text, place);
  const value = written(layout, layout.memberIndent);
  if (present) return text.slice(0, present.offset) + value + text.slice(present.offset + present.length);
  return insertMember(text, container, place.name, value, layout);
}

/** undefined for a file with nothing in it. */
function readRoot(text: string): Node | undefined {
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  } catch {
    throw new Unreadable('it is nested too deeply'); // the parser's stack has an end
  }
  const [first] = errors;
  if (first) throw new Unreadable(`this is not JSON (${printParseErrorCode(first.error)})`, lineOf(text, first.offset));
  if (root && root.type !== 'object') throw new Unreadable('its top is not an object', lineOf(text, root.offset));
  return root;
}

function containerOf(text: string, root: Node, place: EntryPlace): Node | undefined {
  const value = memberOf(text, root, place.container)?.children?.[1];
  if (value && value.type !== 'object')
    throw new Unreadable(`"${place.container}" is not an object`, lineOf(text, value.offset));
  return value;
}

function presentValue(text: string, place: EntryPlace): Node | undefined {
  const root = readRoot(text);
  const container = root && containerOf(text, root, place);
  return container && memberOf(text, container, place.name)?.children?.[1];
}

/** SECURITY(LO-13): which of two members of one name an AI client takes, nobody can tell. */
function memberOf(text: string, object: Node, name: string): Node | undefined {
  const [found, second] = (object.children ?? []).filter((member) => member.children?.[0]?.value === name);
  if (second) throw new Unreadable(`"${name}" stands there twice`, lineOf(text, second.offset));
  return found;
}

/** Members in their order, so that a change of order is a change. */
function withoutEntry(root: Node, place: EntryPlace): string {
  const members = (root.children ?? []).flatMap((member) => {
    if (member.children?.[0]?.value !== place.container) return [plainMember(member)];
    const kept = (member.children[1]?.children ?? []).filter((entry) => entry.children?.[0]?.value !== place.name);
    return kept.length === 0 ? [] : [`${JSON.stringify(place.container)}:{${kept.map(plainMember).join(',')}}`];
  });
  return `{${members.join(',')}}`;
}

function plainMember(member: Node): string {
  const [key, value] = member.children ?? [];
  return `${JSON.stringify(key?.value)}:${value ? plainJson(value) : 'null'}`;
}

function plainJson(node: Node): string {
  if (node.type === 'object') return `{${(node.children ?? []).map(plainMember).join(',')}}`;
  if (node.type === 'array') return `[${(node.children ?? []).map(plainJson).join(',')}]`;
  return JSON.stringify(node.value);
}
