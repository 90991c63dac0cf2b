/**
 * What the bridge says that a server wants, judged again: the bridge may have been broken by hostile upstream data, and
 * the server itself may want more than its own.
 */
import { coversServer } from '../../mcp-bridge/core/authorization/resource.ts';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import type { SignInNeed } from '../../mcp-bridge/process/contract.ts';
import { addressOf } from '../identity/open-in-browser.ts';
import type { SignInServer } from './places.ts';

/** What stood beside the button. */
export type Seen = {
  /** Left out: whatever the server wants now. */
  readonly scopes?: readonly string[] | undefined;
  /** Origin that the browser was said to open at, where it is not the issuer's. */
  readonly browserAt?: string | undefined;
};

/** @param issuer what the person saw and pressed @throws AppError 'identity.sign-in-failed' */
export function judgeNeed(
  need: SignInNeed | undefined,
  server: SignInServer,
  issuer: string,
  seen: Seen = {},
): SignInNeed {
  // SECURITY(OA-17): a token for another server's resource would be made out by this one's issuer and sent to this one.
  if (need === undefined) throw new AppError('identity.sign-in-failed', 'the server does not ask for a sign-in now');
  if (!coversServer(addressOf(need.resource), addressOf(server.url)))
    throw new AppError('identity.sign-in-failed', 'the server names a resource that is not its own');
  // SECURITY(OA-26): what the server named since then is not what the person agreed to.
  if (!need.authorizationServers.some((each) => samePlace(each, issuer)))
    throw new AppError('identity.sign-in-failed', 'the server names another place to sign in now; look at it again');
  // SECURITY(OA-28): nor is what it wants since then.
  if (seen.scopes !== undefined && seen.scopes.join(' ') !== (server.scopes ?? need.scopes).join(' '))
    throw new AppError('identity.sign-in-failed', 'the server asks for other permissions now; look at them again');
  // SECURITY(OA-26): an OAuth client, and its secret, is of the place that gave it out (MCP authorization, authorization
  // server binding). A server that names another one would have the secret sent there.
  const { oauthClientId, oauthClientIssuer } = server;
  if (oauthClientId !== undefined && oauthClientIssuer !== undefined && !samePlace(oauthClientIssuer, issuer))
    throw new AppError(
      'identity.sign-in-failed',
      `the OAuth client you gave belongs to ${oauthClientIssuer}; to use another place, remove the server and add it again`,
    );
  return need;
}

/** Issuers are compared as a parser understands them: with and without the slash of an empty path. */
export function samePlace(one: string, other: string): boolean {
  try {
    return new URL(one).href === new URL(other).href;
  } catch {
    return false;
  }
}

/** To be allowed more, what was allowed before is asked for again: a new token replaces the old one. */
export function scopesFor(
  { scopes }: SignInServer,
  need: SignInNeed,
  grantedBefore: readonly string[] = [],
): readonly string[] {
  if (scopes !== undefined) return scopes;
  return need.why === 'more-scopes' ? [...new Set([...grantedBefore, ...need.scopes])] : need.scopes;
}
