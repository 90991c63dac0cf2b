/**
 * The compact form of RFC 7515 §7.1, read strictly: three base64url parts without padding, spaces or stray bits, and a
 * header that holds nothing we would have to obey. Says nothing yet about who signed.
 */
import { Refused, refuseUnless } from './refusal.ts';
import { parseStrictJson } from './strict-json.ts';

export type CompactJws = {
  readonly header: Readonly<Record<string, unknown>> & { readonly alg: string; readonly kid?: string | undefined };
  /** UNVERIFIED until the signature has been checked. */
  readonly payload: Uint8Array;
  readonly signaturePart: string;
};

/** SECURITY(OA-24): far above any honest token, far below what costs time. */
const largestToken = 16 * 1024;
const largestHeader = 4 * 1024;
const longestKid = 256;
const base64url = /^[A-Za-z0-9_-]+$/;

export function readCompactJws(token: string): CompactJws {
  refuseUnless(token.length <= largestToken, 'token.too-large');
  const parts = token.split('.');
  // SECURITY(OA-25): five parts are a JWE. Nothing is ever decrypted or inflated here, so nothing can be made costly.
  refuseUnless(parts.length !== 5, 'token.encrypted');
  refuseUnless(parts.length === 3, 'token.malformed');
  const [headerPart = '', payloadPart = '', signaturePart = ''] = parts;
  refuseUnless(headerPart.length <= largestHeader, 'token.header-invalid');
  const header = readObject(decode(headerPart), 'token.header-invalid');
  checkHeader(header);
  const payload = decode(payloadPart);
  return { header: header as CompactJws['header'], payload, signaturePart };
}

/** SECURITY(OA-11): an empty signature ends here, after its algorithm had the chance to be the reason. */
export function checkSignaturePart({ signaturePart }: CompactJws): void {
  decode(signaturePart);
}

export function readClaims(payload: Uint8Array): Readonly<Record<string, unknown>> {
  return readObject(payload, 'token.claims-invalid');
}

function checkHeader(header: Readonly<Record<string, unknown>>): void {
  refuseUnless(!('enc' in header) && !('zip' in header), 'token.encrypted');
  refuseUnless(typeof header['alg'] === 'string', 'token.header-invalid');
  // RFC 7515 §4.1.11: an extension that is not understood refuses the whole. None is understood, `b64` neither.
  refuseUnless(!('crit' in header) && !('b64' in header), 'token.critical-extension');
  const kid = header['kid'];
  // SECURITY(OA-13): a key id is a key of a map and nothing else: no path, no address, no query is ever made of it.
  refuseUnless(
    kid === undefined || (typeof kid === 'string' && kid !== '' && kid.length <= longestKid),
    'token.header-invalid',
  );
  // SECURITY(OA-10, OA-14): `jku`, `jwk`, `x5u` and `x5c` are not read at all; keys come from the issuer's own set.
}

function decode(part: string): Uint8Array {
  refuseUnless(base64url.test(part), 'token.malformed');
  const bytes = Buffer.from(part, 'base64url');
  // two spellings of the same bytes would be two tokens to whoever compares text
  refuseUnless(bytes.toString('base64url') === part, 'token.malformed');
  return bytes;
}

function readObject(
  bytes: Uint8Array,
  code: 'token.header-invalid' | 'token.claims-invalid',
): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = parseStrictJson(bytes);
  } catch {
    throw new Refused(code);
  }
  refuseUnless(typeof value === 'object' && value !== null && !Array.isArray(value), code);
  return value as Readonly<Record<string, unknown>>;
}
