/**
 * MC-13, MC-14, MC-15: a text that two parsers could read differently never becomes a call.
 * Rows follow the classes of JSONTestSuite (n_ must fail, i_ is left open and refused here where it changes a value).
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStrictJson, type StrictJsonProblem } from '../../mcp-bridge/inbound/strict-json.ts';

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const raw = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const inString = (...bytes: number[]): Uint8Array => raw(0x22, ...bytes, 0x22);

const grammar: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['only a space', ' '],
  ['a single quote', "'a'"],
  ['a bare word', 'nothing'],
  ['a word cut short', 'tru'],
  ['a word in capitals', 'TRUE'],
  ['undefined', 'undefined'],
  ['NaN', '[NaN]'],
  ['Infinity', '[Infinity]'],
  ['minus Infinity', '[-Infinity]'],
  ['a plus sign', '[+1]'],
  ['a leading zero', '[012]'],
  ['a negative leading zero', '[-012]'],
  ['a point without digits before', '[.5]'],
  ['a point without digits after', '[1.]'],
  ['an exponent without digits', '[1e]'],
  ['an exponent with only a sign', '[1e+]'],
  ['two points', '[1.2.3]'],
  ['a minus alone', '[-]'],
  ['two minus signs', '[--1]'],
  ['hexadecimal', '[0x1F]'],
  ['a number with a letter', '[1a]'],
  ['a number with an underscore', '[1_000]'],
  ['fullwidth digits', '[１]'],
  ['a line comment', '{"a":1}//'],
  ['a block comment', '{"a":/*b*/1}'],
  ['a hash comment', '# a\n1'],
  ['a trailing comma in an array', '[1,]'],
  ['a trailing comma in an object', '{"a":1,}'],
  ['two commas', '[1,,2]'],
  ['a comma first', '[,1]'],
  ['no comma', '[1 true]'],
  ['a colon in an array', '["a":1]'],
  ['no colon', '{"a" 1}'],
  ['two colons', '{"a"::1}'],
  ['no value', '{"a":}'],
  ['a name without quotes', '{a:1}'],
  ['a name that is a number', '{1:1}'],
  ['a name in single quotes', "{'a':1}"],
  ['an object that is not closed', '{"a":1'],
  ['an array that is not closed', '[1'],
  ['the wrong bracket', '[1}'],
  ['a bracket too many', '[1]]'],
  ['two values', '1 2'],
  ['two objects', '{}{}'],
  ['a string that is not closed', '["a'],
  ['a string that ends in a backslash', '["a\\'],
  ['an escaped closing quote', '["\\"]'],
  ['an unknown escape', '["\\x00"]'],
  ['an escape with a capital U', '["\\U0041"]'],
  ['a short unicode escape', '["\\u00A"]'],
  ['a unicode escape that is no number', '["\\u00ZZ"]'],
  ['a raw tab in a string', '["\t"]'],
  ['a raw newline in a string', '["a\nb"]'],
  ['a raw NUL in a string', '["a\u0000b"]'],
  ['a NUL after the value', '[1]\u0000'],
  ['a form feed as space', '[\f1]'],
  ['a no-break space as space', '[\u00a01]'],
  ['a word joiner as space', '[\u20601]'],
  ['a vertical tab as space', '\v1'],
  ['an emoji', '😀'],
  ['an angle bracket', '<null>'],
];

test.each(grammar)('malformed: %s', (_name, text) => {
  expect(parseStrictJson(bytesOf(text))).toMatchObject({ ok: false, problem: 'syntax' });
});

