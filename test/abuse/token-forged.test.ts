/** Tokens that were forged, confused or blown up (OA-11 … OA-15, OA-23 … OA-25): each is refused for its own reason. */
import { describe, expect, test } from 'vitest';
import { verifyToken } from '../../mcp-bridge/token/verify-token.ts';
import {
  claims,
  es,
  es256,
  honest,
  mallory,
  options,
  rsa,
  type TokenRow,
  t,
  weak,
  withHeader,
  withText,
} from '../support/oidc-issuer-tokens.ts';
import { encodePart, hmacToken, mint } from '../support/oidc-tokens.ts';

const [headerPart, payloadPart, signaturePart] = honest.split('.') as [string, string, string];
const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const spki = Buffer.from(String(rsa.publicJwk['n']), 'base64url');

const noSignature: readonly TokenRow[] = [
  'none',
  'None',
  'NONE',
  'nOnE',
  '',
  'HS256',
  'hs256',
  'ES256K',
  'dir',
  'constructor',
].map((alg) => [`alg ${alg || 'empty'} (OA-11)`, withHeader({ alg }), 'token.algorithm-refused'] as const);

const shape: readonly TokenRow[] = [
  ['an empty signature (OA-11)', `${headerPart}.${payloadPart}.`, 'token.malformed'],
  [
    'alg none with an empty signature (OA-11)',
    `${encodePart({ alg: 'none' })}.${payloadPart}.`,
    'token.algorithm-refused',
  ],
  ['two parts', `${headerPart}.${payloadPart}`, 'token.malformed'],
  ['four parts', `${honest}.${signaturePart}`, 'token.malformed'],
  ['nothing at all', '', 'token.malformed'],
  ['a space before', ` ${honest}`, 'token.malformed'],
  ['a line feed after', `${honest}\n`, 'token.malformed'],
  ['padding', `${honest}=`, 'token.malformed'],
  ['the other base64 alphabet', `${headerPart}.${payloadPart}.${signaturePart.slice(0, -1)}+`, 'token.malformed'],
  ['stray bits at the end of a part', strayBits(honest), 'token.malformed'],
  ['a JSON serialization instead of the compact one', JSON.stringify({ payload: payloadPart }), 'token.malformed'],
  ['a header that is not JSON', `${encodePart('{')}.${payloadPart}.${signaturePart}`, 'token.header-invalid'],
  ['a header that is a list', `${encodePart('[]')}.${payloadPart}.${signaturePart}`, 'token.header-invalid'],
  ['a header with alg twice', mint('{"alg":"ES256","kid":"es","alg":"ES256"}', claims, es), 'token.header-invalid'],
  [
    'a header with alg twice, one escaped',
    mint('{"alg":"ES256","kid":"es","\\u0061lg":"none"}', claims, es),
    'token.header-invalid',
  ],
  ['a header without alg', mint({ kid: 'es' }, claims, es), 'token.header-invalid'],
  ['alg as a list', withHeader({ alg: ['ES256'] }), 'token.header-invalid'],
  ['iss twice in the claims', withText('"iss":"https://evil.example"'), 'token.claims-invalid'],
  ['claims that are no object', mint(es256, '"ada"', es), 'token.claims-invalid'],
  [
    'claims that are not UTF-8',
    mint(es256, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), es),
    'token.claims-invalid',
  ],
  ['one megabyte (OA-24)', `${headerPart}.${'A'.repeat(1_000_000)}.${signaturePart}`, 'token.too-large'],
  ['a large header (OA-24)', withHeader({ pad: 'x'.repeat(5_000) }), 'token.header-invalid'],
  [
    'nesting of 2000 levels (OA-24)',
    withText(`"deep":${'['.repeat(2_000)}${']'.repeat(2_000)}`),
    'token.claims-invalid',
  ],
  ['an unknown critical extension (OA-24)', withHeader({ crit: ['exp'], exp: t }), 'token.critical-extension'],
  ['an empty critical list', withHeader({ crit: [] }), 'token.critical-extension'],
  ['an unencoded payload (RFC 7797)', withHeader({ b64: false, crit: ['b64'] }), 'token.critical-extension'],
  ['an encrypted token (OA-25)', 'a.b.c.d.e', 'token.encrypted'],
  ['a compressed token (OA-25)', withHeader({ zip: 'DEF' }), 'token.encrypted'],
  [
    'PBES2 with two thousand million rounds (OA-25)',
    `${encodePart({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2 ** 31, p2s: 'AA' })}.a.b.c.d`,
    'token.encrypted',
  ],
];

