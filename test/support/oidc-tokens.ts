/** JWTs as an honest issuer and as an attacker would make them, with node:crypto alone: no library's opinion in between. */
import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export type SigningKey = { readonly privateKey: KeyObject; readonly publicJwk: Readonly<Record<string, unknown>> };

export function ecKey(kid: string, namedCurve = 'P-256'): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return { privateKey, publicJwk: { ...publicKey.export({ format: 'jwk' }), kid } };
}

export function rsaKey(kid: string, modulusLength = 2048): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return { privateKey, publicJwk: { ...publicKey.export({ format: 'jwk' }), kid } };
}

export function ed25519Key(kid: string): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, publicJwk: { ...publicKey.export({ format: 'jwk' }), kid } };
}

export const encodePart = (value: unknown): string => bytesOf(value).toString('base64url');

function bytesOf(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value;
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Header and payload as values, JSON text or bytes; `alg` chooses how it is signed, whatever the header says. */
export function mint(header: unknown, payload: unknown, key: SigningKey, alg = 'ES256'): string {
  const input = `${encodePart(header)}.${encodePart(payload)}`;
  return `${input}.${signInput(input, key.privateKey, alg).toString('base64url')}`;
}

export function hmacToken(header: unknown, payload: unknown, secret: string | Buffer, hash = 'sha256'): string {
  const input = `${encodePart(header)}.${encodePart(payload)}`;
  return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
}

function signInput(input: string, key: KeyObject, alg: string): Buffer {
  const data = Buffer.from(input);
  const hash = `sha${alg.slice(2)}`;
  if (alg.startsWith('ES')) return sign(hash, data, { key, dsaEncoding: 'ieee-p1363' });
  if (alg.startsWith('RS')) return sign(hash, data, key);
  if (alg.startsWith('PS')) {
    const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
    return sign(hash, data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
  }
  return sign(null, data, key);
}
