import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonValue } from '../../../mcp-bridge/core/model/json.ts';
import { redactionLimits, redactJson } from '../../../mcp-bridge/core/redact/redact-json.ts';
import { createRedactor } from '../../../mcp-bridge/core/redact/redactor.ts';

const secret = 'tiger-&/lily ünd 99"x';
const redacted = (value: JsonValue, secrets: readonly string[] = [secret]) => redactJson(value, { secrets }).value;
const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const base64url = (text: string) => Buffer.from(text, 'utf8').toString('base64url');
const jwt = [
  { alg: 'RS256', typ: 'JWT' },
  { sub: 'someone', aud: 'x' },
]
  .map((p) => base64url(JSON.stringify(p)))
  .join('.');

test.each([
  ['as it is', `before ${secret} after`, 'before [redacted: secret] after'],
  ['twice', `${secret}${secret}`, '[redacted: secret][redacted: secret]'],
  ['escaped in JSON', JSON.stringify({ key: secret }), '{"key":"[redacted: secret]"}'],
  ['percent-encoded', `?q=${encodeURIComponent(secret)}&r`, '?q=[redacted: secret]&r'],
  [
    'percent-encoded in lower case',
    encodeURIComponent(secret).replace(/%../g, (x) => x.toLowerCase()),
    '[redacted: secret]',
  ],
  ['as a form value', encodeURIComponent(secret).replaceAll('%20', '+'), '[redacted: secret]'],
  ['in hexadecimal', Buffer.from(secret).toString('hex'), '[redacted: secret]'],
  ['in upper hexadecimal', Buffer.from(secret).toString('hex').toUpperCase(), '[redacted: secret]'],
] as const)('a secret is taken out %s', (_name, text, expected) => expect(redacted(text)).toBe(expected));

test.each([0, 1, 2, 3, 4, 5])('a secret is taken out of base64 at offset %i', (offset) => {
  for (const encode of [base64, base64url]) {
    const text = encode(`${'x'.repeat(offset)}${secret}and more`);
    expect(redacted(text)).toContain('[redacted: secret]');
    expect(redacted(text)).not.toContain(encode(secret).slice(4, -4));
  }
});

test.each([
  ['github-token', `ghp_${'a1'.repeat(18)}`],
  ['github-token', `github_pat_${'A1b2C3d4E5'.repeat(4)}`],
  ['gitlab-token', `glpat-${'x1y2'.repeat(5)}`],
  ['aws-access-key', 'AKIAIOSFODNN7EXAMPLE'],
  ['slack-token', 'xoxb-123456789012-abcdefghijkl'],
  ['stripe-key', `sk_live_${'4eC39HqLyjWDarjt'}`],
  ['google-api-key', `AIza${'SyA1234567890abcdefghijklmnopqrstuv'.slice(0, 35)}`],
  ['anthropic-key', `sk-ant-api03-${'abcdefghij'.repeat(4)}`],
  ['openai-key', `sk-proj-${'abcdefghij'.repeat(4)}`],
  ['openai-key', `sk-${'a1b2c3d4'.repeat(6)}`],
  ['npm-token', `npm_${'a1b2c3'.repeat(6)}`],
  ['jwt', `${jwt}.c2lnbmF0dXJl`],
  ['private-key', '-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc=\n-----END RSA PRIVATE KEY-----'],
  ['private-key', '-----BEGIN PRIVATE KEY-----\nMIIEabc'],
] as const)('a %s is known by its shape', (label, key) => {
  expect(redacted(`token: "${key}"`)).toMatch(new RegExp(`^token: "\\[redacted: ${label}\\]"?$`));
});

test.each([
  ['prose', 'The task-force asked for skills; see AKIA and eyJ.'],
  ['a commit hash', 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3'],
  ['a public key', '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----'],
  ['a class name', 'sk-loading-spinner-container'],
  ['an address', 'https://example.test:8080/a@b'],
] as const)('%s passes untouched', (_name, text) =>
  expect(redactJson(text, { secrets: [] })).toEqual({ value: text, redactions: 0 }),
);

test('the password of an address goes, the rest of it stays', () =>
  expect(redacted('postgres://app:hunter2@db:5432/x')).toBe('postgres://app:[redacted: url-password]@db:5432/x'));

test('a secret cut in two over text blocks is found, whatever lies between', () => {
  const content = [
    { type: 'text', text: `a${secret.slice(0, 9)}` },
    { type: 'image', data: 'AAAA' },
    { type: 'text', text: `${secret.slice(9)}z` },
  ];
  expect(redactJson({ content }, { secrets: [secret] })).toEqual({
    value: {
      content: [
        { type: 'text', text: 'a[redacted: secret]' },
        { type: 'image', data: 'AAAA' },
        { type: 'text', text: 'z' },
      ],
    },
    redactions: 1,
  });
});

test('names of members are looked at, and none hides another', () => {
  expect(
    redacted({ [secret]: 1, [`${secret}`.toString()]: 2, x: { [Buffer.from(secret).toString('hex')]: 3 } }),
  ).toEqual({
    '[redacted: secret]': 2,
    x: { '[redacted: secret]': 3 },
  });
  expect(redacted({ [secret]: 1, [Buffer.from(secret).toString('hex')]: 2 })).toEqual({
    '[redacted: secret]': 1,
    '[redacted: secret] (2)': 2,
  });
});

test('a value without secrets is the very same value', () => {
  const value = { content: [{ type: 'text', text: 'hello' }], n: 1, nothing: null };
  expect(redactJson(value, { secrets: [secret] }).value).toBe(value);
});

test('a member called __proto__ stays a member', () => {
  const value = JSON.parse(`{"__proto__":{"a":${JSON.stringify(secret)}}}`) as JsonValue;
  expect(JSON.stringify(redacted(value))).toBe('{"__proto__":{"a":"[redacted: secret]"}}');
  expect(({} as { a?: unknown }).a).toBeUndefined();
});

test('what is too deep or too much does not pass unseen', () => {
  const deep = Array.from({ length: redactionLimits.maxDepth + 10 }).reduce<JsonValue>((inner) => [inner], secret);
  expect(JSON.stringify(redacted(deep, []))).toContain('[withheld: nested too deep]');
  const large = ['x'.repeat(redactionLimits.maxCharacters), secret];
  expect(redacted(large, [])).toEqual([large[0], '[withheld: result too large]']);
});

test('secrets under eight characters are left alone', () =>
  expect(redacted('the cat sat', ['cat'])).toBe('the cat sat'));

test('no form of any secret survives in any place', () => {
  const secrets = fc.array(fc.string({ unit: 'grapheme', minLength: 8, maxLength: 80 }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(secrets, fc.string(), fc.string(), (known, before, after) => {
      const text = known.map((one) => `${before}${one}|${Buffer.from(one).toString('hex')}${after}`).join('\n');
      const result = JSON.stringify(redacted({ [text]: [text, { type: 'text', text }] }, known));
      for (const one of known) expect(result.includes(JSON.stringify(one).slice(1, -1))).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test('the redactor follows the vault', () => {
  let secrets: readonly string[] = [];
  const redactor = createRedactor(() => secrets);
  const result = { content: [{ type: 'text', text: secret }] };
  expect(redactor.redact(result)).toEqual({ result, redactions: 0 });
  secrets = [secret];
  expect(redactor.redact(result).redactions).toBe(1);
});
