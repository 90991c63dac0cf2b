import { AppError } from '../../mcp-bridge/core/errors.ts';

/**
 * The library's errors carry whole answers and claims as their causes, so none of it is handed on: only its own code
 * and an error name of RFC 6749 (AU-15).
 */
export function identityError(error: unknown, what: string): AppError {
  const ours = chainOf(error).find((link) => link instanceof AppError);
  if (ours instanceof AppError) return ours;
  const names = [wordOf(error, 'code'), oauthErrorOf(error)].filter((name) => name !== undefined);
  return new AppError('identity.sign-in-failed', `${what}: ${names.join(', ') || 'no reason given'}`);
}

/** `access_denied`, `invalid_grant` and the like, where the issuer gave one. */
export function oauthErrorOf(error: unknown): string | undefined {
  return chainOf(error)
    .map((link) => wordOf(link, 'error'))
    .find((word) => word !== undefined);
}

function wordOf(error: unknown, member: 'code' | 'error'): string | undefined {
  if (typeof error !== 'object' || error === null || !(member in error)) return undefined;
  const word = (error as Record<string, unknown>)[member];
  return typeof word === 'string' && /^[A-Za-z_]{1,60}$/.test(word) ? word : undefined;
}

function chainOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let link = error; link instanceof Error && chain.length < 5; link = link.cause) chain.push(link);
  return chain;
}
