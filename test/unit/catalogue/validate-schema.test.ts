import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileSchema, schemaProblems } from '../../../mcp-bridge/core/catalogue/validate-schema.ts';
import type { JsonObject, JsonValue } from '../../../mcp-bridge/core/model/json.ts';
import { createMatchPattern } from '../../../mcp-bridge/upstream/match-pattern.ts';

const matchPattern = createMatchPattern();
const problems = (schema: JsonObject, value: JsonValue) => schemaProblems(compileSchema(schema), value, matchPattern);

const address = { $defs: { street: { type: 'string', minLength: 1 } } };

test.each<[string, JsonObject, JsonValue, boolean]>([
  ['a string is no number', { type: 'number' }, '1', false],
  ['a number is no string', { type: 'string' }, 1, false],
  ['a whole float is an integer', { type: 'integer' }, 1.0, true],
  ['true is no integer', { type: 'integer' }, true, false],
  ['a list of types', { type: ['string', 'null'] }, null, true],
  ['a list is no object', { type: 'object' }, [], false],
  ['null is no object', { type: 'object' }, null, false],
  ['an unknown type fits nothing', { type: 'date' }, 'x', false],
  ['enum compares by value', { enum: [{ a: [1, 2] }] }, { a: [1, 2] }, true],
  ['const', { const: 'x' }, 'y', false],
  ['const null', { const: null }, 0, false],
  ['length counts characters, not UTF-16 units', { maxLength: 1 }, '😀', true],
  ['multipleOf with a fraction', { multipleOf: 0.1 }, 0.3, true],
  ['multipleOf that does not fit', { multipleOf: 0.1 }, 0.35, false],
  ['a lacking member', { required: ['a'] }, { b: 1 }, false],
  ['a member of the prototype is not there', { required: ['toString'] }, {}, false],
  [
    '__proto__ as a declared name',
    { properties: { a: { type: 'string' } }, additionalProperties: false },
    JSON.parse('{"__proto__": 1}'),
    false,
  ],
  ['undeclared members are allowed unless forbidden', { properties: {} }, { more: 1 }, true],
  ['undeclared members against a schema', { additionalProperties: { type: 'number' } }, { more: 'x' }, false],
  [
    'patternProperties',
    { patternProperties: { '^x-': { type: 'number' } }, additionalProperties: false },
    { 'x-a': 1 },
    true,
  ],
  ['propertyNames', { propertyNames: { pattern: '^[a-z]+$' } }, { A: 1 }, false],
  ['a reference', { ...address, properties: { s: { $ref: '#/$defs/street' } } }, { s: '' }, false],
  ['an anchor', { $defs: { a: { $anchor: 'num', type: 'number' } }, $ref: '#num' }, 'x', false],
  ['a reference to an embedded id', { $defs: { a: { $id: 'urn:a', type: 'number' } }, $ref: 'urn:a' }, 1, true],
  ['an escaped pointer', { $defs: { 'a/b~c': { type: 'number' } }, $ref: '#/$defs/a~1b~0c' }, 'x', false],
  ['a tree by reference', { properties: { c: { items: { $ref: '#' } } }, required: ['c'] }, { c: [{ c: [] }] }, true],
  [
    'a broken leaf of a tree',
    { properties: { c: { items: { $ref: '#' } } }, required: ['c'] },
    { c: [{ c: [{}] }] },
    false,
  ],
  ['oneOf with two that fit', { oneOf: [{ type: 'number' }, { minimum: 1 }] }, 2, false],
  ['not', { not: { type: 'string' } }, 'x', false],
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  ['if and then', { if: { properties: { k: { const: 'a' } } }, then: { required: ['v'] } }, { k: 'a' }, false],
  ['if and else', { if: { type: 'string' }, else: { minimum: 3 } }, 2, false],
  ['prefixItems and items', { prefixItems: [{ type: 'string' }], items: { type: 'number' } }, ['a', 1], true],
  ['the old tuple', { items: [{ type: 'string' }], additionalItems: false }, ['a', 1], false],
  ['contains', { contains: { const: 1 }, minContains: 2 }, [1, 2, 1], true],
  ['an empty list contains nothing', { items: { contains: { type: 'string' } } }, [['a'], []], false],
  ['too few of contains', { contains: { const: 1 } }, [2], false],
  [
    'uniqueItems by value',
    { uniqueItems: true },
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    false,
  ],
  ['dependentRequired', { dependentRequired: { a: ['b'] } }, { a: 1 }, false],
  ['the old dependencies', { dependencies: { a: ['b'] } }, { a: 1 }, false],
  ['dependentSchemas', { dependentSchemas: { a: { required: ['b'] } } }, { a: 1 }, false],
  [
    'unevaluatedProperties sees through allOf',
    { allOf: [{ properties: { a: true } }], unevaluatedProperties: false },
    { a: 1 },
    true,
  ],
  [
    'unevaluatedProperties refuses the rest',
    { allOf: [{ properties: { a: true } }], unevaluatedProperties: false },
    { a: 1, b: 2 },
    false,
  ],
  ['a format is an annotation', { format: 'email' }, 'not an address', true],
  ['the schema false', { properties: { a: false } }, { a: 1 }, false],
])('%s', (_name, schema, value, fits) => expect(problems(schema, value).length === 0).toBe(fits));

test('a problem names the place and what is wanted, never the value', () => {
  const schema = { properties: { user: { properties: { age: { type: 'integer' } } } } };
  expect(problems(schema, { user: { age: 'canary' } })).toEqual(['"user.age" must be integer.']);
});

