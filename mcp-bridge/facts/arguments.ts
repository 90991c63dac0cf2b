/** Reading members of tool arguments by the names that servers give them; own members only (MC-13). */
import type { JsonObject, JsonValue } from '../core/model/json.ts';

/** The first of the members that is a text and not empty. */
export function textOf(object: JsonObject, names: readonly string[]): string | undefined {
  return names
    .map((name) => (Object.hasOwn(object, name) ? object[name] : undefined))
    .find((value): value is string => typeof value === 'string' && value !== '');
}

/** The texts of a list; a lone text is a list of one. */
export function textsOf(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
