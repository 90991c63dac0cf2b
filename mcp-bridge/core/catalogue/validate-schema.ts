/**
 * Checks a value against a JSON Schema that a hostile server may have written (MC-16).
 *
 * No code is generated and nothing is fetched: a reference out of the schema is a problem. Nothing is coerced and
 * nothing is filled in. Every step is counted, so that circles and doubling references end as a problem within
 * milliseconds. What the schema does not forbid is allowed. Formats are annotations only, as the drafts have it.
 *
 * INVARIANT: total. Whatever cannot be decided is a problem; no problem repeats a value.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import { assertionProblem, type MatchPattern } from './schema-keywords.ts';

// A big list is honest work, and doubling references are not: what may be done grows with the value.
const BASE_STEPS = 10_000;
const STEPS_PER_VALUE = 20;
const MAX_STEPS = 500_000;
const MAX_DEPTH = 128;

/** What a successful evaluation looked at, for `unevaluatedProperties` and `unevaluatedItems`. */
type Seen = { names: Set<string> | undefined; items: number };

export type CompiledSchema = {
  readonly root: JsonObject;
  readonly anchors: ReadonlyMap<string, JsonValue>;
  /** References that were followed already. */
  readonly resolved: Map<string, JsonValue | undefined>;
};

export function compileSchema(root: JsonObject): CompiledSchema {
  const anchors = new Map<string, JsonValue>();
  const visit = (value: JsonValue, depth: number): void => {
    if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return;
    if (isJsonObject(value)) {
      for (const keyword of ['$anchor', '$dynamicAnchor'])
        if (typeof value[keyword] === 'string') anchors.set(`#${value[keyword]}`, value);
      for (const keyword of ['$id', 'id']) if (typeof value[keyword] === 'string') anchors.set(value[keyword], value);
    }
    for (const member of Object.values(value)) visit(member as JsonValue, depth + 1);
  };
  visit(root, 0);
  return { root, anchors, resolved: new Map() };
}

export function schemaProblems(compiled: CompiledSchema, value: JsonValue, matches: MatchPattern): readonly string[] {
  try {
    const evaluation = new Evaluation(compiled, matches, countValues(value, 0));
    evaluation.check(compiled.root, value, '', 0);
    return evaluation.problems;
  } catch (error) {
    if (error instanceof Undecided) return [error.message];
    if (!(error instanceof RangeError)) throw error;
    return ['The arguments could not be checked: the schema of this tool takes too long or goes in circles.'];
  }
}

/**
 * SECURITY(MC-16): ends the whole evaluation. Inside `not`, `if` and `anyOf` a part that merely does not fit can make the
 * whole fit, so what could not be decided must not be taken for what does not fit.
 */
class Undecided extends Error {}

class Evaluation {
  problems: string[] = [];
  readonly #compiled: CompiledSchema;
  readonly #matches: MatchPattern;
  #stepsLeft: number;

