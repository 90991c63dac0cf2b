/**
 * An event in the form that can be kept: every string well-formed UTF-16 (RFC 8785 has no form for a lone surrogate)
 * and no longer than a page, so that a hostile name can neither stop the log nor fill the disk.
 */
import type { JsonValue } from '../model/json.ts';
import type { AuditEvent } from './record.ts';

const MAX_STRING_LENGTH = 4096;
const anySurrogate = /[\uD800-\uDFFF]/;
const loneSurrogates = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

export function storableEvent(event: AuditEvent): AuditEvent {
  const value = event as unknown as JsonValue;
  return isStorable(value) ? event : (storable(value) as unknown as AuditEvent);
}

/** True of nearly every event, and much cheaper than to make it anew. */
function isStorable(value: JsonValue): boolean {
  if (typeof value === 'string') return value.length <= MAX_STRING_LENGTH && !anySurrogate.test(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isStorable);
  for (const name in value)
    if (!isStorable((value as { readonly [name: string]: JsonValue })[name] ?? null)) return false;
  return true;
}

function storable(value: JsonValue): JsonValue {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(storable);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, storable(member)]));
}

function storableText(text: string): string {
  if (text.length <= MAX_STRING_LENGTH && !anySurrogate.test(text)) return text;
  if (text.length <= MAX_STRING_LENGTH) return text.replace(loneSurrogates, '\uFFFD');
  const cut = `${text.slice(0, MAX_STRING_LENGTH)}… (${text.length - MAX_STRING_LENGTH} more characters)`;
  return cut.replace(loneSurrogates, '\uFFFD');
}
