import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStrictJson } from '../../../mcp-bridge/inbound/strict-json.ts';

const parse = (text: string) => parseStrictJson(Buffer.from(text, 'utf8'));

test.each([
  ['a number', '1'],
  ['minus zero', '[-0]'],
  ['zero with a fraction', '[0.0]'],
  ['an exponent', '[1E22]'],
  ['an exponent with a sign', '[0e+1]'],
  ['a large number that loses no digit', '[123e65]'],
  ['a large number with a fraction that loses no digit', '[1.5e300]'],
  ['a very small number', `[-0.${'0'.repeat(77)}1]`],
  ['the largest safe number', '[9007199254740991,-9007199254740991]'],
  ['a fraction', '[0.1,3.141592653589793]'],
  ['an empty string', '""'],
  ['escapes', '["\\"\\\\\\/\\b\\f\\n\\r\\t\\u0012"]'],
  ['a string of brackets and colons', '{"a":"{[:,]}:"}'],
  ['an escaped quote before a colon', '{"a\\":":1}'],
  ['backslashes before a quote', '{"a\\\\":1,"b\\\\\\"":2}'],
  ['a surrogate pair as escapes', '["\\ud83d\\ude00"]'],
  ['a surrogate pair as bytes', '["😀"]'],
  ['a noncharacter', '["\\uffff"]'],
  ['line separators', '["\u2028\u2029"]'],
  ['the empty name', '{"":0}'],
  ['names that only look alike', '{"a":1,"A":2,"à":3}'],
  ['the same name in two objects', '[{"a":1},{"a":2}]'],
  ['names that are on prototypes but not reserved', '{"toString":1,"valueOf":2,"hasOwnProperty":3,"length":4}'],
  ['space around everything', ' \t\r\n{ "a" : [ 1 , 2 ] } \n'],
  ['64 levels', `${'['.repeat(64)}${']'.repeat(64)}`],
  ['digits in a string that no number may have', '["9007199254740993","1e400"]'],
])('accepts %s and reads it as every parser does', (_name, text) => {
  expect(parse(text)).toEqual({ ok: true, value: JSON.parse(text) });
});

const reserved = new Set(['__proto__', 'constructor', 'prototype']);

/** The rule, said another way: what a reader that reports every name would refuse. */
function isFit(value: unknown, depth = 0): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  if (typeof value === 'string')
    return Buffer.from(value, 'utf8').toString('utf8') === value && !value.includes('\u0000');
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= 64) return false;
  return Object.entries(value).every(
    ([name, member]) => !reserved.has(name) && isFit(name) && isFit(member, depth + 1),
  );
}

test('whatever JSON.stringify writes of a fit value is accepted with that value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      fc.pre(isFit(value));
      const text = JSON.stringify(value);
      expect(parse(text)).toEqual({ ok: true, value: JSON.parse(text) });
    }),
  );
});

test('a member repeated anywhere is found', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1, noNullPrototype: true }),
      fc.jsonValue({ maxDepth: 2 }),
      fc.nat(),
      (object, other, pick) => {
        fc.pre(isFit(object) && isFit(other));
        const names = Object.keys(object);
        const name = names[pick % names.length] as string;
        const text = `${JSON.stringify(object).slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(other)}}`;
        expect(parse(text)).toMatchObject({ ok: false, problem: 'duplicate-name' });
      },
    ),
  );
});

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(parseStrictJson(bytes)).toHaveProperty('ok');
    }),
  );
});

test('what it accepts survives being written and read again', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      const first = parse(text);
      if (!first.ok) return;
      const again = parse(JSON.stringify(first.value));
      expect(again).toEqual({ ok: true, value: JSON.parse(JSON.stringify(first.value)) });
    }),
  );
});
