/**
 * One sign-in to an upstream server: authorization code with PKCE S256, state and `iss`, in the system's own browser and
 * back over a loopback redirect on a port of its own (RFC 8252, RFC 9700, RFC 9207), for exactly one resource (RFC 8707).
 */
import * as oidc from 'openid-client';
import type { GuardedFetchOptions } from '../identity/guarded-fetch.ts';
import { identityError, oauthErrorOf } from '../identity/identity-error.ts';
import { listenForRedirect, type RedirectAnswer, type RedirectOptions } from '../identity/redirect-listener.ts';
import type { TokenSet } from '../identity/token-set.ts';
import { configurationFor, discoverAuthorizationServer, type OauthClient } from './authorization-server.ts';
import { oauthClientAt } from './oauth-client.ts';
import type { SignInServer } from './places.ts';
import { usableTokens } from './usable-tokens.ts';

export type AuthorizeDeps = {
  /** Is only ever given an address that was judged. */
  readonly openExternal: (address: string) => Promise<void>;
  readonly nowMs: () => number;
  readonly redirect?: RedirectOptions | undefined;
  readonly fetchLimits?: GuardedFetchOptions | undefined;
};

export type Asked = {
  readonly issuer: string;
  readonly resource: string;
  readonly scopes: readonly string[];
  /** Origin that the person was told the browser opens at; undefined: the issuer's own. */
  readonly browserAt?: string | undefined;
};

export type Authorized = {
  readonly outcome: 'authorized';
  /** As the authorization server writes it. */
  readonly issuer: string;
  readonly oauthClient: OauthClient;
  readonly tokens: TokenSet;
  readonly grantedScopes: readonly string[];
  readonly unaskedScopes: readonly string[];
};
export type AuthorizeEnd =
  | Authorized
  | { readonly outcome: 'denied' | 'cancelled' | 'expired' }
  /** Nothing was done: the sign-in page is at an origin that the person has not seen yet. */
  | { readonly outcome: 'elsewhere'; readonly browserAt: string };

/** @throws AppError 'identity.issuer-refused' or 'identity.sign-in-failed'; never with a token or an answer in it */
export async function authorize(
  server: SignInServer,
  asked: Asked,
  deps: AuthorizeDeps,
  signal: AbortSignal,
): Promise<AuthorizeEnd> {
  const authorizationServer = await discoverAuthorizationServer(asked.issuer, server, deps.fetchLimits);
  const { metadata, forBrowser } = authorizationServer;
  // SECURITY(OA-03): an issuer that names another's sign-in page gets the code of whoever signs in there, and not every
  // service says in its answer who it is (RFC 9207, RFC 9700 §4.4).
  const browserAt = new URL(metadata.authorization_endpoint ?? '').origin;
  if (browserAt !== (asked.browserAt ?? new URL(asked.issuer).origin)) return { outcome: 'elsewhere', browserAt };
  const state = oidc.randomState();
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const listener = await listenForRedirect(state, signal, deps.redirect);
  let answer: RedirectAnswer | undefined;
  try {
    const oauthClient = await oauthClientAt(authorizationServer, server, listener.redirectUri);
    const configuration = configurationFor(authorizationServer, oauthClient);
    const scopes = withOfflineAccess(asked.scopes, metadata.scopes_supported);
    const address = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: listener.redirectUri,
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state,
      resource: asked.resource,
      ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
      ...(scopes.includes(offlineAccess) ? { prompt: 'consent' } : {}), // OpenID Connect Core §11
    });
    if (!signal.aborted) await deps.openExternal(forBrowser(address));
    answer = await listener.answer;
    if (answer.outcome !== 'answered') return { outcome: answer.outcome };
    const redeemed = await oidc.authorizationCodeGrant(
      configuration,
      answer.address,
      { pkceCodeVerifier, expectedState: state },
      { resource: asked.resource },
    );
    const { tokens, grantedScopes } = usableTokens(redeemed, scopes, deps.nowMs());
    answer.showEnd(true);
    return {
      outcome: 'authorized',
      issuer: metadata.issuer,
      oauthClient,
      tokens,
      grantedScopes,
      // Asked for nothing in particular, the authorization server chooses.
      unaskedScopes: asked.scopes.length === 0 ? [] : grantedScopes.filter((scope) => !scopes.includes(scope)),
    };
  } catch (error) {
    if (answer?.outcome === 'answered') answer.showEnd(false);
    else listener.close();
    if (oauthErrorOf(error) === 'access_denied') return { outcome: 'denied' };
    throw identityError(error, 'the answer of the place to sign in was not accepted');
  }
}

const offlineAccess = 'offline_access';

/** Permits nothing more, only for longer: without it the person would have to sign in again every hour. */
function withOfflineAccess(scopes: readonly string[], supported: readonly string[] | undefined): readonly string[] {
  return supported?.includes(offlineAccess) === true && !scopes.includes(offlineAccess)
    ? [...scopes, offlineAccess]
    : scopes;
}
