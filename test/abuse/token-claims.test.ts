/** Honest signatures over claims that are not for us, not now, or not for this use (OA-05, OA-16 … OA-18). */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type VerifyTokenOptions, verifyToken } from '../../mcp-bridge/token/verify-token.ts';
import {
  audience,
  claims,
  ed,
  es,
  es256,
  es384,
  honest,
  issuer,
  mallory,
  options,
  rsa,
  type TokenRow,
  t,
  withClaims,
  withHeader,
  without,
} from '../support/oidc-issuer-tokens.ts';
import { mint } from '../support/oidc-tokens.ts';

describe('accepted, so that a refusal means something', () => {
  const rows: readonly (readonly [string, string, Partial<VerifyTokenOptions>?])[] = [
    ['ES256', honest],
    ['ES384', mint({ alg: 'ES384', kid: 'es384' }, claims, es384, 'ES384')],
    ['RS256', mint({ alg: 'RS256', kid: 'rsa' }, claims, rsa, 'RS256')],
    ['PS256', mint({ alg: 'PS256', kid: 'rsa' }, claims, rsa, 'PS256')],
    ['EdDSA', mint({ alg: 'EdDSA', kid: 'ed' }, claims, ed, 'EdDSA')],
    ['Ed25519, the same algorithm by its newer name', mint({ alg: 'Ed25519', kid: 'ed' }, claims, ed, 'EdDSA')],
    ['typ with its media type prefix', withHeader({ typ: 'application/at+jwt' }), { use: 'at+jwt' }],
    ['an audience list of exactly us', withClaims({ aud: [audience] })],
    ['one key without any id', mint({ alg: 'ES256' }, claims, es), { jwks: { keys: [es.publicJwk] } }],
    ['expired for less than the skew', withClaims({ exp: t - 29 })],
    ['issued in the future by less than the skew', withClaims({ iat: t + 29 })],
    ['an inline key beside the true one is ignored', withHeader({ jwk: mallory.publicJwk })],
    ['a key address beside the true one is ignored', withHeader({ jku: 'https://169.254.169.254/keys' })],
    [
      'an id_token with our nonce',
      mint({ ...es256, typ: 'JWT' }, { ...claims, nonce: 'n', azp: audience }, es),
      { use: 'id_token', nonce: 'n' },
    ],
  ];
  test.each(rows.map((row) => [row[0], row] as const))('%s', async (_name, [, compact, changes]) => {
    const verdict = await verifyToken(compact, { ...options, ...changes });
    expect(verdict).toMatchObject({ ok: true, claims: { iss: issuer, sub: 'ada' } });
  });
});

const dates: readonly TokenRow[] = [
  ['expired', withClaims({ exp: t - 31 }), 'token.expired'],
  ['expired at the end of the skew', withClaims({ exp: t - 30 }), 'token.expired'],
  ['expired, and no skew is allowed', withClaims({ exp: t }), 'token.expired', { clockSkewSeconds: 0 }],
  ['an hour of skew asked for is not given', withClaims({ exp: t - 31 }), 'token.expired', { clockSkewSeconds: 3_600 }],
  ['a clock that says nothing', honest, 'token.expired', { now: new Date(Number.NaN) }],
  ['not yet valid', withClaims({ nbf: t + 31 }), 'token.not-yet-valid'],
  ['issued in the future', withClaims({ iat: t + 31 }), 'token.issued-in-future'],
  ['ends before it begins', withClaims({ iat: t + 20, exp: t + 10 }), 'token.date-invalid'],
  ['no exp', without('exp'), 'token.date-invalid'],
  ['no iat', without('iat'), 'token.date-invalid'],
  ['exp as text', withClaims({ exp: String(t + 600) }), 'token.date-invalid'],
  ['exp as a date text', withClaims({ exp: '2030-01-01T00:00:00Z' }), 'token.date-invalid'],
  ['exp with a fraction', withClaims({ exp: t + 600.5 }), 'token.date-invalid'],
  ['exp negative', withClaims({ exp: -1 }), 'token.date-invalid'],
  ['exp of 1e20', textExp('1e20'), 'token.date-invalid'],
  ['exp of 1e400, which is infinite', textExp('1e400'), 'token.date-invalid'],
  ['exp null', withClaims({ exp: null }), 'token.date-invalid'],
  ['exp in a list', withClaims({ exp: [t + 600] }), 'token.date-invalid'],
  ['exp in milliseconds', withClaims({ exp: (t + 600) * 1000 * 1000 }), 'token.date-invalid'],
  ['iat as text', withClaims({ iat: String(t) }), 'token.date-invalid'],
  ['nbf as text', withClaims({ nbf: String(t) }), 'token.date-invalid'],
  ['nbf null', withClaims({ nbf: null }), 'token.date-invalid'],
];