const signature: readonly TokenRow[] = [
  ['signed by a key of that name that is not the issuer’s', mint(es256, claims, mallory), 'token.signature-invalid'],
  [
    'a changed claim',
    `${headerPart}.${encodePart({ ...claims, sub: 'eve' })}.${signaturePart}`,
    'token.signature-invalid',
  ],
  ['a changed header', `${encodePart({ ...es256, x: 1 })}.${payloadPart}.${signaturePart}`, 'token.signature-invalid'],
  [
    'the psychic signature of zeroes (OA-15)',
    `${headerPart}.${payloadPart}.${Buffer.alloc(64).toString('base64url')}`,
    'token.signature-invalid',
  ],
  [
    'a DER signature in place of the raw one',
    `${headerPart}.${payloadPart}.${Buffer.alloc(70, 48).toString('base64url')}`,
    'token.signature-invalid',
  ],
  ['a short signature', `${headerPart}.${payloadPart}.${signaturePart.slice(0, 40)}`, 'token.signature-invalid'],
  [
    'HS256 with the public key’s modulus as secret (OA-12)',
    hmacToken({ alg: 'HS256', kid: 'rsa' }, claims, spki),
    'token.algorithm-refused',
  ],
  [
    'HS256 with a PEM as secret (OA-12)',
    hmacToken({ alg: 'HS256', kid: 'rsa' }, claims, pem),
    'token.algorithm-refused',
  ],
  ['RS256 said, HMAC made (OA-12)', hmacToken({ alg: 'RS256', kid: 'rsa' }, claims, spki), 'token.signature-invalid'],
  ['RS256 said, an EC key named (OA-12)', withHeader({ alg: 'RS256' }), 'token.key-unsuitable'],
  ['ES384 said, a P-256 key named (OA-15)', withHeader({ alg: 'ES384' }), 'token.key-unsuitable'],
  ['ES256 said, an RSA key named', withHeader({ kid: 'rsa' }), 'token.key-unsuitable'],
  [
    'a PKCS#1 signature said to be PSS',
    mint({ alg: 'PS256', kid: 'rsa' }, claims, rsa, 'RS256'),
    'token.signature-invalid',
  ],
  ['RSA of 1024 bits (OA-15)', mint({ alg: 'RS256', kid: 'weak' }, claims, weak, 'RS256'), 'token.key-weak'],
  [
    'an algorithm that this issuer may not use',
    mint({ alg: 'RS256', kid: 'rsa' }, claims, rsa, 'RS256'),
    'token.algorithm-refused',
    { allowedAlgorithms: ['ES256'] },
  ],
  [
    'an inline key that did sign (OA-14)',
    mint({ alg: 'ES256', jwk: mallory.publicJwk, kid: 'es' }, claims, mallory),
    'token.signature-invalid',
  ],
  [
    'an inline key and an id nobody knows (OA-14)',
    mint({ alg: 'ES256', jwk: mallory.publicJwk, kid: 'x' }, claims, mallory),
    'token.key-unknown',
  ],
  [
    'an inline certificate (OA-14)',
    mint({ alg: 'ES256', x5c: ['AAAA'], kid: 'x' }, claims, mallory),
    'token.key-unknown',
  ],
];

describe.each([
  ['algorithms (OA-11)', noSignature],
  ['shape (OA-11, OA-24, OA-25)', shape],
  ['signature (OA-11 … OA-15)', signature],
] as const)('refused: %s', (_group, rows) => {
  test.each(rows.map((row) => [row[0], row] as const))('%s', async (_name, [, compact, code, changes]) => {
    expect(await verifyToken(compact, { ...options, ...changes })).toEqual({ ok: false, code });
  });
});

test('a flood of oversized tokens costs next to nothing (OA-24, OA-25)', async () => {
  const started = performance.now();
  const bombs = shape.filter(([, , code]) => code === 'token.too-large' || code === 'token.encrypted');
  for (let round = 0; round < 100; round += 1) {
    for (const [, token] of bombs) await verifyToken(token, options);
  }
  expect((performance.now() - started) / (100 * bombs.length)).toBeLessThan(5); // ms each
});

/** The last character of a part of 64 bytes carries four unused bits; set one. */
function strayBits(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return `${token.slice(0, -1)}${alphabet[alphabet.indexOf(token.slice(-1)) + 1]}`;
}
