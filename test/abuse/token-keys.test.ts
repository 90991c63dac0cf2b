/** Key ids as attack, and key sets an issuer should not have (OA-12, OA-13, OA-15, OA-23). */
import { describe, expect, test } from 'vitest';
import { verifyToken } from '../../mcp-bridge/token/verify-token.ts';
import {
  claims,
  es,
  honest,
  keys,
  mallory,
  options,
  rsa,
  type TokenRow,
  weak,
  withHeader,
} from '../support/oidc-issuer-tokens.ts';
import { ecKey, mint } from '../support/oidc-tokens.ts';

const hostileKids = [
  '../../../../dev/null',
  '/dev/null',
  '/proc/self/environ',
  "x' UNION SELECT 'secret' --",
  "' OR '1'='1",
  'https://evil.example/jwks.json',
  'file:///etc/passwd',
  'http://169.254.169.254/',
  '$(id)',
  '`id`',
  '| id',
  'es\u0000',
  'ES',
  'es ',
  'es/../es',
  '__proto__',
  'constructor',
  'toString',
  '0',
  'undefined',
];
const keyIds: readonly TokenRow[] = [
  ...hostileKids.map(
    (kid) => [`key id ${JSON.stringify(kid)} (OA-13)`, withHeader({ kid }), 'token.key-unknown'] as const,
  ),
  ['an empty key id', withHeader({ kid: '' }), 'token.header-invalid'],
  ['a key id that is a number', withHeader({ kid: 0 }), 'token.header-invalid'],
  ['a key id that is a list', withHeader({ kid: ['es'] }), 'token.header-invalid'],
  ['a key id of 300 characters', withHeader({ kid: 'e'.repeat(300) }), 'token.header-invalid'],
  ['two keys with that id', honest, 'token.key-ambiguous', { jwks: { keys: [...keys, mallory.publicJwk] } }],
  [
    'two keys with that id, of two kinds',
    honest,
    'token.key-ambiguous',
    { jwks: { keys: [...keys, { ...rsa.publicJwk, kid: 'es' }] } },
  ],
  [
    'no key id and two keys that fit',
    mint({ alg: 'ES256' }, claims, es),
    'token.key-ambiguous',
    { jwks: { keys: [es.publicJwk, ecKey('b').publicJwk] } },
  ],
  [
    'no key id and no key that fits',
    mint({ alg: 'ES256' }, claims, es),
    'token.key-unknown',
    { jwks: { keys: [rsa.publicJwk] } },
  ],
];

const keySets: readonly TokenRow[] = [
  ['an empty set', honest, 'token.key-unknown', { jwks: { keys: [] } }],
  ['a set that is no list', honest, 'token.keys-invalid', { jwks: { keys: 'es' as never } }],
  [
    'a set of 101 keys (OA-23)',
    honest,
    'token.keys-invalid',
    { jwks: { keys: Array.from({ length: 101 }, () => es.publicJwk) } },
  ],
  ['a set of nulls and texts', honest, 'token.key-unknown', { jwks: { keys: [null, 'es', 1, ['es']] } }],
  ['a key meant for encryption', honest, 'token.key-unsuitable', { jwks: { keys: [{ ...es.publicJwk, use: 'enc' }] } }],
  [
    'a key that may only sign',
    honest,
    'token.key-unsuitable',
    { jwks: { keys: [{ ...es.publicJwk, key_ops: ['sign'] }] } },
  ],
  [
    'a key for another algorithm',
    honest,
    'token.key-unsuitable',
    { jwks: { keys: [{ ...es.publicJwk, alg: 'ES384' }] } },
  ],
  [
    'a symmetric key of that id (OA-12)',
    honest,
    'token.key-unsuitable',
    { jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: 'es' }] } },
  ],
  [
    'a point that is not on its curve (OA-15)',
    honest,
    'token.key-unsuitable',
    { jwks: { keys: [{ ...es.publicJwk, x: es.publicJwk['y'] }] } },
  ],
  [
    'an RSA key with exponent 1',
    mint({ alg: 'RS256', kid: 'rsa' }, claims, rsa, 'RS256'),
    'token.key-weak',
    { jwks: { keys: [{ ...rsa.publicJwk, e: 'AQ' }] } },
  ],
  [
    'a 1024-bit key padded with zeroes (OA-15)',
    mint({ alg: 'RS256', kid: 'weak' }, claims, weak, 'RS256'),
    'token.key-weak',
    { jwks: { keys: [padded()] } },
  ],
];

describe.each([
  ['key ids (OA-13)', keyIds],
  ['key sets (OA-12, OA-15, OA-23)', keySets],
] as const)('refused: %s', (_group, rows) => {
  test.each(rows.map((row) => [row[0], row] as const))('%s', async (_name, [, compact, code, changes]) => {
    expect(await verifyToken(compact, { ...options, ...changes })).toEqual({ ok: false, code });
  });
});

function padded(): object {
  const modulus = Buffer.concat([Buffer.alloc(128), Buffer.from(String(weak.publicJwk['n']), 'base64url')]);
  return { ...weak.publicJwk, n: modulus.toString('base64url') };
}
