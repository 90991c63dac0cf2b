/** A sign-in as the vault keeps it, and how long its access token is good for. */
import type { UpstreamOauthEntry } from '../vault/entry.ts';
import type { Authorized } from './authorize.ts';
import type { SignInServer } from './places.ts';

export type ShortLivedToken = { readonly value: string; readonly expiresAtMs?: number | undefined };

const renewBeforeMs = 30_000;

export const entryIdOf = (serverId: string): string => `server ${serverId}`;

export function entryFor(server: SignInServer, resource: string, end: Authorized, nowMs: number): UpstreamOauthEntry {
  return {
    kind: 'upstream-oauth',
    entryId: entryIdOf(server.serverId),
    serverId: server.serverId,
    serverUrl: server.url,
    resource,
    issuer: end.issuer,
    oauthClient: end.oauthClient,
    tokens: end.tokens,
    grantedScopes: [...end.grantedScopes],
    unaskedScopes: [...end.unaskedScopes],
    obtainedAt: new Date(nowMs).toISOString(),
  };
}

export function isFresh({ tokens: { expiresAt } }: UpstreamOauthEntry, nowMs: number): boolean {
  return expiresAt === undefined || Date.parse(expiresAt) - nowMs > renewBeforeMs;
}

export function isOver({ tokens: { expiresAt } }: UpstreamOauthEntry, nowMs: number): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= nowMs;
}

export function shortLived({ tokens: { accessToken, expiresAt } }: UpstreamOauthEntry): ShortLivedToken {
  return { value: accessToken, ...(expiresAt === undefined ? {} : { expiresAtMs: Date.parse(expiresAt) }) };
}