  constructor(compiled: CompiledSchema, matches: MatchPattern, values: number) {
    this.#stepsLeft = Math.min(MAX_STEPS, BASE_STEPS + STEPS_PER_VALUE * values);
    this.#compiled = compiled;
    this.#matches = (pattern, text) => {
      const matched = matches(pattern, text);
      if (matched !== undefined) return matched;
      throw new Undecided(
        'The arguments could not be checked: a pattern of this tool cannot be read or takes too long.',
      );
    };
  }

  /** Undefined when the value does not fit; a problem was noted then. */
  check(schema: JsonValue | undefined, value: JsonValue, path: string, depth: number): Seen | undefined {
    this.#stepsLeft -= 1;
    if (this.#stepsLeft < 0 || depth > MAX_DEPTH) throw new RangeError('schema budget');
    if (schema === true || schema === undefined) return { names: undefined, items: 0 };
    if (!isJsonObject(schema)) return this.#fail(path, 'is not allowed');
    const problem = assertionProblem(schema, value, this.#matches);
    if (problem !== undefined) return this.#fail(path, problem);
    const seen: Seen = { names: undefined, items: 0 };
    const fits =
      this.#inPlace(schema, value, path, depth, seen) &&
      (Array.isArray(value) ? this.#items(schema, value, path, depth, seen) : true) &&
      (isJsonObject(value) ? this.#members(schema, value, path, depth, seen) : true);
    return fits ? seen : undefined;
  }

  #inPlace(schema: JsonObject, value: JsonValue, path: string, depth: number, seen: Seen): boolean {
    const must = (subschema: JsonValue | undefined) => merge(seen, this.check(subschema, value, path, depth + 1));
    for (const keyword of ['$ref', '$dynamicRef', '$recursiveRef']) {
      const reference = schema[keyword];
      if (typeof reference === 'string') {
        const target = this.#resolve(reference);
        if (target === undefined)
          throw new Undecided(
            'The arguments could not be checked: the schema of this tool refers to another document.',
          );
        if (!must(target)) return false;
      }
    }
    if (Array.isArray(schema['allOf']) && !schema['allOf'].every(must)) return false;
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      const branches = schema[keyword];
      if (!Array.isArray(branches)) continue;
      const matching = branches
        .map((branch) => this.#quietly(branch, value, path, depth))
        .filter((one) => one !== undefined);
      const count = matching.length;
      if (count === 0 || (keyword === 'oneOf' && count > 1))
        return this.#fail(path, `fits ${count === 0 ? 'none' : 'more than one'} of the allowed forms`) !== undefined;
      for (const one of matching) merge(seen, one);
    }
    if (schema['not'] !== undefined && this.#quietly(schema['not'], value, path, depth) !== undefined)
      return this.#fail(path, 'has a form that is not allowed') !== undefined;
    if (schema['if'] !== undefined) {
      const condition = this.#quietly(schema['if'], value, path, depth);
      merge(seen, condition ?? { names: undefined, items: 0 });
      if (!must(schema[condition === undefined ? 'else' : 'then'])) return false;
    }
    return true;
  }

  #items(schema: JsonObject, value: readonly JsonValue[], path: string, depth: number, seen: Seen): boolean {
    const tuple = [schema['prefixItems'], schema['items']].find((keyword) => Array.isArray(keyword)) ?? [];
    const isOldForm = Array.isArray(schema['items']);
    const rest = isOldForm ? schema['additionalItems'] : schema['items'];
    const each = (from: number, subschemaOf: (index: number) => JsonValue | undefined) =>
      value.every(
        (item, index) => index < from || this.check(subschemaOf(index), item, `${path}[${index}]`, depth + 1),
      );
    if (!each(0, (index) => (index < tuple.length ? tuple[index] : rest))) return false;
    seen.items = Math.max(seen.items, rest === undefined ? Math.min(tuple.length, value.length) : value.length);
    if (schema['contains'] !== undefined) {
      const found = value.filter((item) => this.#quietly(schema['contains'], item, path, depth) !== undefined).length;
      const least = typeof schema['minContains'] === 'number' ? schema['minContains'] : 1;
      const most = typeof schema['maxContains'] === 'number' ? schema['maxContains'] : Number.POSITIVE_INFINITY;
      if (found < least || found > most)
        return this.#fail(path, 'has too few or too many of a kind of item') !== undefined;
    }
    return schema['unevaluatedItems'] === undefined || each(seen.items, () => schema['unevaluatedItems']);
  }

  #members(schema: JsonObject, value: JsonObject, path: string, depth: number, seen: Seen): boolean {
    const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
    const patterns = isJsonObject(schema['patternProperties']) ? Object.entries(schema['patternProperties']) : [];
    for (const [name, member] of Object.entries(value)) {
      const where = path === '' ? name : `${path}.${name}`;
      let declared = false;
      const apply = (subschema: JsonValue | undefined) => {
        declared = true;
        return this.check(subschema, member, where, depth + 1) !== undefined;
      };
      if (Object.hasOwn(properties, name) && !apply(properties[name])) return false;
      for (const [pattern, subschema] of patterns) {
        if (this.#matches(pattern, name) === true && !apply(subschema)) return false;
      }
      if (!declared && schema['additionalProperties'] !== undefined && !apply(schema['additionalProperties']))
        return false;
      if (schema['propertyNames'] !== undefined && !this.check(schema['propertyNames'], name, where, depth + 1))
        return false;
      if (declared) add(seen, name);
    }
    for (const keyword of ['dependentSchemas', 'dependencies']) {
      const dependencies = isJsonObject(schema[keyword]) ? schema[keyword] : {};
      for (const [name, subschema] of Object.entries(dependencies)) {
        if (!Object.hasOwn(value, name) || Array.isArray(subschema)) continue;
        if (!merge(seen, this.check(subschema, value, path, depth + 1))) return false;
      }
    }
    const { unevaluatedProperties } = schema;
    if (unevaluatedProperties === undefined) return true;
    for (const [name, member] of Object.entries(value)) {
      if (seen.names?.has(name)) continue;
      if (!this.check(unevaluatedProperties, member, path === '' ? name : `${path}.${name}`, depth + 1)) return false;
      add(seen, name);
    }
    return true;
  }

  #resolve(reference: string): JsonValue | undefined {
    const { anchors, resolved } = this.#compiled;
    if (anchors.has(reference)) return anchors.get(reference);
    // Kept: a name of great length in a circle of references would be taken apart at every step.
    if (!resolved.has(reference)) resolved.set(reference, this.#find(reference));
    return resolved.get(reference);
  }

  #find(reference: string): JsonValue | undefined {
    const { root, anchors } = this.#compiled;
    const [document = '', fragment = ''] = reference.split('#', 2);
    const start = document === '' ? root : anchors.get(document);
    if (start === undefined) return undefined;
    let value: JsonValue | undefined = start;
    for (const segment of fragment.split('/').slice(1)) {
      const name = decodeSegment(segment);
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
      value = (value as JsonObject)[name];
    }
    return fragment === '' || fragment.startsWith('/') ? value : undefined;
  }

  #quietly(schema: JsonValue | undefined, value: JsonValue, path: string, depth: number): Seen | undefined {
    const before = this.problems;
    this.problems = [];
    const seen = this.check(schema, value, path, depth + 1);
    this.problems = before;
    return seen;
  }

  #fail(path: string, problem: string): undefined {
    if (this.problems.length < 10)
      this.problems.push(`${path === '' ? 'The object' : JSON.stringify(path)} ${problem}.`);
    return undefined;
  }
}

function merge(into: Seen, seen: Seen | undefined): boolean {
  if (seen === undefined) return false;
  for (const name of seen.names ?? []) add(into, name);
  into.items = Math.max(into.items, seen.items);
  return true;
}

function add(seen: Seen, name: string): void {
  seen.names ??= new Set();
  seen.names.add(name);
}

function countValues(value: JsonValue, depth: number): number {
  if (depth > MAX_DEPTH) throw new RangeError('depth');
  if (typeof value !== 'object' || value === null) return 1;
  let count = 1;
  for (const member of Object.values(value)) count += countValues(member as JsonValue, depth + 1);
  return count;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return segment;
  }
}
