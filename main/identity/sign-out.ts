import * as oidc from 'openid-client';
import { discoverIssuer, type Issuer } from './issuer.ts';
import { browserAddress } from './open-in-browser.ts';
import type { IdentityProvider, SignInDeps } from './sign-in.ts';
import type { TokenSet } from './token-set.ts';

export type SignOutEnd = { readonly revoked: boolean; readonly browserSessionEnding: boolean };

/**
 * Tells the issuer that it is over: revokes the refresh token, with which an issuer ends the rest (RFC 7009 §2.1), then
 * the access token, then ends the browser's own session (OIDC RP-Initiated Logout). Best effort and after the fact: the
 * tokens are forgotten here whether or not the issuer can be reached, and the caller is told.
 */
export async function endAtIssuer(provider: IdentityProvider, tokens: TokenSet, deps: SignInDeps): Promise<SignOutEnd> {
  let issuer: Issuer;
  try {
    issuer = await discoverIssuer(provider.issuer, provider.oauthClientId, deps.nowMs, deps.fetchLimits);
  } catch {
    return { revoked: false, browserSessionEnding: false };
  }
  const { configuration } = issuer;
  const grantEnded = await revoke(configuration, tokens.refreshToken ?? tokens.accessToken);
  // A JWT access token often cannot be revoked; it ends by itself within minutes and no new one can be got.
  if (tokens.refreshToken !== undefined) await revoke(configuration, tokens.accessToken);
  return { revoked: grantEnded, browserSessionEnding: await endBrowserSession(configuration, deps) };
}

async function revoke(configuration: oidc.Configuration, value: string): Promise<boolean> {
  if (configuration.serverMetadata().revocation_endpoint === undefined) return false;
  try {
    await oidc.tokenRevocation(configuration, value);
    return true;
  } catch {
    return false;
  }
}

/** Without `id_token_hint`: the address passes through another program's arguments, where everybody may read it (I5). */
async function endBrowserSession(configuration: oidc.Configuration, deps: SignInDeps): Promise<boolean> {
  if (configuration.serverMetadata().end_session_endpoint === undefined) return false;
  try {
    await deps.openExternal(browserAddress(oidc.buildEndSessionUrl(configuration)));
    return true;
  } catch {
    return false;
  }
}
