/** One refresh (RFC 6749 §6). The caller sees to it that no two of one grant run at once (OA-20). */
import * as oidc from 'openid-client';
import { identityError, oauthErrorOf } from './identity-error.ts';
import { discoverIssuer } from './issuer.ts';
import { type IdentityProvider, resourceOf, type SignInDeps } from './sign-in.ts';
import { readTokens, type TokenSet } from './token-set.ts';

export type Refreshed =
  | { readonly outcome: 'refreshed'; readonly tokens: TokenSet; readonly grantedScopes: readonly string[] }
  /** The issuer ended the grant: revoked, expired, or its refresh token was used by somebody else (RFC 9700 §4.14). */
  | { readonly outcome: 'ended' };

/** @throws AppError when the issuer cannot be reached or its answer is not accepted; the grant may still stand */
export async function refreshTokens(
  provider: IdentityProvider,
  before: { readonly refreshToken: string; readonly grantedScopes: readonly string[] },
  deps: SignInDeps,
): Promise<Refreshed> {
  try {
    const issuer = await discoverIssuer(provider.issuer, provider.oauthClientId, deps.nowMs, deps.fetchLimits);
    const answer = await oidc.refreshTokenGrant(issuer.configuration, before.refreshToken, resourceOf(provider));
    const { tokens, grantedScopes } = readTokens(answer, before.grantedScopes, deps.nowMs());
    return { outcome: 'refreshed', tokens: { refreshToken: before.refreshToken, ...tokens }, grantedScopes };
  } catch (error) {
    if (oauthErrorOf(error) === 'invalid_grant') return { outcome: 'ended' };
    throw identityError(error, 'the refresh was not accepted');
  }
}
