/** One honest issuer with a key of each kind, one honest token, and ways to make it a little wrong. */
import type { TokenRefusal } from '../../mcp-bridge/token/refusal.ts';
import type { VerifyTokenOptions } from '../../mcp-bridge/token/verify-token.ts';
import { ecKey, ed25519Key, mint, rsaKey } from './oidc-tokens.ts';

export const issuer = 'https://login.acme.example';
export const audience = 'urn:acme:tools';
export const now = new Date('2026-11-21T12:00:00Z');
export const t = now.getTime() / 1000;

export const es = ecKey('es');
export const es384 = ecKey('es384', 'P-384');
export const rsa = rsaKey('rsa');
export const ed = ed25519Key('ed');
export const weak = rsaKey('weak', 1024);
/** An attacker's key that bears the name of the issuer's. */
export const mallory = ecKey('es');
export const keys = [es, es384, rsa, ed, weak].map(({ publicJwk }) => publicJwk);
export const options: VerifyTokenOptions = { jwks: { keys }, issuer, audience, now };

export const claims = { iss: issuer, aud: audience, sub: 'ada', client_id: 'c', jti: '1', iat: t - 60, exp: t + 600 };
export const es256 = { alg: 'ES256', kid: 'es', typ: 'at+jwt' };
export const honest = mint(es256, claims, es);

export const withHeader = (members: object): string => mint({ ...es256, ...members }, claims, es);
export const withClaims = (members: object): string => mint(es256, { ...claims, ...members }, es);
export const without = (name: string): string =>
  mint(es256, Object.fromEntries(Object.entries(claims).filter(([member]) => member !== name)), es);
/** A member as JSON text, for what JSON.stringify would not write. */
export const withText = (member: string): string =>
  mint(es256, JSON.stringify(claims).replace(/\}$/, `,${member}}`), es);

export type TokenRow = readonly [
  name: string,
  compact: string,
  code: TokenRefusal,
  changes?: Partial<VerifyTokenOptions>,
];
