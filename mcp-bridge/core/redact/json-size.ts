import { isJsonObject, type JsonValue } from '../model/json.ts';

/**
 * Length of all texts and names in a JSON value plus one for each value, in UTF-16 units. Stops counting past `enough`,
 * so that a hostile value costs no more than a large honest one. Without recursion: depth is the upstream's choice.
 */
export function jsonSize(root: JsonValue, enough: number): number {
  const open: JsonValue[] = [root];
  let size = 0;
  for (let value = open.pop(); value !== undefined && size <= enough; value = open.pop()) {
    size += typeof value === 'string' ? value.length + 1 : 1;
    if (Array.isArray(value)) for (const item of value) open.push(item);
    else if (isJsonObject(value))
      for (const [name, member] of Object.entries(value)) {
        size += name.length;
        open.push(member);
      }
  }
  return size;
}
