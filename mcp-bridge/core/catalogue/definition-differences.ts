/** What changed between the definition that a person reviewed and the one that is seen now, member by member. */
import { canonicalJson } from '../canonical-json.ts';
import { isJsonObject, type JsonValue } from '../model/json.ts';

export type DefinitionDifference = {
  /** Where, as in `inputSchema.properties.path.description`; empty for the whole. */
  readonly path: string;
  /** Undefined: it was not there, or is not there any more. */
  readonly before?: JsonValue | undefined;
  readonly after?: JsonValue | undefined;
};

export function definitionDifferences(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path = '',
): readonly DefinitionDifference[] {
  if (isJsonObject(before) && isJsonObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) =>
      definitionDifferences(own(before, name), own(after, name), path === '' ? name : `${path}.${name}`),
    );
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((item, index) => definitionDifferences(item, after[index], `${path}[${index}]`));
  return isSame(before, after) ? [] : [{ path, before, after }];
}

function own(object: { readonly [name: string]: JsonValue }, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isSame(before: JsonValue | undefined, after: JsonValue | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return canonicalJson(before) === canonicalJson(after);
}
