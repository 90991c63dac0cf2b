/**
 * Signs a person in: authorization code with PKCE S256, state, nonce and `iss`, in the system's own browser, back over
 * a loopback redirect (RFC 8252, RFC 9700, RFC 9207). Only reading is asked for at first (DESIGN §5).
 */
import * as oidc from 'openid-client';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import type { GuardedFetchOptions } from './guarded-fetch.ts';
import { identityError, oauthErrorOf } from './identity-error.ts';
import { discoverIssuer, type Issuer } from './issuer.ts';
import { browserAddress } from './open-in-browser.ts';
import { listenForRedirect, type RedirectAnswer, type RedirectOptions } from './redirect-listener.ts';
import { readTokens, type TokenSet } from './token-set.ts';

export type IdentityProvider = {
  readonly issuer: string;
  readonly oauthClientId: string;
  /** RFC 8707; where the issuer knows a resource of ours. */
  readonly resource?: string | undefined;
  /** Asked for at sign-in: who it is, and reading. */
  readonly scopes: readonly string[];
};

export type Person = {
  readonly subject: string;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
};

export type SignedIn = {
  readonly outcome: 'signed-in';
  readonly person: Person;
  readonly issuer: string;
  /** What the issuer says that it granted (OA-27), be it less or more than was asked for. */
  readonly grantedScopes: readonly string[];
  readonly unaskedScopes: readonly string[];
  readonly tokens: TokenSet;
};

/** Ways in which a sign-in ends that are nobody's failure. */
export type SignInEnd = SignedIn | { readonly outcome: 'denied' | 'cancelled' | 'expired' };

export type SignInDeps = {
  /** Is only ever given an address that passed `browserAddress`. */
  readonly openExternal: (address: string) => Promise<void>;
  readonly nowMs: () => number;
  readonly redirect?: RedirectOptions | undefined;
  readonly fetchLimits?: GuardedFetchOptions | undefined;
};

type Expectations = { readonly state: string; readonly nonce: string; readonly pkceVerifier: string };

/** @throws AppError 'identity.issuer-refused' or 'identity.sign-in-failed'; never with a token or an answer in it */
export async function signIn(provider: IdentityProvider, deps: SignInDeps, signal: AbortSignal): Promise<SignInEnd> {
  const issuer = await discoverIssuer(provider.issuer, provider.oauthClientId, deps.nowMs, deps.fetchLimits);
  const expected: Expectations = {
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    pkceVerifier: oidc.randomPKCECodeVerifier(),
  };
  const listener = await listenForRedirect(expected.state, signal, deps.redirect);
  let answer: RedirectAnswer | undefined;
  try {
    const address = await authorizationAddress(issuer, provider, expected, listener.redirectUri);
    if (!signal.aborted) await deps.openExternal(address);
    answer = await listener.answer;
    if (answer.outcome !== 'answered') return { outcome: answer.outcome };
    const signedIn = await exchange(issuer, provider, expected, answer.address, deps.nowMs());
    answer.showEnd(true);
    return signedIn;
  } catch (error) {
    if (answer?.outcome === 'answered') answer.showEnd(false);
    else listener.close();
    if (oauthErrorOf(error) === 'access_denied') return { outcome: 'denied' };
    throw identityError(error, 'the answer of the issuer was not accepted');
  }
}

async function authorizationAddress(
  { configuration }: Issuer,
  provider: IdentityProvider,
  { state, nonce, pkceVerifier }: Expectations,
  redirectUri: string,
): Promise<string> {
  const address = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: provider.scopes.join(' '),
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceVerifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    prompt: 'consent', // OpenID Connect Core §11: offline access is granted only with consent
    ...resourceOf(provider),
  });
  return browserAddress(address);
}

async function exchange(
  { configuration, keys }: Issuer,
  provider: IdentityProvider,
  { state, nonce, pkceVerifier }: Expectations,
  address: URL,
  nowMs: number,
): Promise<SignedIn> {
  const answered = await oidc.authorizationCodeGrant(
    configuration,
    address,
    { pkceCodeVerifier: pkceVerifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
    resourceOf(provider),
  );
  const issuer = configuration.serverMetadata().issuer;
  // SECURITY(OA-05, OA-11, OA-12): the id_token is believed for its signature, not because of the TLS it came through.
  const verdict = await keys.verify(answered.id_token ?? '', {
    issuer,
    audience: provider.oauthClientId,
    use: 'id_token',
    nonce,
  });
  if (!verdict.ok) throw new AppError('identity.sign-in-failed', `the id_token was refused: ${verdict.code}`);
  const { tokens, grantedScopes } = readTokens(answered, provider.scopes, nowMs);
  return {
    outcome: 'signed-in',
    person: personIn(verdict.claims),
    issuer,
    grantedScopes,
    unaskedScopes: grantedScopes.filter((scope) => !provider.scopes.includes(scope)),
    tokens,
  };
}

export function resourceOf({ resource }: IdentityProvider): Record<string, string> {
  return resource === undefined ? {} : { resource };
}

function personIn(claims: Readonly<Record<string, unknown>>): Person {
  const name = text(claims['name']) ?? text(claims['preferred_username']);
  const email = text(claims['email']);
  return {
    subject: String(claims['sub']),
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
