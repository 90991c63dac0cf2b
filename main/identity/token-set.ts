import type * as oidc from 'openid-client';

export type TokenSet = {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly idToken?: string | undefined;
  /** ISO 8601; undefined when the issuer does not say. */
  readonly expiresAt?: string | undefined;
};

export type TokenAnswer = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers;

const longestLifeS = 365 * 86_400;

/**
 * @param scopesBefore what holds when the answer does not name scopes: those asked for (RFC 6749 §5.1), or at a refresh
 *   those granted before (§6)
 */
export function readTokens(
  answer: TokenAnswer,
  scopesBefore: readonly string[],
  nowMs: number,
): { readonly tokens: TokenSet; readonly grantedScopes: readonly string[] } {
  const lifeS = answer.expiresIn();
  const tokens: TokenSet = {
    accessToken: answer.access_token,
    ...(answer.refresh_token === undefined ? {} : { refreshToken: answer.refresh_token }),
    ...(answer.id_token === undefined ? {} : { idToken: answer.id_token }),
    ...(lifeS === undefined ? {} : { expiresAt: new Date(nowMs + Math.min(lifeS, longestLifeS) * 1000).toISOString() }),
  };
  // SECURITY(OA-27): what was asked for is not what was granted.
  const named = answer.scope?.split(' ').filter(Boolean);
  return { tokens, grantedScopes: [...new Set(named ?? scopesBefore)] };
}
