/**
 * RFC 8785 JSON Canonicalization Scheme: one byte form for one value, so that a digest means the value.
 *
 * Members sort by UTF-16 code units (§3.2.3); numbers print as ECMAScript does (§3.2.2.3).
 * A lone surrogate or a non-finite number has no canonical form: throws RangeError (§3.2.2.2, §3.2.2.3).
 */
import type { JsonValue } from './model/json.ts';

export function canonicalJson(value: JsonValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError('a non-finite number has no canonical form');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') return canonicalString(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as { readonly [name: string]: JsonValue };
  const members = Object.keys(object)
    .sort() // the default comparison is by UTF-16 code units, which is what §3.2.3 asks for
    .flatMap((name) => (object[name] === undefined ? [] : [`${canonicalString(name)}:${canonicalJson(object[name])}`]));
  return `{${members.join(',')}}`;
}

const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

function canonicalString(text: string): string {
  if (loneSurrogate.test(text)) throw new RangeError('a lone surrogate has no canonical form');
  return JSON.stringify(text);
}
