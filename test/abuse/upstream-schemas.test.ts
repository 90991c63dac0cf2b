/** Schemas made to never end, to fetch, or to let through what they cannot decide (MC-16). */
import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../mcp-bridge/core/model/json.ts';
import { Catalogue } from '../../mcp-bridge/upstream/catalogue.ts';
import { memoryPinStore } from '../../mcp-bridge/upstream/pin-store.ts';

function problemsOf(
  inputSchema: JsonObject,
  toolArguments: JsonObject,
): { problems: readonly string[]; tookMs: number } {
  const catalogue = new Catalogue({ review: 'first-use', pinStore: memoryPinStore() });
  catalogue.addServer({ serverId: 'it', endpoint: 'node it.js', trusted: false, roots: [] });
  catalogue.refresh(
    'it',
    { era: 'initialize', protocolVersion: '2025-11-25', serverInfo: {}, capabilities: {} },
    { endpoint: 'node it.js' },
    { tools: [{ name: 'it', inputSchema }], prompts: [], resources: [], resourceTemplates: [] },
  );
  const tool = catalogue.resolve('it', 'it');
  if (tool === undefined) throw new Error('the tool is not there');
  const startedMs = performance.now();
  const problems = catalogue.validateArguments(tool, toolArguments);
  return { problems, tookMs: performance.now() - startedMs };
}

const evil = '^(a|aa)+$';
const text = `${'a'.repeat(60)}!`;
const many = (count: number, make: (index: number) => JsonValue): JsonValue[] =>
  Array.from({ length: count }, (_, index) => make(index));
const onText = (schema: JsonObject): JsonObject => ({ type: 'object', properties: { text: schema } });
const longName = 'x'.repeat(200_000);

test.each<[string, JsonObject, JsonObject]>([
  [
    'a hundred branches with patterns that never end',
    onText({ anyOf: many(100, (index) => ({ pattern: `${evil}|${index}` })) }),
    { text },
  ],
  ['the same under oneOf', onText({ oneOf: many(100, (index) => ({ pattern: `${evil}|${index}` })) }), { text }],
  [
    'the same for names',
    { patternProperties: Object.fromEntries(many(100, (index) => index).map((index) => [`${evil}|${index}`, {}])) },
    { [text]: 1 },
  ],
  [
    'a pattern that takes a little, for thousands of texts',
    { properties: { list: { items: { pattern: '^a*a*$' } } } },
    { list: many(4_000, () => `${'a'.repeat(999)}!`) },
  ],
  [
    'a pattern that takes a little, in thousands of forms',
    onText({ anyOf: many(3_000, (index) => ({ pattern: `^a*a*b{${index}}$` })) }),
    { text: `${'a'.repeat(999)}!` },
  ],
  ['a circle of references', { $ref: '#' }, { text }],
  [
    'references that double',
    {
      $defs: Object.fromEntries(
        many(40, (index) => index).map((index) => [
          `d${index}`,
          { allOf: [{ $ref: `#/$defs/d${Number(index) + 1}` }, { $ref: `#/$defs/d${Number(index) + 1}` }] },
        ]),
      ),
      $ref: '#/$defs/d0',
    },
    { text },
  ],
  [
    'references with names of great length',
    {
      $defs: { [longName]: { anyOf: many(200, () => ({ $ref: `#/$defs/${longName}` })) } },
      $ref: `#/$defs/${longName}`,
    },
    { text },
  ],
  ['a reference to another document', onText({ $ref: 'https://127.0.0.1:9/schema.json' }), { text }],
  ['a reference to a file', onText({ $ref: 'file:///etc/passwd' }), { text }],
])('MC-16: %s is a problem within a moment', (_name, schema, toolArguments) => {
  const { problems, tookMs } = problemsOf(schema, toolArguments);
  expect(problems).not.toEqual([]);
  expect(tookMs).toBeLessThan(400);
});

test.each<[string, JsonObject]>([
  ['under not', onText({ not: { pattern: evil } })],
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  ['in a condition', onText({ if: { pattern: evil }, then: false })],
  ['beside a branch that fits', onText({ anyOf: [{ pattern: evil }, { type: 'string' }] })],
  [
    'in an item that is looked for',
    { properties: { text: {}, list: { contains: { pattern: evil }, minContains: 0, maxContains: 0 } } },
  ],
  ['under not, and no pattern at all', onText({ not: { pattern: '(' } })],
  ['under not, and out of the document', onText({ not: { $ref: 'https://example.com/a' } })],
])('MC-16: what cannot be decided %s is a problem, not a pass', (_name, schema) => {
  expect(problemsOf(schema, { text, list: [text] }).problems).not.toEqual([]);
});

test.each<[string, JsonObject, JsonObject]>([
  [
    'honest patterns on a long list',
    { properties: { list: { items: { pattern: '^[a-z]+-[0-9]{1,4}$' } } } },
    { list: many(5_000, (index) => `item-${index}`) },
  ],
  ['look-arounds', onText({ pattern: '^(?=.*[a-z])(?=.*[0-9]).{3,40}$' }), { text: 'abc123' }],
  ['not, decided', onText({ not: { pattern: '^b' } }), { text: 'abc' }],
])('%s pass', (_name, schema, toolArguments) => {
  expect(problemsOf(schema, toolArguments).problems).toEqual([]);
});
