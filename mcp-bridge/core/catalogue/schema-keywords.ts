/** JSON Schema assertions that look at one value only (2020-12 validation vocabulary; older drafts are the same). */
import { canonicalJson } from '../canonical-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';

/** Answers undefined where the pattern could not be decided in time or is not a pattern. */
export type MatchPattern = (pattern: string, text: string) => boolean | undefined;

/** One problem as the end of a sentence that begins with the name of the value; undefined when all hold. */
export function assertionProblem(schema: JsonObject, value: JsonValue, matches: MatchPattern): string | undefined {
  if (schema['type'] !== undefined && !hasType(schema['type'], value)) return `must be ${typeNames(schema['type'])}`;
  if (Array.isArray(schema['enum']) && !schema['enum'].some((allowed) => isEqual(allowed, value)))
    return 'must be one of the listed values';
  if (schema['const'] !== undefined && !isEqual(schema['const'], value)) return 'must be the one allowed value';
  if (typeof value === 'number') return numberProblem(schema, value);
  if (typeof value === 'string') return textProblem(schema, value, matches);
  if (Array.isArray(value)) return listProblem(schema, value);
  return isJsonObject(value) ? objectProblem(schema, value) : undefined;
}

export function hasType(type: JsonValue, value: JsonValue): boolean {
  if (Array.isArray(type)) return type.some((one) => hasType(one, value));
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isJsonObject(value);
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value);
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type;
    default:
      return false;
  }
}

function typeNames(type: JsonValue): string {
  const names = (Array.isArray(type) ? type : [type]).filter((name) => typeof name === 'string');
  return names.map((name) => (/^[a-z]{1,10}$/.test(name) ? name : 'an unknown type')).join(' or ');
}

function numberProblem(schema: JsonObject, value: number): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (typeof minimum === 'number' && value < minimum) return `must be at least ${minimum}`;
  if (typeof maximum === 'number' && value > maximum) return `must be at most ${maximum}`;
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) return `must be more than ${exclusiveMinimum}`;
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum) return `must be less than ${exclusiveMaximum}`;
  // Draft 4 wrote these as booleans beside the limit.
  if (exclusiveMinimum === true && value === minimum) return `must be more than ${minimum}`;
  if (exclusiveMaximum === true && value === maximum) return `must be less than ${maximum}`;
  if (typeof multipleOf === 'number' && multipleOf > 0 && !isMultiple(value, multipleOf))
    return `must be a multiple of ${multipleOf}`;
  return undefined;
}

function isMultiple(value: number, of: number): boolean {
  const quotient = value / of;
  return Number.isFinite(quotient)
    ? Math.abs(quotient - Math.round(quotient)) <= Number.EPSILON * Math.max(1, Math.abs(quotient)) * 4
    : Number.isInteger(value) && Number.isInteger(1 / of);
}

function textProblem(schema: JsonObject, value: string, matches: MatchPattern): string | undefined {
  const { minLength, maxLength, pattern } = schema;
  if (typeof minLength === 'number' || typeof maxLength === 'number') {
    let length = 0;
    for (const _character of value) length += 1;
    if (typeof minLength === 'number' && length < minLength) return `must have at least ${minLength} characters`;
    if (typeof maxLength === 'number' && length > maxLength) return `must have at most ${maxLength} characters`;
  }
  if (typeof pattern !== 'string') return undefined;
  const matched = matches(pattern, value);
  if (matched === undefined) return 'has a pattern that could not be checked in time';
  return matched ? undefined : 'does not have the form that its pattern asks for';
}

function listProblem(schema: JsonObject, value: readonly JsonValue[]): string | undefined {
  const { minItems, maxItems, uniqueItems } = schema;
  if (typeof minItems === 'number' && value.length < minItems) return `must have at least ${minItems} items`;
  if (typeof maxItems === 'number' && value.length > maxItems) return `must have at most ${maxItems} items`;
  if (uniqueItems === true && new Set(value.map(canonicalJson)).size !== value.length)
    return 'must not have the same item twice';
  return undefined;
}

function objectProblem(schema: JsonObject, value: JsonObject): string | undefined {
  const { required, minProperties, maxProperties, dependentRequired } = schema;
  const names = Object.keys(value);
  if (typeof minProperties === 'number' && names.length < minProperties)
    return `must have at least ${minProperties} members`;
  if (typeof maxProperties === 'number' && names.length > maxProperties)
    return `must have at most ${maxProperties} members`;
  const missing = (wanted: JsonValue | undefined) =>
    Array.isArray(wanted) ? wanted.find((name) => typeof name === 'string' && !Object.hasOwn(value, name)) : undefined;
  const absent = missing(required);
  if (absent !== undefined) return `lacks ${JSON.stringify(absent)}`;
  for (const dependencies of [dependentRequired, schema['dependencies']]) {
    if (!isJsonObject(dependencies)) continue;
    for (const name of Object.keys(dependencies)) {
      const needed = Object.hasOwn(value, name) ? missing(dependencies[name]) : undefined;
      if (needed !== undefined) return `lacks ${JSON.stringify(needed)}`;
    }
  }
  return undefined;
}

function isEqual(left: JsonValue, right: JsonValue): boolean {
  if (typeof left !== 'object' || left === null) return left === right;
  return typeof right === 'object' && right !== null && canonicalJson(left) === canonicalJson(right);
}
