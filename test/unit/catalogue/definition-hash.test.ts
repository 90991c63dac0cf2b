import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { definitionDifferences } from '../../../mcp-bridge/core/catalogue/definition-differences.ts';
import { definitionHash } from '../../../mcp-bridge/core/catalogue/definition-hash.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../mcp-bridge/core/model/json.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const source = {
  serverId: 'git',
  endpoint: 'node git.js',
  executableHash: 'aa',
  serverName: 'git',
  serverVersion: '1',
};
const definition: JsonObject = {
  name: 'commit',
  title: 'Commit',
  description: 'Commits what is staged.',
  inputSchema: {
    type: 'object',
    properties: { message: { type: 'string', title: 'Message', default: 'x', enum: ['x', 'y'] }, 'a-name': {} },
    $defs: { x: { description: 'deep' } },
    required: ['message'],
    additionalProperties: false,
  },
  outputSchema: { type: 'object', maxProperties: 3 },
  annotations: { readOnlyHint: false, title: 'Commit' },
  icons: [{ src: 'https://example.com/i.png' }],
  _meta: { vendor: { note: 'n' } },
};
const hashOf = (value: JsonValue, from = source) => definitionHash(value, from, sha256);

/** The definition with one leaf or one name changed a little, once for each of them. */
function* mutations(value: JsonValue): Generator<JsonValue> {
  if (typeof value === 'string') yield `${value}\u200b`;
  else if (typeof value === 'number') yield value + 1;
  else if (typeof value === 'boolean') yield !value;
  else if (value === null) yield 0;
  else if (Array.isArray(value))
    for (const [index, item] of value.entries())
      for (const changed of mutations(item)) yield value.map((other, at) => (at === index ? changed : other));
  else if (isJsonObject(value))
    for (const [name, member] of Object.entries(value)) {
      const { [name]: _old, ...others } = value;
      yield { ...others, [`${name}x`]: member };
      yield others;
      for (const changed of mutations(member)) yield { ...value, [name]: changed };
    }
}

describe('MC-02: the hash trips', () => {
  test('on a change of any leaf and any name, at any depth', () => {
    const hashes = [...mutations(definition)].map((changed) => hashOf(changed));
    expect(hashes.length).toBeGreaterThan(60);
    expect(hashes).not.toContain(hashOf(definition));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test.each([
    ['the server’s id', { ...source, serverId: 'git2' }],
    ['the command or address', { ...source, endpoint: 'node git.js --force' }],
    ['the program', { ...source, executableHash: 'ab' }],
    ['the name it gives itself', { ...source, serverName: 'other' }],
    ['its version', { ...source, serverVersion: '2' }],
  ])('on a change of %s', (_name, other) => expect(hashOf(definition, other)).not.toBe(hashOf(definition)));

  test('not on another order of members', () => {
    const turned = Object.fromEntries(Object.entries(definition).reverse());
    expect(hashOf(turned)).toBe(hashOf(definition));
  });
});

test.each<[string, JsonValue, JsonValue, unknown]>([
  ['nothing changed', definition, { ...definition }, []],
  ['a text', { d: 'a' }, { d: 'b' }, [{ path: 'd', before: 'a', after: 'b' }]],
  ['something new, deep', { s: { p: {} } }, { s: { p: { x: 1 } } }, [{ path: 's.p.x', before: undefined, after: 1 }]],
  ['something gone', { a: 1, b: 2 }, { a: 1 }, [{ path: 'b', before: 2, after: undefined }]],
  ['one of a list', { l: [1, 2] }, { l: [1, 3] }, [{ path: 'l[1]', before: 2, after: 3 }]],
  ['a longer list', { l: [1] }, { l: [1, 2] }, [{ path: 'l', before: [1], after: [1, 2] }]],
  ['another type', { a: {} }, { a: [] }, [{ path: 'a', before: {}, after: [] }]],
])('differences: %s', (_name, before, after, expected) =>
  expect(definitionDifferences(before, after)).toEqual(expected),
);
