import * as oidc from 'openid-client';
import { discoverIssuer } from './issuer.ts';
import type { IdentityProvider, TokenSet } from './sign-in.ts';

/**
 * Revokes what was granted (RFC 7009): the refresh token first, since the issuer then ends the rest. Best effort: the
 * tokens are forgotten here whether or not the issuer can be reached, and the caller is told.
 */
export async function revokeTokens(provider: IdentityProvider, tokens: TokenSet): Promise<boolean> {
  try {
    const configuration = await discoverIssuer(provider.issuer, provider.oauthClientId);
    if (tokens.refreshToken !== undefined)
      await oidc.tokenRevocation(configuration, tokens.refreshToken, { token_type_hint: 'refresh_token' });
    await oidc.tokenRevocation(configuration, tokens.accessToken, { token_type_hint: 'access_token' });
    return true;
  } catch {
    return false;
  }
}
