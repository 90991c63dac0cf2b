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
const MAX_PROPERTIES = 400;

export function propertiesOf(inputSchema: JsonValue | undefined): readonly Property[] {
  const found: Property[] = [];
  if (isJsonObject(inputSchema)) collect(inputSchema, 0, 0, found);
  return found;
}

function collect(schema: JsonObject, depth: number, level: number, found: Property[]): void {
  if (level > MAX_DEPTH) return;
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const properties = own(schema, 'properties');
  if (isJsonObject(properties)) {
    for (const name of Object.keys(properties)) {
      const declared = properties[name];
      if (!isJsonObject(declared) || found.length >= MAX_PROPERTIES) continue;
      found.push(readProperty(name, depth, declared, required.includes(name)));
      collect(declared, depth + 1, level + 1, found);
    }
  }
  for (const nested of alternatives(schema)) collect(nested, depth, level + 1, found);
  const items = own(schema, 'items');
  if (isJsonObject(items)) collect(items, depth, level + 1, found);
}

function readProperty(name: string, depth: number, declared: JsonObject, required: boolean): Property {
  const shapes = [declared, ...alternatives(declared)];
  const items = own(declared, 'items');
  return {
    name,
    depth,
    types: new Set(shapes.flatMap((shape) => [shape['type'] ?? []].flat(1)).filter(isString)),
    choices: [...new Set([...shapes, ...(isJsonObject(items) ? [items] : [])].flatMap(choicesOf))],
    description: isString(declared['description']) ? declared['description'].slice(0, 1_000) : '',
    defaultValue: own(declared, 'default'),
    required,
  };
}

function choicesOf(shape: JsonObject): readonly string[] {
  const listed = Array.isArray(shape['enum']) ? shape['enum'].slice(0, 200) : [];
  return [...listed, shape['const']].filter(isString);
}

function alternatives(schema: JsonObject): readonly JsonObject[] {
  return ['anyOf', 'oneOf', 'allOf'].flatMap((key) => {
    const listed = own(schema, key);
    return Array.isArray(listed) ? listed.slice(0, 50).filter(isJsonObject) : [];
  });
}

/** Own members only: a schema is data and may be called `__proto__` or `constructor`. */
function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
