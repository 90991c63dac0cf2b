/**
 * Which signature algorithms exist for us, and the one kind of key each goes with (RFC 7518 §3.1, RFC 8037, RFC 9864).
 *
 * SECURITY(OA-11, OA-12): `none` and the HMAC family are not in the table, so neither "no signature" nor a public key
 * used as a shared secret can be spelled.
 */
export const keyForAlgorithm = {
  ES256: { kty: 'EC', crv: 'P-256' },
  ES384: { kty: 'EC', crv: 'P-384' },
  ES512: { kty: 'EC', crv: 'P-521' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
  Ed25519: { kty: 'OKP', crv: 'Ed25519' },
  PS256: { kty: 'RSA' },
  PS384: { kty: 'RSA' },
  PS512: { kty: 'RSA' },
  RS256: { kty: 'RSA' },
  RS384: { kty: 'RSA' },
  RS512: { kty: 'RSA' },
} as const satisfies Record<string, { kty: 'EC' | 'OKP'; crv: string } | { kty: 'RSA' }>;

export type TokenAlgorithm = keyof typeof keyForAlgorithm;

export const tokenAlgorithms = Object.keys(keyForAlgorithm) as readonly TokenAlgorithm[];

export function isTokenAlgorithm(name: string): name is TokenAlgorithm {
  return Object.hasOwn(keyForAlgorithm, name);
}
