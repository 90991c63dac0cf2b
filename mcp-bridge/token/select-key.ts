/**
 * The one key of the issuer's set that may have signed this token. Ambiguity is refused, never tried out: a set in
 * which two keys answer to one id is a set somebody has added to.
 */
import { importJWK, type JWK } from 'jose';
import { keyForAlgorithm, type TokenAlgorithm } from './algorithms.ts';
import { Refused, refuseUnless } from './refusal.ts';

/** As it came from the issuer: a JSON Web Key Set (RFC 7517 §5), not yet looked at. */
export type JsonWebKeySet = { readonly keys: readonly unknown[] };

type KeyMembers = Readonly<Record<string, unknown>>;
type VerificationKey = Exclude<Awaited<ReturnType<typeof importJWK>>, Uint8Array>;

const mostKeys = 100;
const fewestRsaBits = 2048; // RFC 7518 §3.3
const mostRsaBits = 8192; // SECURITY(OA-25): a larger one only costs time

export async function selectKey(
  keySet: JsonWebKeySet,
  algorithm: TokenAlgorithm,
  kid: string | undefined,
): Promise<VerificationKey> {
  refuseUnless(Array.isArray(keySet.keys) && keySet.keys.length <= mostKeys, 'token.keys-invalid');
  const keys = keySet.keys.filter(isMembers);
  const found = kid === undefined ? withoutId(keys, algorithm) : byId(keys, kid);
  refuseUnless(found.length > 0, 'token.key-unknown');
  refuseUnless(found.length === 1, 'token.key-ambiguous');
  const [key] = found as [KeyMembers];
  refuseUnless(isSuitable(key, algorithm), 'token.key-unsuitable');
  if (key['kty'] === 'RSA') refuseUnless(isStrongRsa(key), 'token.key-weak');
  return importPublicKey(key, algorithm);
}

function byId(keys: readonly KeyMembers[], kid: string): readonly KeyMembers[] {
  const byKid = new Map<unknown, KeyMembers[]>();
  for (const key of keys) byKid.set(key['kid'], [...(byKid.get(key['kid']) ?? []), key]);
  return byKid.get(kid) ?? [];
}

/** RFC 7515 §4.1.4 leaves `kid` optional; then the set has to leave no choice. */
function withoutId(keys: readonly KeyMembers[], algorithm: TokenAlgorithm): readonly KeyMembers[] {
  return keys.filter((key) => isSuitable(key, algorithm));
}

function isSuitable(key: KeyMembers, algorithm: TokenAlgorithm): boolean {
  const wanted = keyForAlgorithm[algorithm];
  const operations = key['key_ops'];
  return (
    key['kty'] === wanted.kty &&
    (!('crv' in wanted) || key['crv'] === wanted.crv) &&
    (key['alg'] === undefined || key['alg'] === algorithm || bothEd25519(key['alg'], algorithm)) &&
    (key['use'] === undefined || key['use'] === 'sig') &&
    (operations === undefined || (Array.isArray(operations) && operations.includes('verify')))
  );
}

/** RFC 9864 §2.2: `EdDSA` over this curve and `Ed25519` are one algorithm under two names. */
function bothEd25519(named: unknown, algorithm: TokenAlgorithm): boolean {
  return ['EdDSA', 'Ed25519'].includes(String(named)) && ['EdDSA', 'Ed25519'].includes(algorithm);
}

function isStrongRsa(key: KeyMembers): boolean {
  const modulus = bytesOf(key['n']);
  const exponent = bytesOf(key['e']);
  const bits = modulus.length * 8 - (modulus[0] === undefined ? 0 : Math.clz32(modulus[0]) - 24);
  const value = exponent.length <= 4 ? exponent.reduce((sum, byte) => sum * 256 + byte, 0) : 0;
  return bits >= fewestRsaBits && bits <= mostRsaBits && value >= 3 && value % 2 === 1;
}

/** The modulus without leading zeroes: a zero-padded 1024-bit key is still one of 1024 bits. */
function bytesOf(member: unknown): Buffer {
  const bytes = typeof member === 'string' ? Buffer.from(member, 'base64url') : Buffer.alloc(0);
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? Buffer.alloc(0) : bytes.subarray(first);
}

/** Only the public members of the kind are handed on; certificates, private parts and operations are left behind. */
async function importPublicKey(key: KeyMembers, algorithm: TokenAlgorithm): Promise<VerificationKey> {
  const members = key['kty'] === 'RSA' ? ['kty', 'n', 'e'] : ['kty', 'crv', 'x', 'y'];
  const publicKey = Object.fromEntries(members.flatMap((name) => (name in key ? [[name, key[name]]] : [])));
  try {
    const imported = await importJWK(publicKey as JWK, algorithm);
    if (imported instanceof Uint8Array) throw new Refused('token.key-unsuitable');
    return imported;
  } catch {
    throw new Refused('token.key-unsuitable'); // a point off its curve, a member that is no number
  }
}

function isMembers(key: unknown): key is KeyMembers {
  return typeof key === 'object' && key !== null && !Array.isArray(key);
}
