/**
 * The `Bearer` challenge of a `WWW-Authenticate` header (RFC 9110 §11.6.1, RFC 6750 §3, RFC 9728 §5.1). Written by the
 * server, so untrusted: what is not understood is as if it were not there.
 */
export type BearerChallenge = {
  readonly error?: string | undefined;
  /** Exactly what the server says is needed; undefined where it does not say. */
  readonly scopes?: readonly string[] | undefined;
  readonly resourceMetadata?: string | undefined;
};

const LONGEST_HEADER = 8 * 1024;
export const MOST_SCOPES = 100;
/** RFC 6749 §3.3 */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/;
const TOKEN = String.raw`[!#$%&'*+\-.^_\x60|~0-9A-Za-z]+`;

/** Undefined: there is no such challenge. */
export function bearerChallenge(header: string | undefined): BearerChallenge | undefined {
  if (header === undefined || header.length > LONGEST_HEADER) return undefined;
  // Either the name of a scheme, or a parameter of the scheme before it.
  const part = new RegExp(String.raw`[\s,]*(${TOKEN})(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|(${TOKEN})))?`, 'gy');
  let parameters: Map<string, string> | undefined;
  let isBearer = false;
  for (const [, name = '', quoted, plain] of header.matchAll(part)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain;
    if (value === undefined) {
      if (isBearer) break; // the next scheme begins
      isBearer = name.toLowerCase() === 'bearer';
      if (isBearer) parameters = new Map();
    } else if (isBearer && parameters?.has(name.toLowerCase()) === false) parameters.set(name.toLowerCase(), value);
  }
  if (parameters === undefined) return undefined;
  return {
    error: parameters.get('error'),
    scopes: readScopes(parameters.get('scope')?.split(' ')),
    resourceMetadata: parameters.get('resource_metadata'),
  };
}

/** Undefined: none that can be asked for. */
export function readScopes(scopes: readonly string[] | undefined): readonly string[] | undefined {
  const fit = [...new Set(scopes)].filter((scope) => SCOPE.test(scope)).slice(0, MOST_SCOPES);
  return fit.length === 0 ? undefined : fit;
}
