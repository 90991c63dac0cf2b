/**
 * Is this token what it says, from this issuer, for this audience, now? The only place where a JWT is believed.
 *
 *  1. shape: three strict parts, at most 16 KiB, a header with nothing to obey
 *  2. algorithm on the list, type for this use
 *  3. exactly one key of the issuer's own set, of the kind the algorithm demands
 *  4. the signature, and only then the claims, by a table of named checks
 *
 * INVARIANT: total. Every input yields a value; nothing is fetched, nothing is decrypted, no part of the token is in it
 * unless it verified.
 *
 * @see RFC 7515, RFC 7519 §7.2, RFC 8725 (best current practice), RFC 9068, OpenID Connect Core §3.1.3.7
 */
import { compactVerify } from 'jose';
import { isTokenAlgorithm, type TokenAlgorithm, tokenAlgorithms } from './algorithms.ts';
import { checkClaims, checkType, type TokenUse } from './claim-checks.ts';
import { checkSignaturePart, readClaims, readCompactJws } from './compact-jws.ts';
import { Refused, refuseUnless, type TokenRefusal } from './refusal.ts';
import { type JsonWebKeySet, selectKey } from './select-key.ts';

export type VerifyTokenOptions = {
  readonly jwks: JsonWebKeySet;
  readonly issuer: string;
  /** Who the token must be for: our resource (RFC 8707), or for an id_token our client id. */
  readonly audience: string;
  readonly now: Date;
  readonly use?: TokenUse | undefined;
  readonly nonce?: string | undefined;
  readonly allowedAlgorithms?: readonly TokenAlgorithm[] | undefined;
  /** 0 to 30; 30 when left out. */
  readonly clockSkewSeconds?: number | undefined;
};

export type TokenClaims = Readonly<Record<string, unknown>>;
export type VerifiedToken =
  | { readonly ok: true; readonly claims: TokenClaims }
  | { readonly ok: false; readonly code: TokenRefusal };

const mostSkewSeconds = 30;

export async function verifyToken(token: string, options: VerifyTokenOptions): Promise<VerifiedToken> {
  try {
    return { ok: true, claims: await verified(token, options) };
  } catch (error) {
    return { ok: false, code: error instanceof Refused ? error.code : 'token.malformed' };
  }
}

async function verified(token: string, options: VerifyTokenOptions): Promise<TokenClaims> {
  const { allowedAlgorithms = tokenAlgorithms, use = 'access', issuer, audience, nonce, now } = options;
  const clockSkewSeconds = Math.min(Math.max(options.clockSkewSeconds ?? mostSkewSeconds, 0), mostSkewSeconds);
  const jws = readCompactJws(token);
  const { alg, kid } = jws.header;
  refuseUnless(isTokenAlgorithm(alg) && allowedAlgorithms.includes(alg), 'token.algorithm-refused');
  checkSignaturePart(jws);
  checkType(jws.header['typ'], use);
  const key = await selectKey(options.jwks, alg, kid);
  await compactVerify(token, key, { algorithms: [alg] }).catch(() => {
    throw new Refused('token.signature-invalid');
  });
  const claims = readClaims(jws.payload);
  checkClaims(claims, { issuer, audience, use, nonce, now, clockSkewSeconds });
  return claims;
}
