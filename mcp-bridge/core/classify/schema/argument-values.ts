/** Every value that a call gives for an argument name, however deep it sits. Depth and number are capped. */
import type { JsonValue } from '../../model/json.ts';
import { isJsonObject } from '../../model/json.ts';

const MAX_DEPTH = 12;
const MAX_VISITS = 20_000;

/** `complete` is false when the cap was reached: then not everything was looked at, and the caller assumes the worst. */
export type FoundValues = { readonly values: readonly JsonValue[]; readonly complete: boolean };

export function valuesNamed(name: string, root: JsonValue): FoundValues {
  const values: JsonValue[] = [];
  let visits = 0;
  let complete = true;
  const visit = (value: JsonValue, depth: number): void => {
    visits += 1;
    if (depth > MAX_DEPTH || visits > MAX_VISITS) {
      complete = false;
      return;
    }
    if (Array.isArray(value)) for (const item of value) visit(item, depth + 1);
    else if (isJsonObject(value)) {
      for (const key of Object.keys(value)) {
        const member = value[key] as JsonValue;
        if (key === name) values.push(member);
        if (typeof member === 'object' && member !== null) visit(member, depth + 1);
      }
    }
  };
  visit(root, 0);
  return { values, complete };
}