const refused: readonly (readonly [string, Uint8Array, StrictJsonProblem])[] = [
  ['MC-14 a name twice', bytesOf('{"sql":"select 1","sql":"drop"}'), 'duplicate-name'],
  ['MC-14 a name twice with the same value', bytesOf('{"a":1,"a":1}'), 'duplicate-name'],
  ['MC-14 a name twice, once escaped', bytesOf('{"a":1,"\\u0061":2}'), 'duplicate-name'],
  ['MC-14 a name twice, deep', bytesOf('[{"a":[{"b":{"c":1,"c":2}}]}]'), 'duplicate-name'],
  ['MC-14 a name twice, the first with members of its own', bytesOf('{"a":{"b":1,"c":2},"a":1}'), 'duplicate-name'],
  ['MC-14 the empty name twice', bytesOf('{"":1,"":2}'), 'duplicate-name'],
  ['MC-14 a number as a name twice', bytesOf('{"1":1,"1":2}'), 'duplicate-name'],
  ['MC-13 __proto__', bytesOf('{"__proto__":{"admin":true}}'), 'reserved-name'],
  ['MC-13 __proto__, escaped', bytesOf('{"__pr\\u006fto__":{}}'), 'reserved-name'],
  ['MC-13 __proto__, deep', bytesOf('[[{"a":{"__proto__":1}}]]'), 'reserved-name'],
  ['MC-13 constructor', bytesOf('{"constructor":{"prototype":{}}}'), 'reserved-name'],
  ['MC-13 prototype', bytesOf('{"prototype":1}'), 'reserved-name'],
  ['MC-15 a number that overflows', bytesOf('[1e400]'), 'number-out-of-range'],
  ['MC-15 a negative number that overflows', bytesOf('{"a":-1E+999}'), 'number-out-of-range'],
  ['MC-15 2^53', bytesOf('[9007199254740992]'), 'number-loses-precision'],
  ['MC-15 2^53 + 1', bytesOf('9007199254740993'), 'number-loses-precision'],
  ['MC-15 minus 2^53', bytesOf('[-9007199254740992]'), 'number-loses-precision'],
  ['MC-15 2^53 + 1 with a fraction', bytesOf('[9007199254740993.0]'), 'number-loses-precision'],
  ['MC-15 2^53 + 1 with an exponent', bytesOf('[9007199254740993e0]'), 'number-loses-precision'],
  ['MC-15 a hundred digits', bytesOf(`[${'9'.repeat(100)}]`), 'number-loses-precision'],
  ['MC-15 a large number after a string of digits', bytesOf('["12",90071992547409930]'), 'number-loses-precision'],
  ['MC-15 a lone high surrogate', bytesOf('["\\ud800"]'), 'lone-surrogate'],
  ['MC-15 a lone low surrogate', bytesOf('["\\udc00"]'), 'lone-surrogate'],
  ['MC-15 surrogates in the wrong order', bytesOf('["\\udc00\\ud800"]'), 'lone-surrogate'],
  ['MC-15 a lone surrogate in a name', bytesOf('{"\\ud83d":1}'), 'lone-surrogate'],
  ['MC-15 an escaped NUL', bytesOf('["a.txt\\u0000.jpg"]'), 'nul-character'],
  ['MC-15 an escaped NUL in a name', bytesOf('{"a\\u0000":1}'), 'nul-character'],
  ['MC-15 a byte order mark', raw(0xef, 0xbb, 0xbf, 0x31), 'byte-order-mark'],
  ['MC-15 UTF-16 with a mark', raw(0xff, 0xfe, 0x31, 0x00), 'not-utf8'],
  ['MC-15 a lone continuation byte', inString(0x80), 'not-utf8'],
  ['MC-15 a truncated sequence', inString(0xe2, 0x82), 'not-utf8'],
  ['MC-15 an overlong slash', inString(0xc0, 0xaf), 'not-utf8'],
  ['MC-15 an overlong NUL', inString(0xc0, 0x80), 'not-utf8'],
  ['MC-15 a surrogate in UTF-8', inString(0xed, 0xa0, 0x80), 'not-utf8'],
  ['MC-15 a code point beyond Unicode', inString(0xf4, 0x90, 0x80, 0x80), 'not-utf8'],
  ['MC-15 Latin-1', inString(0xe9), 'not-utf8'],
  ['MC-15 65 levels', bytesOf(`${'['.repeat(65)}${']'.repeat(65)}`), 'too-deep'],
  ['MC-15 100,000 arrays', bytesOf('['.repeat(100_000)), 'too-deep'],
  ['MC-15 100,000 objects', bytesOf('{"a":'.repeat(100_000)), 'too-deep'],
  ['MC-15 arrays and objects in turn', bytesOf('[{"a":'.repeat(50_000)), 'too-deep'],
];

test.each(refused)('%s', (_name, bytes, problem) => {
  expect(parseStrictJson(bytes)).toMatchObject({ ok: false, problem });
});

test('MC-14 a name twice is found at each of 60 depths', () => {
  for (let depth = 0; depth < 60; depth++) {
    const text = `${'{"a":'.repeat(depth)}{"b":1,"b":2}${'}'.repeat(depth)}`;
    expect(parseStrictJson(bytesOf(text)), `depth ${depth}`).toMatchObject({ problem: 'duplicate-name' });
  }
});

test('MC-13 nothing that is parsed touches the prototypes', () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  for (const [, bytes] of refused) parseStrictJson(bytes);
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
});

test('the reason holds nothing of the text', () => {
  const outcome = parseStrictJson(bytesOf('{"password":"hunter2","password":"hunter2"}'));
  expect(JSON.stringify(outcome)).not.toContain('hunter2');
});

