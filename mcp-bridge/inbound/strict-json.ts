/**
 * JSON as every reader understands it the same way, or not at all (RFC 8259, I-JSON RFC 7493).
 *
 * What a person is shown is the parsed value, so a text that two parsers could read differently is refused:
 * 1. bytes that are not UTF-8, a byte order mark (RFC 8259 §8.1)   2. nesting beyond `maxDepth`   3. bad grammar
 * 4. an object with a name twice (§4)   5. `__proto__`, `constructor`, `prototype` as a name
 * 6. numbers a double cannot hold   7. lone surrogates (§8.2) and NUL in strings.
 * Accepted by the grammar and yet refused here: rows 4–7. Everything is linear in the length of the text.
 *
 * INVARIANT: never throws; the message names the cause and holds nothing of the text but a position or a name's kind.
 */
import { isUtf8 } from 'node:buffer';
import type { JsonValue } from '../core/model/json.ts';
import { findNumberProblem, outlineOf } from './json-text.ts';

export type StrictJsonProblem =
  | 'not-utf8'
  | 'byte-order-mark'
  | 'too-deep'
  | 'syntax'
  | 'duplicate-name'
  | 'reserved-name'
  | 'number-out-of-range'
  | 'number-loses-precision'
  | 'lone-surrogate'
  | 'nul-character';

export type StrictJsonOutcome =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly problem: StrictJsonProblem; readonly message: string };

export const defaultMaxDepth = 64;

const messages: Readonly<Record<StrictJsonProblem, string>> = {
  'not-utf8': 'the text is not valid UTF-8',
  'byte-order-mark': 'the text begins with a byte order mark',
  'too-deep': 'arrays and objects are nested too deeply',
  syntax: 'the text is not valid JSON',
  'duplicate-name': 'an object has the same name twice',
  'reserved-name': 'an object has a reserved name (__proto__, constructor or prototype)',
  'number-out-of-range': 'a number is too large',
  'number-loses-precision': 'a whole number is beyond 2^53 - 1 and would lose digits',
  'lone-surrogate': 'a string holds half of a surrogate pair',
  'nul-character': 'a string holds a NUL character',
};

/** @param bytes the whole text. @see RFC 8259, RFC 7493 §2; THREATS MC-13, MC-14, MC-15 */
export function parseStrictJson(bytes: Uint8Array, maxDepth: number = defaultMaxDepth): StrictJsonOutcome {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return refuse('byte-order-mark');
  if (!isUtf8(bytes)) return refuse('not-utf8');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const outline = outlineOf(text, maxDepth);
  if (outline.tooDeep) return refuse('too-deep');
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return refuse('syntax');
  }
  const inspection: Inspection = { names: 0, inspectStrings: outline.hasUnicodeEscape, numbersNeedText: false };
  const problem = inspect(value, inspection);
  if (problem !== undefined) return refuse(problem);
  // SECURITY(MC-14): a repeated name collapses in the value, so the text then has more names than the value
  if (inspection.names !== outline.names) return refuse('duplicate-name');
  if (inspection.numbersNeedText) {
    const numberProblem = findNumberProblem(text);
    if (numberProblem !== undefined) return refuse(numberProblem);
  }
  return { ok: true, value };
}

type Inspection = { names: number; readonly inspectStrings: boolean; numbersNeedText: boolean };

const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** Recursion is bounded: the outline has already held the text to `maxDepth`. */
function inspect(value: JsonValue, inspection: Inspection): StrictJsonProblem | undefined {
  switch (typeof value) {
    case 'string':
      return inspection.inspectStrings ? inspectString(value) : undefined;
    case 'number':
      if (Number.isInteger(value) ? !Number.isSafeInteger(value) : !Number.isFinite(value)) {
        inspection.numbersNeedText = true;
      }
      return undefined;
    case 'object':
      if (value === null) return undefined;
      return Array.isArray(value) ? inspectArray(value, inspection) : inspectObject(value as object, inspection);
    default:
      return undefined;
  }
}

function inspectArray(values: readonly JsonValue[], inspection: Inspection): StrictJsonProblem | undefined {
  for (const element of values) {
    const problem = inspect(element, inspection);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function inspectObject(object: object, inspection: Inspection): StrictJsonProblem | undefined {
  for (const name of Object.keys(object)) {
    inspection.names++;
    // SECURITY(MC-13): such a name turns a later copy or merge into a change of prototypes
    if (name === '__proto__' || name === 'constructor' || name === 'prototype') return 'reserved-name';
    if (inspection.inspectStrings) {
      const problem = inspectString(name);
      if (problem !== undefined) return problem;
    }
    const problem = inspect((object as Record<string, JsonValue>)[name] as JsonValue, inspection);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Only an escape can write these two: raw ones are refused as not UTF-8 and by the grammar. */
function inspectString(text: string): StrictJsonProblem | undefined {
  if (text.includes('\u0000')) return 'nul-character';
  return loneSurrogate.test(text) ? 'lone-surrogate' : undefined;
}

function refuse(problem: StrictJsonProblem): StrictJsonOutcome {
  return { ok: false, problem, message: messages[problem] };
}
