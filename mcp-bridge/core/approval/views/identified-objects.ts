/** What a deletion by an unknown tool names: its one argument that holds identifiers, as the schema declares it. */
import type { JsonValue } from '../../model/json.ts';
import type { Operation } from '../../model/operation.ts';

const DELETES = /^(delete|remove|destroy|drop|purge|erase|trash|wipe|discard)/;
const IDENTIFIER = /(^|_)(ids?|uuids?|guids?|keys?|names?|slugs?|numbers?|paths?|urls?|uris?|refs?)$/;

export type IdentifiedObjects = {
  readonly argumentName: string;
  readonly names: readonly string[];
  readonly texts: boolean;
};

/** Undefined where no argument or more than one says which: then a sentence could name the wrong one. */
export function identifiedObjects({ call, classification }: Operation): IdentifiedObjects | undefined {
  const { effect, basis, uninterpreted, action } = classification;
  if (effect !== 'delete' || basis === 'unknown' || uninterpreted || !DELETES.test(action ?? '')) return undefined;
  const found = Object.entries(call.arguments).flatMap(([name, value]) => {
    const words = name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
    const listed = IDENTIFIER.test(words) ? identifiers(value) : undefined;
    const texts = Array.isArray(value) && value.every((item) => typeof item === 'string');
    return listed === undefined ? [] : [{ argumentName: name, names: listed, texts }];
  });
  return found.length === 1 ? found[0] : undefined;
}

function identifiers(value: JsonValue): readonly string[] | undefined {
  const items: readonly JsonValue[] = Array.isArray(value) ? value : [value];
  const texts = items.flatMap((item) =>
    (typeof item === 'string' && item !== '') || typeof item === 'number' ? [String(item)] : [],
  );
  return texts.length > 0 && texts.length === items.length ? texts : undefined;
}