const parties: readonly TokenRow[] = [
  ...[
    `${issuer}/`,
    issuer.toUpperCase(),
    'http://login.acme.example',
    `${issuer}.evil.example`,
    `${issuer}\u200b`,
    'https://login.аcme.example',
    '',
    null,
    [issuer],
    { issuer },
  ].map((iss) => [`issuer ${JSON.stringify(iss)}`, withClaims({ iss }), 'token.issuer-mismatch'] as const),
  ['no issuer', without('iss'), 'token.issuer-mismatch'],
  ...[
    `${audience}/`,
    audience.toUpperCase(),
    `${audience} `,
    '',
    null,
    [],
    [audience, 'urn:other'],
    [audience, audience],
    [[audience]],
    { aud: audience },
    'urn:acme:tool',
  ].map((aud) => [`audience ${JSON.stringify(aud)}`, withClaims({ aud }), 'token.audience-mismatch'] as const),
  ['no audience', without('aud'), 'token.audience-mismatch'],
  [
    'another authorized party in an id_token',
    mint({ ...es256, typ: 'JWT' }, { ...claims, nonce: 'n', azp: 'other' }, es),
    'token.authorized-party-mismatch',
    { use: 'id_token', nonce: 'n' },
  ],
  ['an authorized party that is no text', withClaims({ azp: 1 }), 'token.authorized-party-mismatch'],
  ['an empty subject', withClaims({ sub: '' }), 'token.subject-invalid'],
  ['a subject that is a number', withClaims({ sub: 1 }), 'token.subject-invalid'],
  ['a subject of 256 characters', withClaims({ sub: 'a'.repeat(256) }), 'token.subject-invalid'],
];

const idToken = { use: 'id_token', nonce: 'n' } as const;
const uses: readonly TokenRow[] = [
  [
    'an id_token as access token, by its nonce',
    mint({ ...es256, typ: 'JWT' }, { ...claims, nonce: 'n' }, es),
    'token.wrong-use',
  ],
  [
    'an id_token as access token, by its at_hash',
    mint({ ...es256, typ: 'JWT' }, { ...claims, at_hash: 'x' }, es),
    'token.wrong-use',
  ],
  ['a logout token, by its type', withHeader({ typ: 'logout+jwt' }), 'token.type-refused'],
  ['a logout token, by its events', withClaims({ events: {} }), 'token.wrong-use'],
  ['a DPoP proof', withHeader({ typ: 'dpop+jwt' }), 'token.type-refused'],
  ['a security event', withHeader({ typ: 'secevent+jwt' }), 'token.type-refused'],
  ['an introspection answer', withHeader({ typ: 'token-introspection+jwt' }), 'token.type-refused'],
  ['a type that is no text', withHeader({ typ: ['at+jwt'] }), 'token.header-invalid'],
  ['an untyped token where RFC 9068 is asked for', withHeader({ typ: 'JWT' }), 'token.type-refused', { use: 'at+jwt' }],
  ['an access token without its client', without('client_id'), 'token.claim-missing', { use: 'at+jwt' }],
  ['an access token as id_token', honest, 'token.type-refused', idToken],
  [
    'an id_token with another nonce',
    mint({ ...es256, typ: 'JWT' }, { ...claims, nonce: 'm' }, es),
    'token.nonce-mismatch',
    idToken,
  ],
  [
    'an id_token without the nonce (OA-05)',
    mint({ ...es256, typ: 'JWT' }, claims, es),
    'token.nonce-mismatch',
    idToken,
  ],
  [
    'an id_token without subject',
    mint({ ...es256, typ: 'JWT' }, { ...claims, sub: undefined, nonce: 'n' }, es),
    'token.subject-invalid',
    idToken,
  ],
];

describe.each([
  ['dates (OA-16)', dates],
  ['parties (OA-17)', parties],
  ['use (OA-18, OA-05)', uses],
] as const)('refused: %s', (_group, rows) => {
  test.each(rows.map((row) => [row[0], row] as const))('%s', async (_name, [, compact, code, changes]) => {
    expect(await verifyToken(compact, { ...options, ...changes })).toEqual({ ok: false, code });
  });
});

test('a refusal holds no part of the token (AU-15)', async () => {
  const canary = createHash('sha256').update('canary').digest('hex');
  const verdict = await verifyToken(withClaims({ sub: canary, exp: t - 100 }), options);
  expect(JSON.stringify(verdict)).not.toContain(canary);
});

function textExp(number: string): string {
  return mint(es256, JSON.stringify({ ...claims, exp: 0 }).replace('"exp":0', `"exp":${number}`), es);
}