describe('MC-16: schemas that mean harm end as a problem, fast', () => {
  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [
      `d${index}`,
      { allOf: [{ $ref: `#/$defs/d${index + 1}` }, { $ref: `#/$defs/d${index + 1}` }] },
    ]),
  );
  const deep = JSON.parse(`${'{"not":'.repeat(5_000)}{}${'}'.repeat(5_000)}`) as JsonObject;
  test.each<[string, JsonObject, JsonValue]>([
    ['a reference to itself', { $ref: '#' }, {}],
    [
      'a circle of references',
      { $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' },
      {},
    ],
    ['doubling references', { $defs: { ...doubling, d40: {} }, $ref: '#/$defs/d0' }, {}],
    ['a document elsewhere', { $ref: 'http://169.254.169.254/latest' }, {}],
    ['a file', { $ref: 'file:///etc/passwd' }, {}],
    ['a pointer to nowhere', { $ref: '#/$defs/none' }, {}],
    ['a pointer into a prototype', { $ref: '#/__proto__' }, {}],
    ['a pointer into a constructor', { $ref: '#/constructor/prototype' }, {}],
    ['five thousand levels', deep, {}],
    ['a pattern that backtracks for ever', { pattern: '^(a+)+$' }, `${'a'.repeat(50)}!`],
    ['a pattern of polynomial time', { pattern: 'a*a*a*a*a*a*b' }, 'a'.repeat(20_000)],
    ['a pattern with a look-behind', { pattern: '(?<=(x+x+)+)y' }, 'x'.repeat(60)],
    ['no pattern at all', { pattern: '(' }, 'x'],
    ['a pattern for names', { patternProperties: { '^(a|a)*$': {} } }, { [`${'a'.repeat(40)}!`]: 1 }],
  ])('%s', (_name, schema, value) => {
    const startedMs = performance.now();
    expect(problems(schema, value)).not.toEqual([]);
    expect(performance.now() - startedMs).toBeLessThan(500);
  });
});

test('a list of a hundred thousand honest values is checked to its end', () => {
  const schema = { properties: { list: { items: { type: 'integer', minimum: 0 } } } };
  const list = Array.from({ length: 100_000 }, (_, index) => index);
  expect(problems(schema, { list })).toEqual([]);
  expect(problems(schema, { list: [...list, -1] })).toEqual(['"list[100000]" must be at least 0.']);
});

test('agrees with another implementation on schemas it also understands', () => {
  const leaf = fc.oneof(
    fc.record({ type: fc.constantFrom('string', 'number', 'integer', 'boolean', 'null', 'object', 'array') }),
    fc
      .record({
        enum: fc.array(fc.constantFrom<JsonValue>('a', 'b', 1, 2, null, true), { minLength: 1, maxLength: 3 }),
      })
      .map(unique),
    fc.record({ minimum: fc.integer({ min: -3, max: 3 }) }),
    fc.record({ exclusiveMaximum: fc.integer({ min: -3, max: 3 }) }),
    fc.record({ minLength: fc.nat(2) }),
    fc.record({ pattern: fc.constantFrom('^a', 'b$', '^[ab]+$') }),
    fc.record({ required: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 2 }) }),
    fc.record({ minItems: fc.nat(2) }),
    fc.constant({ uniqueItems: true }),
  );
  const { schema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      fc.record({ properties: fc.record({ a: tie('schema'), b: tie('schema') }) }),
      fc.record({ properties: fc.record({ a: tie('schema') }), additionalProperties: tie('schema') }),
      fc.record({ items: tie('schema') }),
      fc.record({ prefixItems: fc.tuple(tie('schema')), items: tie('schema') }),
      fc.record({ allOf: fc.tuple(tie('schema'), tie('schema')) }),
      fc.record({ anyOf: fc.tuple(tie('schema'), tie('schema')) }),
      fc.record({ oneOf: fc.tuple(tie('schema'), tie('schema')) }),
      fc.record({ not: tie('schema') }),
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
      fc.record({ if: tie('schema'), then: tie('schema'), else: tie('schema') }),
      fc.record({ dependentSchemas: fc.record({ a: tie('schema') }) }),
      // A failed `if` has looked at nothing (2020-12 §7.7.1.1), which the other one forgets: only plain members here.
      fc.record({
        allOf: fc.tuple(fc.record({ properties: fc.record({ a: tie('schema') }) })),
        unevaluatedProperties: fc.constant(false),
      }),
      fc.record({ $defs: fc.record({ x: tie('schema') }), $ref: fc.constant('#/$defs/x') }),
    ),
  }));
  const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom<JsonValue>('a', 'b', 'ab', '', 0, 1, 2, -1, 1.5, true, null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  const other = new AjvJsonSchemaValidator();
  fc.assert(
    fc.property(schema, value, (oneSchema, oneValue) => {
      // References are resolved from the root, so nested ones would mean another place for each of the two.
      fc.pre(!JSON.stringify(oneSchema).slice(1).includes('{"$defs"'));
      const theirs = other.getValidator(oneSchema as never)(oneValue).valid;
      expect(problems(oneSchema, oneValue).length === 0).toBe(theirs);
    }),
    { numRuns: 300 },
  );
});

function unique({ enum: values }: { readonly enum: readonly JsonValue[] }): JsonObject {
  return { enum: [...new Set(values)] };
}