/**
 * A second reader, slow and plain, that keeps every member in a list: what it says of a text has to be what the fast one
 * says. Written from RFC 8259 alone.
 */
function slowlyRefused(text: string, mostDepth = 64): boolean {
  let at = 0;
  const fail = (): never => {
    throw new SyntaxError('refused');
  };
  const blank = (): void => {
    while (' \t\n\r'.includes(text[at] ?? 'x')) at++;
  };
  const take = (wanted: string): boolean => {
    if (!text.startsWith(wanted, at)) return false;
    at += wanted.length;
    return true;
  };
  const string = (): string => {
    if (!take('"')) fail();
    let value = '';
    while (!take('"')) {
      const character = text[at++] ?? fail();
      if (character < ' ') fail();
      if (character !== '\\') {
        value += character;
        continue;
      }
      const escaped = text[at++] ?? fail();
      const plain = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }[escaped];
      const code = /^[0-9a-fA-F]{4}/.exec(text.slice(at))?.[0];
      if (plain === undefined && (escaped !== 'u' || code === undefined)) fail();
      if (plain === undefined) at += 4;
      value += plain ?? String.fromCharCode(Number.parseInt(code as string, 16));
    }
    if (value.includes('\0') || Buffer.from(value, 'utf8').toString('utf8') !== value) fail();
    return value;
  };
  const number = (): void => {
    const literal = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(text.slice(at))?.[0] ?? fail();
    at += literal.length;
    const value = Number(literal);
    if (!Number.isFinite(value)) fail();
    if (!/[.eE]/.test(literal) && !Number.isSafeInteger(value)) fail();
  };
  const list = (end: string, element: () => void): void => {
    blank();
    if (take(end)) return;
    do {
      blank();
      element();
      blank();
    } while (take(','));
    if (!take(end)) fail();
  };
  const value = (depth: number): void => {
    if (depth > mostDepth) fail();
    if (take('[')) list(']', () => value(depth + 1));
    else if (take('{')) {
      const names: string[] = [];
      list('}', () => {
        names.push(string());
        blank();
        if (!take(':')) fail();
        blank();
        value(depth + 1);
      });
      if (new Set(names).size < names.length) fail();
      if (names.some((name) => ['__proto__', 'constructor', 'prototype'].includes(name))) fail();
    } else if (text[at] === '"') string();
    else if (!take('true') && !take('false') && !take('null')) number();
  };
  try {
    blank();
    value(1);
    blank();
    return at < text.length;
  } catch {
    return true;
  }
}

const names = fc.constantFrom(
  'a',
  'b',
  '\\u0061',
  'a\\"',
  '"',
  'ab',
  '',
  '__proto__',
  '\\u005f_proto__',
  'constructo',
  ':',
  '{',
  '\\ud83d\\ude00',
  '\\ud83d',
);
const scalars = fc.constantFrom(
  '1',
  '-0',
  '1e3',
  '9007199254740991',
  '9007199254740993',
  '1e999',
  '0.1',
  'true',
  'null',
  '"a"',
  '"\\\\"',
  '"\\\\\\""',
  '"{\\"a\\":1}"',
  '"\\u0000"',
  '"\\udc00"',
  '":"',
  '[]',
  '{}',
);
const spaces = fc.constantFrom('', '', '', ' ', '\n', '\t\r', '\u00a0');
const texts = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalars,
    fc
      .tuple(spaces, fc.array(tie('value'), { maxLength: 3 }))
      .map(([space, items]) => `[${space}${items.join(`${space},`)}]`),
    fc
      .tuple(spaces, fc.array(fc.tuple(names, tie('value')), { maxLength: 4 }))
      .map(
        ([space, members]) => `{${members.map(([name, of]) => `"${name}"${space}:${space}${of}`).join(',')}${space}}`,
      ),
  ),
})).value;

test('MC-14, MC-15 two readers agree on what is refused', () => {
  const noise = fc.tuple(
    texts,
    fc.nat(),
    fc.nat(3),
    fc.constantFrom('', '"', '\\', ',', ':', '}', ']', '1', 'e', '\u2028'),
  );
  const spoiled = noise.map(([text, where, cut, more]) => {
    const at = where % (text.length + 1);
    return text.slice(0, at) + more + text.slice(at + cut);
  });
  fc.assert(
    fc.property(fc.oneof(texts, spoiled), (text) => {
      expect({ text, refused: !parseStrictJson(bytesOf(text)).ok }).toEqual({ text, refused: slowlyRefused(text) });
    }),
    { numRuns: 3_000 },
  );
});
