import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Analysers } from '../../../mcp-bridge/core/classify/analysers/ports.ts';
import { argumentDecides, classify, classifyTool } from '../../../mcp-bridge/core/classify/classify.ts';
import { profiles } from '../../../mcp-bridge/core/classify/profiles/index.ts';
import { BASES, DOMAINS } from '../../../mcp-bridge/core/model/classification.ts';
import { EFFECTS, isWorse } from '../../../mcp-bridge/core/model/effect.ts';
import type { JsonObject, JsonValue } from '../../../mcp-bridge/core/model/json.ts';
import type { ToolDefinition } from '../../../mcp-bridge/core/model/tool.ts';
import { labelledTools } from '../../support/classification-vectors.ts';

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
const object = fc.dictionary(fc.string(), json, { maxKeys: 6 }) as fc.Arbitrary<JsonObject>;
const known = labelledTools('reference').map(
  ({ tool, description, inputSchema }): ToolDefinition => ({ name: tool, description, inputSchema }),
);
const definition: fc.Arbitrary<ToolDefinition> = fc.oneof(
  fc.constantFrom(...known),
  fc.record({ name: fc.string(), description: fc.string(), inputSchema: object }),
  // Hostile: nothing is of the type it should be.
  fc.record({
    name: json,
    description: json,
    inputSchema: json,
    annotations: json,
  }) as unknown as fc.Arbitrary<ToolDefinition>,
);
const breaking: Analysers = {
  sql: () => {
    throw new Error('analysers may break');
  },
};

describe('for every tool', () => {
  test('there is an answer, and it explains itself', () => {
    fc.assert(
      fc.property(definition, fc.option(object, { nil: undefined }), fc.boolean(), (tool, args, trusted) => {
        const answer = classify({ serverId: 's', tool, trusted, arguments: args }, breaking);
        expect(EFFECTS).toContain(answer.effect);
        expect(BASES).toContain(answer.basis);
        expect(DOMAINS).toContain(answer.domain);
        expect(answer.reasons.length).toBeGreaterThan(0);
        expect(answer.reasons.every((reason) => reason.length > 0)).toBe(true);
        expect(typeof argumentDecides(tool)).toBe('boolean');
      }),
    );
  });

  test('an untrusted hint never lowers', () => {
    fc.assert(
      fc.property(
        definition,
        object,
        fc.option(fc.boolean()),
        fc.option(fc.boolean()),
        (tool, args, readOnly, destructive) => {
          const bare = { ...tool, annotations: undefined };
          const hinted = {
            ...tool,
            annotations: { readOnlyHint: readOnly ?? undefined, destructiveHint: destructive ?? undefined },
          };
          for (const given of [args, undefined]) {
            const without = classify({ serverId: 's', tool: bare, trusted: false, arguments: given }, {});
            const withHint = classify({ serverId: 's', tool: hinted, trusted: false, arguments: given }, {});
            expect(isWorse(without.effect, withHint.effect)).toBe(false);
          }
        },
      ),
    );
  });

  test('words nobody knows are delete-grade, whatever the server promises', () => {
    const consonants = fc.string({ unit: fc.constantFrom(...'bcdfghjklmnpqrstvwxz'), minLength: 12, maxLength: 30 });
    fc.assert(
      fc.property(consonants, (name) => {
        const annotations = { readOnlyHint: true, destructiveHint: false };
        const tool = { name, inputSchema: { type: 'object' }, annotations };
        expect(classifyTool({ serverId: 's', tool, trusted: false })).toMatchObject({
          effect: 'delete',
          basis: 'unknown',
        });
      }),
    );
  });

  test('a name that begins or ends with deleting deletes, whatever its description says', () => {
    const verb = fc.constantFrom('delete', 'destroy', 'purge', 'wipe', 'erase', 'truncate', 'uninstall', 'remove');
    const noun = fc.constantFrom('file', 'user', 'page', 'order', 'list', 'branch', 'comment', 'report', 'status');
    const first = fc.tuple(verb, noun).map(([v, n]) => `${v}_${n}`);
    const last = fc.tuple(noun, verb).map(([n, v]) => `${n}-${v}`);
    // Words that claim something harmless lie behind random text only once in a while, so they are offered too.
    const claim = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'Apply',
        'Lists',
        'Lists everything.',
        'Gets a report',
        'Reads only.',
        'Updates it',
        'Creates a list',
        'Searches',
      ),
    );
    fc.assert(
      fc.property(fc.oneof(first, last), claim, (name, description) => {
        const tool = { name, description, inputSchema: { type: 'object' } };
        expect(classifyTool({ serverId: 's', tool, trusted: true }).effect).toBe('delete');
      }),
      { numRuns: 1_000 },
    );
  });

  test('a call is never worse than the worst case says, for values that the schema lists', () => {
    for (const { tool, description, inputSchema, variants } of labelledTools('reference')) {
      if (!variants) continue;
      const definition = { name: tool, description, inputSchema };
      const worst = classifyTool({ serverId: 's', tool: definition, trusted: false }).effect;
      for (const value of Object.keys(variants.values)) {
        const call = classify(
          { serverId: 's', tool: definition, trusted: false, arguments: { [variants.arg]: value } },
          {},
        );
        expect([tool, value, isWorse(call.effect, worst)]).toEqual([tool, value, false]);
      }
    }
  });

  test('a profile is only for a server that the configuration names', () => {
    const names = profiles.flatMap((profile) => [...profile.read, ...Object.keys(profile.tools)]);
    fc.assert(
      fc.property(fc.constantFrom(...names), (name) => {
        const tool = { name, inputSchema: { type: 'object' }, serverInfo: { name: '@playwright/mcp' } };
        expect(classifyTool({ serverId: 's', tool, trusted: false }).basis).not.toBe('profile');
      }),
    );
  });
});

describe('time is linear', () => {
  test.each<[string, (size: number) => ToolDefinition]>([
    ['a long description', (size) => ({ name: 'x', description: 'a, '.repeat(size), inputSchema: {} })],
    ['negations without end', (size) => ({ name: 'x', description: 'not delete '.repeat(size), inputSchema: {} })],
    ['a long name', (size) => ({ name: 'A'.repeat(size), inputSchema: {} })],
    [
      'many properties',
      (size) => ({
        name: 'x',
        inputSchema: {
          properties: Object.fromEntries(Array.from({ length: size }, (_, i) => [`a${i}`, { type: 'string' }])),
        },
      }),
    ],
    [
      'long property names',
      (size) => ({
        name: 'x',
        inputSchema: { properties: { ['A'.repeat(size)]: { type: 'string', enum: ['B'.repeat(size)] } } },
      }),
    ],
    ['deep nesting', (size) => ({ name: 'x', inputSchema: nest(Math.min(size, 3_000)) })],
    [
      'a definition that points at itself',
      () => ({
        name: 'x',
        inputSchema: {
          properties: { a: { $ref: '#/$defs/a' } },
          $defs: {
            a: { anyOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/a' }], properties: { a: { $ref: '#/$defs/a' } } },
          },
        },
      }),
    ],
  ])('%s', (_name, make) => {
    const tool = make(100_000);
    const started = performance.now();
    classify({ serverId: 's', tool, trusted: false, arguments: {} }, {});
    expect(performance.now() - started).toBeLessThan(500); // quadratic time would take minutes
  });
});

function nest(depth: number): JsonObject {
  let schema: JsonObject = { type: 'string' };
  for (let level = 0; level < depth; level += 1) schema = { type: 'object', properties: { a: schema } };
  return schema;
}
