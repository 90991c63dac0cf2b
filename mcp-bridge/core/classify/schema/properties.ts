/**
 * The arguments a tool declares. The schema is untrusted JSON: anything may be missing, of another type or nested
 * without end, so every look is guarded, and depth and number are capped.
 */
import type { JsonObject, JsonValue } from '../../model/json.ts';
import { isJsonObject } from '../../model/json.ts';

export type Property = {
  readonly name: string;
  /** How many arguments this one sits inside of; 0 for the tool's own. */
  readonly depth: number;
  readonly types: ReadonlySet<string>;
  /** Strings the schema allows, when it lists them (`enum`, `const`, and those of its alternatives). */
  readonly choices: readonly string[];
  readonly description: string;
  readonly defaultValue: JsonValue | undefined;
  readonly required: boolean;
};

const MAX_DEPTH = 6;
const MAX_PROPERTIES = 1_000;

export function propertiesOf(inputSchema: JsonValue | undefined): readonly Property[] {
  const found: Property[] = [];
  if (isJsonObject(inputSchema)) collect(inputSchema, 0, 0, { root: inputSchema, found });
  return found;
}

type Walk = { readonly root: JsonObject; readonly found: Property[] };

function collect(schema: JsonObject, depth: number, level: number, walk: Walk): void {
  const { root, found } = walk;
  if (level > MAX_DEPTH || found.length >= MAX_PROPERTIES) return;
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const properties = own(schema, 'properties');
  if (isJsonObject(properties)) {
    for (const name of Object.keys(properties)) {
      if (found.length >= MAX_PROPERTIES) break;
      const member = properties[name];
      if (!isJsonObject(member)) continue;
      const declared = resolved(member, root);
      found.push(readProperty(name, depth, declared, required.includes(name), root));
      collect(declared, depth + 1, level + 1, walk);
    }
  }
  for (const nested of alternatives(schema, root)) collect(nested, depth, level + 1, walk);
  const items = own(schema, 'items');
  if (isJsonObject(items)) collect(resolved(items, root), depth, level + 1, walk);
}

function readProperty(
  name: string,
  depth: number,
  declared: JsonObject,
  required: boolean,
  root: JsonObject,
): Property {
  const shapes = [declared, ...alternatives(declared, root)];
  const items = own(declared, 'items');
  return {
    name,
    depth,
    types: new Set(shapes.flatMap((shape) => [shape['type'] ?? []].flat(1)).filter(isString)),
    choices: [...new Set([...shapes, ...(isJsonObject(items) ? [resolved(items, root)] : [])].flatMap(choicesOf))],
    description: isString(declared['description']) ? declared['description'].slice(0, 1_000) : '',
    defaultValue: own(declared, 'default'),
    required,
  };
}

function choicesOf(shape: JsonObject): readonly string[] {
  const listed = Array.isArray(shape['enum']) ? shape['enum'].slice(0, 200) : [];
  return [...listed, shape['const']].filter(isString);
}

function alternatives(schema: JsonObject, root: JsonObject): readonly JsonObject[] {
  return ['anyOf', 'oneOf', 'allOf'].flatMap((key) => {
    const listed = own(schema, key);
    return Array.isArray(listed)
      ? listed
          .slice(0, 50)
          .filter(isJsonObject)
          .map((shape) => resolved(shape, root))
      : [];
  });
}

/** `{"$ref": "#/$defs/Mode"}` is replaced by what it points at inside the same schema; other references are left. */
function resolved(shape: JsonObject, root: JsonObject): JsonObject {
  const reference = shape['$ref'];
  const path = typeof reference === 'string' ? /^#\/(\$defs|definitions)\/([^/]{1,100})$/.exec(reference) : null;
  const definitions = path ? own(root, path[1] as string) : undefined;
  const target = path && isJsonObject(definitions) ? own(definitions, path[2] as string) : undefined;
  return isJsonObject(target) ? { ...target, ...shape } : shape;
}

/** Own members only: a schema is data and may be called `__proto__` or `constructor`. */
function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
