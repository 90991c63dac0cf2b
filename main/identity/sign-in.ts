/**
 * Signs a person in: authorization code with PKCE S256, state, nonce and `iss`, in the system's own browser, back over
 * a loopback redirect (RFC 8252, RFC 9700, RFC 9207). Only reading is asked for at first (DESIGN §5).
 */
import * as oidc from 'openid-client';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import { discoverIssuer } from './issuer.ts';
import { browserAddress } from './open-in-browser.ts';
import { listenForRedirect } from './redirect-listener.ts';

export type IdentityProvider = {
  readonly issuer: string;
  readonly oauthClientId: string;
  /** RFC 8707; where the issuer knows a resource of ours. */
  readonly resource?: string | undefined;
  /** Asked for at sign-in: who it is, and reading. */
  readonly scopes: readonly string[];
};

export type SignedIn = {
  readonly person: {
    readonly subject: string;
    readonly name?: string | undefined;
    readonly email?: string | undefined;
  };
  readonly issuer: string;
  /** What the issuer says that it granted (OA-27). */
  readonly grantedScopes: readonly string[];
  readonly tokens: TokenSet;
};

export type TokenSet = {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly idToken?: string | undefined;
  /** ISO 8601; undefined when the issuer does not say. */
  readonly expiresAt?: string | undefined;
};

export type SignInDeps = {
  readonly openExternal: (address: string) => Promise<void>;
  readonly nowMs: () => number;
};

export async function signIn(provider: IdentityProvider, deps: SignInDeps, signal: AbortSignal): Promise<SignedIn> {
  const configuration = await discoverIssuer(provider.issuer, provider.oauthClientId);
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const nonce = oidc.randomNonce();
  const listener = await listenForRedirect(state, signal);
  const resource = provider.resource === undefined ? {} : { resource: provider.resource };
  try {
    const address = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: listener.redirectUri,
      scope: provider.scopes.join(' '),
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      prompt: 'consent', // OpenID Connect Core §11: offline access is granted only with consent
      ...resource,
    });
    await deps.openExternal(browserAddress(address));
    const answer = await listener.answer;
    const tokens = await oidc.authorizationCodeGrant(
      configuration,
      answer,
      { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
      resource,
    );
    return signedInFrom(tokens, configuration, provider, deps.nowMs());
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('identity.sign-in-failed', 'the answer of the issuer was not accepted', { cause });
  } finally {
    listener.close();
  }
}

function signedInFrom(
  tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
  configuration: oidc.Configuration,
  provider: IdentityProvider,
  nowMs: number,
): SignedIn {
  const claims = tokens.claims();
  if (!claims) throw new AppError('identity.sign-in-failed', 'there is no id_token');
  return {
    person: { subject: claims.sub, name: text(claims['name']), email: text(claims['email']) },
    issuer: configuration.serverMetadata().issuer,
    // RFC 6749 §5.1: without `scope` in the answer, what was granted is what was asked for
    grantedScopes: (tokens.scope ?? provider.scopes.join(' ')).split(' ').filter(Boolean),
    tokens: tokenSet(tokens, nowMs),
  };
}

export function tokenSet(
  tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
  nowMs: number,
): TokenSet {
  const expiresInS = tokens.expiresIn();
  return {
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    idToken: tokens.id_token,
    expiresAt: expiresInS === undefined ? undefined : new Date(nowMs + expiresInS * 1000).toISOString(),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
