/**
 * What an authorization server gave, as far as it can be used: bearer tokens that a header can carry. It is a stranger, so
 * how much of it is kept has an end.
 */
import { AppError } from '../../mcp-bridge/core/errors.ts';
import { readTokens, type TokenAnswer, type TokenSet } from '../identity/token-set.ts';

/**
 * SECURITY(OA-18): a token of another type is not a bearer token, and a blank or a break in one would be another header.
 * One as short as a word is guessed easily, and would be taken out of other servers' results wherever the word stands.
 */
const usable = /^[\x21-\x7e]{12,16384}$/;
/** RFC 6749 §3.3 */
const scopeName = /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/;
const mostScopes = 100;

/** @param scopesBefore see `readTokens` @throws AppError 'identity.sign-in-failed' */
export function usableTokens(
  answer: TokenAnswer,
  scopesBefore: readonly string[],
  nowMs: number,
): { readonly tokens: TokenSet; readonly grantedScopes: readonly string[] } {
  const { tokens, grantedScopes } = readTokens(answer, scopesBefore, nowMs);
  const { idToken: _unused, ...kept } = tokens; // who the person is there is nobody's business here
  const { accessToken, refreshToken } = kept;
  if (
    answer.token_type.toLowerCase() !== 'bearer' ||
    !usable.test(accessToken) ||
    (refreshToken !== undefined && !usable.test(refreshToken))
  )
    throw new AppError('identity.sign-in-failed', 'the place to sign in gave no token that can be used');
  return { tokens: kept, grantedScopes: grantedScopes.filter((scope) => scopeName.test(scope)).slice(0, mostScopes) };
}
