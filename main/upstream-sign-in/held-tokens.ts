/** What is done with the tokens of a sign-in to an upstream server, at their own issuer and nowhere else. */
import * as oidc from 'openid-client';
import type { GuardedFetchOptions } from '../identity/guarded-fetch.ts';
import { identityError, oauthErrorOf } from '../identity/identity-error.ts';
import type { UpstreamOauthEntry } from '../vault/entry.ts';
import { configurationFor, discoverAuthorizationServer } from './authorization-server.ts';
import type { SignInServer } from './places.ts';
import { usableTokens } from './usable-tokens.ts';

type Deps = { readonly nowMs: () => number; readonly fetchLimits?: GuardedFetchOptions | undefined };

export type Renewed =
  | { readonly outcome: 'renewed'; readonly entry: UpstreamOauthEntry }
  /** The issuer ended it: revoked, expired, or used by somebody else (RFC 9700 §4.14). */
  | { readonly outcome: 'ended' };

const endedErrors = ['invalid_grant', 'invalid_client', 'unauthorized_client'];

/** One refresh (RFC 6749 §6). The caller sees to it that no two of one entry run at once (OA-20). @throws AppError */
export async function renew(
  server: SignInServer,
  entry: UpstreamOauthEntry,
  refreshToken: string,
  deps: Deps,
): Promise<Renewed> {
  try {
    const configuration = await configurationOf(server, entry, deps);
    const answer = await oidc.refreshTokenGrant(configuration, refreshToken, { resource: entry.resource });
    const { tokens, grantedScopes } = usableTokens(answer, entry.grantedScopes, deps.nowMs());
    return {
      outcome: 'renewed',
      entry: { ...entry, tokens: { refreshToken, ...tokens }, grantedScopes: [...grantedScopes] },
    };
  } catch (error) {
    const word = oauthErrorOf(error);
    if (word !== undefined && endedErrors.includes(word)) return { outcome: 'ended' };
    throw identityError(error, 'the sign-in could not be renewed');
  }
}

/** RFC 7009, best effort: the tokens are forgotten here whether or not the issuer can be reached. Never rejects. */
export async function revoke(server: SignInServer, entry: UpstreamOauthEntry, deps: Deps): Promise<boolean> {
  try {
    const configuration = await configurationOf(server, entry, deps);
    if (configuration.serverMetadata().revocation_endpoint === undefined) return false;
    const { accessToken, refreshToken } = entry.tokens;
    await oidc.tokenRevocation(configuration, refreshToken ?? accessToken);
    // Ended with its grant already at most servers; a JWT often cannot be revoked, and ends by itself.
    if (refreshToken !== undefined) await oidc.tokenRevocation(configuration, accessToken).catch(() => {});
    return true;
  } catch {
    return false;
  }
}

async function configurationOf(
  server: SignInServer,
  entry: UpstreamOauthEntry,
  deps: Deps,
): Promise<oidc.Configuration> {
  const authorizationServer = await discoverAuthorizationServer(entry.issuer, server, deps.fetchLimits);
  return configurationFor(authorizationServer, entry.oauthClient);
}
