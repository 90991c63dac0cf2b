/**
 * What the claims must say, as a table of named checks in the order they are made. Each gets attacker-written claims
 * whose signature holds, so the question is whether the issuer said this, to us, for this use, now.
 */
import { refuseUnless, type TokenRefusal } from './refusal.ts';

/**
 * `access`: a JWT that grants access, typed or not. `at+jwt`: only RFC 9068's. `id_token`: OpenID Connect Core §2.
 */
export type TokenUse = 'access' | 'at+jwt' | 'id_token';

export type Expected = {
  readonly issuer: string;
  readonly audience: string;
  readonly use: TokenUse;
  readonly now: Date;
  /** The `nonce` this sign-in sent; only looked at for an id_token. */
  readonly nonce?: string | undefined;
  readonly clockSkewSeconds: number;
};

type Claims = Readonly<Record<string, unknown>>;
type Check = readonly [code: TokenRefusal, holds: (claims: Claims, expected: Expected) => boolean];

const latestInstant = 253_402_300_799; // 9999-12-31T23:59:59Z
const longestSubject = 255; // OpenID Connect Core §2
/** RFC 9068 §2.2 */
const accessTokenClaims = ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'];
/** OpenID Connect Core §2 and §3.1.3.6: marks that only an id_token bears. */
const idTokenMarks = ['nonce', 'at_hash', 'c_hash', 's_hash'];

const checks: readonly Check[] = [
  // SECURITY(OA-17): compared as text, exactly: no case folding, no trailing slash, no Unicode form, no prefix.
  ['token.issuer-mismatch', ({ iss }, { issuer }) => iss === issuer],
  // An audience list that names somebody else too would let that somebody replay the token here.
  [
    'token.audience-mismatch',
    ({ aud }, { audience }) => aud === audience || (Array.isArray(aud) && aud.length === 1 && aud[0] === audience),
  ],
  ['token.authorized-party-mismatch', ({ azp }, { use, audience }) => authorizedParty(azp, use, audience)],
  ['token.subject-invalid', ({ sub }, { use }) => (sub === undefined ? use === 'access' : isSubject(sub))],
  // SECURITY(OA-18): a logout token (OIDC Back-Channel Logout §2.4) or security event is no credential.
  ['token.wrong-use', (claims) => !('events' in claims)],
  ['token.wrong-use', (claims, { use }) => use === 'id_token' || !idTokenMarks.some((name) => name in claims)],
  ['token.nonce-mismatch', ({ nonce }, expected) => expected.use !== 'id_token' || nonce === expected.nonce],
  [
    'token.claim-missing',
    (claims, { use }) => use !== 'at+jwt' || accessTokenClaims.every((name) => claims[name] !== undefined),
  ],
  // SECURITY(OA-16): no date is assumed; "never expires" cannot be said by leaving it out.
  ['token.date-invalid', ({ exp, iat, nbf }) => isDate(exp) && isDate(iat) && (nbf === undefined || isDate(nbf))],
  ['token.date-invalid', ({ exp, iat }) => (exp as number) > (iat as number)],
  ['token.expired', ({ exp }, expected) => seconds(expected) < (exp as number) + expected.clockSkewSeconds],
  [
    'token.not-yet-valid',
    ({ nbf }, expected) => nbf === undefined || (nbf as number) <= seconds(expected) + expected.clockSkewSeconds,
  ],
  ['token.issued-in-future', ({ iat }, expected) => (iat as number) <= seconds(expected) + expected.clockSkewSeconds],
];

export function checkClaims(claims: Claims, expected: Expected): void {
  for (const [code, holds] of checks) refuseUnless(holds(claims, expected), code);
}

const typesForUse: Readonly<Record<TokenUse, readonly string[]>> = {
  access: ['', 'jwt', 'at+jwt'],
  'at+jwt': ['at+jwt'], // RFC 9068 §4
  id_token: ['', 'jwt'],
};

/** SECURITY(OA-18): `typ` says what a token is for (RFC 8725 §3.11); one for another use is refused before its claims. */
export function checkType(typ: unknown, use: TokenUse): void {
  refuseUnless(typ === undefined || typeof typ === 'string', 'token.header-invalid');
  const name = (typ ?? '').toLowerCase().replace(/^application\//, ''); // RFC 7515 §4.1.9
  refuseUnless(typesForUse[use].includes(name), 'token.type-refused');
}

/** OpenID Connect Core §3.1.3.7: for an id_token the authorized party is us. */
function authorizedParty(azp: unknown, use: TokenUse, audience: string): boolean {
  if (azp === undefined) return true;
  return use === 'id_token' ? azp === audience : typeof azp === 'string' && azp !== '';
}

function isSubject(sub: unknown): boolean {
  return typeof sub === 'string' && sub !== '' && sub.length <= longestSubject;
}

/** Whole seconds: a fraction, a string, a negative or an astronomical number is no date of an honest issuer. */
function isDate(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= latestInstant;
}

function seconds({ now }: Expected): number {
  return now.getTime() / 1000;
}
