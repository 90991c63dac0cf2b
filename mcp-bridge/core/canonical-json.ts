/**
 * RFC 8785 JSON Canonicalization Scheme: one byte form for one value, so that a digest means the value.
 *
 * Members sort by UTF-16 code units (§3.2.3); numbers print as ECMAScript does (§3.2.2.3).
 * A lone surrogate or a non-finite number has no canonical form: throws RangeError (§3.2.2.2, §3.2.2.3).
 */
import type { JsonValue } from './model/json.ts';

export function canonicalJson(value: JsonValue): string {
  // JSON.stringify writes members in the order they have, so a value that is in order already needs nothing else
  return isInOrder(value) ? JSON.stringify(value) : inOrder(value);
}

/** False also of what only `inOrder` can judge. */
function isInOrder(value: JsonValue): boolean {
  if (typeof value === 'string') return !anySurrogate.test(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  let before = '';
  for (const name of Object.keys(value)) {
    const member = (value as { readonly [name: string]: JsonValue })[name];
    if (name < before || anySurrogate.test(name)) return false;
    if (member !== undefined && !isInOrder(member)) return false;
    before = name;
  }
  return true;
}

function inOrder(value: JsonValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError('a non-finite number has no canonical form');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') return canonicalString(value);
  if (Array.isArray(value)) return `[${value.map(inOrder).join(',')}]`;
  const object = value as { readonly [name: string]: JsonValue };
  let members = '';
  // the default comparison is by UTF-16 code units, which is what §3.2.3 asks for
  for (const name of Object.keys(object).sort()) {
    const member = object[name];
    if (member === undefined) continue;
    members += `${members === '' ? '' : ','}${canonicalString(name)}:${inOrder(member)}`;
  }
  return `{${members}}`;
}

/** Rare, and cheap to rule out; the exact pattern after it costs ten times as much. */
const anySurrogate = /[\uD800-\uDFFF]/;
const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
/** What JSON writes as it is. */
const needsNoEscape = /^[ !#-[\]-~]*$/;

function canonicalString(text: string): string {
  if (needsNoEscape.test(text)) return `"${text}"`;
  if (anySurrogate.test(text) && loneSurrogate.test(text))
    throw new RangeError('a lone surrogate has no canonical form');
  return JSON.stringify(text);
}
