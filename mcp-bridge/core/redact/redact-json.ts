/**
 * Takes secrets out of what an upstream server answers, before an AI client sees it (MC-37, AU-15): values from the
 * vault in the forms of `secret-forms.ts`, and keys of well-known shapes. Looks at every string, names of members
 * included, and at neighbouring text blocks as one text, so that a secret cut in two is found.
 *
 * INVARIANT: what was not looked at does not pass. Beyond the limits a text is withheld.
 */
import type { JsonObject, JsonValue } from '../model/json.ts';
import { createFormFinder, type FormFinder } from './find-forms.ts';
import { findKeys, type TextRange } from './key-formats.ts';
import { secretForms } from './secret-forms.ts';

type Redacted<Value extends JsonValue> = { readonly value: Value; readonly redactions: number };
export type JsonRedactor = <Value extends JsonValue>(value: Value) => Redacted<Value>;

export const redactionLimits = { maxCharacters: 16 * 1024 * 1024, maxDepth: 256 } as const;

/** For one value; when there are many, make a redactor once. */
export function redactJson<Value extends JsonValue>(
  value: Value,
  { secrets }: { readonly secrets: readonly string[] },
): Redacted<Value> {
  return createJsonRedactor(secrets)(value);
}

export function createJsonRedactor(secrets: readonly string[]): JsonRedactor {
  const findForms = createFormFinder([...new Set(secrets)].flatMap(secretForms), 'secret');
  return <Value extends JsonValue>(value: Value) => {
    const pass: Pass = { findForms, charactersLeft: redactionLimits.maxCharacters, redactions: 0 };
    return { value: redactValue(value, pass, 0) as Value, redactions: pass.redactions };
  };
}

type Pass = { readonly findForms: FormFinder; charactersLeft: number; redactions: number };

/** Gives back the very same value where nothing was found, so that most results are not copied. */
function redactValue(value: JsonValue, pass: Pass, depth: number): JsonValue {
  if (typeof value === 'string') return redactTexts([value], pass)[0] ?? '';
  if (typeof value !== 'object' || value === null) return value;
  if (depth > redactionLimits.maxDepth) return withheld(pass, 'nested too deep');
  if (Array.isArray(value)) return redactList(value as readonly JsonValue[], pass, depth);
  return redactObject(value as JsonObject, pass, depth);
}

function redactObject(object: JsonObject, pass: Pass, depth: number): JsonObject {
  let changed = false;
  const members = Object.entries(object).map(([name, member]) => {
    const newName = redactTexts([name], pass)[0] ?? '';
    const redacted = redactValue(member, pass, depth + 1);
    const newMember = redacted !== member && isBlob(object, name) ? REDACTED_BLOB : redacted;
    changed ||= newName !== name || newMember !== member;
    return [newName, newMember] as const;
  });
  return changed ? withDistinctNames(members) : object;
}

/** `[redacted: secret]` in base64: an mcp client refuses a whole result over a blob that does not decode. */
const REDACTED_BLOB = 'W3JlZGFjdGVkOiBzZWNyZXRd';

/** MCP ImageContent, AudioContent and BlobResourceContents: the members that are base64. */
function isBlob(object: JsonObject, name: string): boolean {
  return name === 'blob' || (name === 'data' && (object['type'] === 'image' || object['type'] === 'audio'));
}

/** Two names that were redacted to the same one must not hide each other's members. */
function withDistinctNames(members: readonly (readonly [string, JsonValue])[]): JsonObject {
  const used = new Set<string>();
  const distinct = members.map(([name, member]) => {
    let free = name;
    for (let copy = 2; used.has(free); copy++) free = `${name} (${copy})`;
    used.add(free);
    return [free, member] as const;
  });
  return Object.fromEntries(distinct);
}

function redactList(list: readonly JsonValue[], pass: Pass, depth: number): readonly JsonValue[] {
  const joined = redactTextBlocks(list, pass);
  let changed = joined !== list;
  const items = joined.map((item) => {
    const newItem = redactValue(item, pass, depth + 1);
    changed ||= newItem !== item;
    return newItem;
  });
  return changed ? items : list;
}

/** MCP text content: `{ type: 'text', text }`. Texts of one list, or bare strings of it, are read on end. */
function redactTextBlocks(list: readonly JsonValue[], pass: Pass): readonly JsonValue[] {
  const texts = list.map(textOfBlock);
  const present = texts.filter((text): text is string => text !== undefined);
  if (present.length < 2) return list;
  const cut = redactTexts(present, pass, true);
  if (cut.every((text, index) => text === present[index])) return list;
  let position = 0;
  return list.map((item, index) => {
    if (texts[index] === undefined) return item;
    const text = cut[position++] ?? '';
    return typeof item === 'string' ? text : { ...(item as JsonObject), text };
  });
}

function textOfBlock(item: JsonValue): string | undefined {
  if (typeof item === 'string') return item;
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined;
  const { type, text } = item as JsonObject;
  return type === 'text' && typeof text === 'string' ? text : undefined;
}

/** Reads the texts as one and cuts each; with `acrossOnly`, only what spans two of them. */
function redactTexts(texts: readonly string[], pass: Pass, acrossOnly = false): readonly string[] {
  const all = texts.length === 1 ? (texts[0] ?? '') : texts.join('');
  if (!acrossOnly) pass.charactersLeft -= all.length;
  if (pass.charactersLeft < 0) return texts.map(() => withheld(pass, 'result too large'));
  const ranges = merged([...pass.findForms(all), ...(all.length < 16 ? [] : findKeys(all))]);
  if (ranges.length === 0) return texts;
  let start = 0;
  return texts.map((text) => {
    const end = start + text.length;
    const own = ranges.filter(
      (range) => range.start < end && range.end > start && (!acrossOnly || !isWithin(range, start, end)),
    );
    const cut = cutOut(text, start, own, pass);
    start = end;
    return cut;
  });
}

function isWithin(range: TextRange, start: number, end: number): boolean {
  return range.start >= start && range.end <= end;
}

function cutOut(text: string, offset: number, ranges: readonly TextRange[], pass: Pass): string {
  let result = '';
  let position = 0;
  for (const { start, end, label } of ranges) {
    result += text.slice(position, Math.max(0, start - offset));
    position = Math.min(text.length, end - offset);
    if (start < offset) continue; // its mark stands in the text where it began
    result += `[redacted: ${label}]`;
    pass.redactions += 1;
  }
  return result + text.slice(position);
}

/** In order and without overlaps; of two that overlap the union, under the name of the first. */
function merged(ranges: readonly TextRange[]): readonly TextRange[] {
  const sorted = [...ranges].sort((a, b) => a.start - b.start || b.end - a.end);
  const result: TextRange[] = [];
  for (const range of sorted) {
    const last = result.at(-1);
    if (last === undefined || range.start >= last.end) result.push(range);
    else if (range.end > last.end) result[result.length - 1] = { ...last, end: range.end };
  }
  return result;
}

function withheld(pass: Pass, why: string): string {
  pass.redactions += 1;
  return `[withheld: ${why}]`;
}
