/**
 * Sign-ins to upstream servers (MCP authorization). The refresh token is in the vault and goes to its issuer only; the
 * bridge gets short-lived access tokens for exactly the server, address and resource that the person signed in for.
 *
 * A browser opens because the person pressed the button, and at the place the button named: what a server says meanwhile
 * changes neither.
 */
import { AppError } from '../../mcp-bridge/core/errors.ts';
import type { SignInNeed } from '../../mcp-bridge/process/contract.ts';
import type { UpstreamOauthEntry } from '../vault/entry.ts';
import type { Vault } from '../vault/vault.ts';
import { type Attempt, createAttempts } from './attempts.ts';
import { type AuthorizeDeps, authorize } from './authorize.ts';
import { renew, revoke } from './held-tokens.ts';
import { judgeNeed, type Seen, samePlace, scopesFor } from './judge-need.ts';
import { entryFor, entryIdOf, isFresh, isOver, type ShortLivedToken, shortLived } from './kept-sign-in.ts';
import type { SignInServer } from './places.ts';

export type UpstreamSignInState =
  | { readonly status: 'signing-in'; readonly issuer: string }
  | {
      readonly status: 'signed-in';
      readonly issuer: string;
      readonly grantedScopes: readonly string[];
      /** Granted without being asked for (OA-27). */
      readonly unaskedScopes: readonly string[];
      readonly signedInAt: string;
    }
  /** `formerIssuer`: where it was, when it ended without the person. */
  | { readonly status: 'signed-out'; readonly formerIssuer?: string };

export type UpstreamSignInsDeps = AuthorizeDeps & {
  readonly vault: Vault;
  /** As the person configured it; undefined: there is no such server, or it is not one to sign in to. */
  readonly server: (serverId: string) => SignInServer | undefined;
  /** What the server says it wants, by way of the bridge. */
  readonly need: (serverId: string) => SignInNeed | undefined;
  /** Resolves when the bridge uses no older token any more. Rejects while there is none. */
  readonly tellBridge: (serverId: string) => Promise<unknown>;
  /** The OAuth client that the person gave for this server is of this issuer. */
  readonly bindOauthClient: (serverId: string, issuer: string) => void;
  readonly audit: (kind: 'server.signed-in' | 'server.signed-out', serverId: string, issuer: string) => Promise<void>;
  readonly onChange: () => void;
};

export type UpstreamSignIns = {
  state(serverId: string): UpstreamSignInState;
  /** What went wrong at the last try, for the person. */
  failure(serverId: string): string | undefined;
  /** What is asked for when the server wants these: the person's own configuration comes first. */
  asks(serverId: string, scopes: readonly string[]): readonly string[];
  /** Where the browser would open for this issuer, as found out when it was pressed and was not the issuer's own origin. */
  browserAt(serverId: string, issuer: string): string | undefined;
  /** `issuer` is what the person saw on the button. Resolves also when they did not go through with it. @throws AppError */
  signIn(serverId: string, issuer: string, seen?: Seen): Promise<void>;
  cancel(serverId: string): void;
  /** Forgotten here and by the bridge at once, then revoked at the issuer as far as it can be reached. */
  signOut(serverId: string): Promise<void>;
  /** Good for at least half a minute where it says. @throws AppError when it cannot be renewed just now */
  accessToken(serverId: string, refused?: string): Promise<ShortLivedToken | undefined>;
};

/** SECURITY(OA-28): however often a server refuses what it gets. */
const renewalPauseMs = 15_000;
const endings = {
  denied: 'It was not allowed there. Nothing was granted.',
  cancelled: undefined,
  expired: 'The browser did not come back in time. Start again.',
  elsewhere:
    'Nothing was opened yet: the sign-in page is not where you were told. Look where it is, and go on if you know it.',
} as const;

export function createUpstreamSignIns(deps: UpstreamSignInsDeps): UpstreamSignIns {
  const attempts = createAttempts(deps.onChange);
  const failures = new Map<string, string>();
  const renewing = new Map<string, Promise<UpstreamOauthEntry | undefined>>();
  const renewedAtMs = new Map<string, number>();
  const elsewhere = new Map<string, { readonly issuer: string; readonly browserAt: string }>();
  const lapsedFrom = new Map<string, string>();
  /** SECURITY(OA-32): over for us though the vault could not be written. */
  const over = new WeakSet<UpstreamOauthEntry>();

  /** SECURITY: what was signed in for another address is nobody's any more. */
  function held(serverId: string): UpstreamOauthEntry | undefined {
    const entry = deps.vault.get(entryIdOf(serverId));
    if (entry?.kind !== 'upstream-oauth' || over.has(entry)) return undefined;
    return deps.server(serverId)?.url === entry.serverUrl ? entry : undefined;
  }

  type Dropped = { readonly entry?: UpstreamOauthEntry | undefined; readonly problem?: unknown };

  /** `problem`: the vault still has it, and it counts no more all the same. Never throws. */
  function drop(serverId: string): Dropped {
    const found = deps.vault.get(entryIdOf(serverId));
    const entry = found?.kind === 'upstream-oauth' && !over.has(found) ? found : undefined;
    if (entry !== undefined) over.add(entry);
    renewedAtMs.delete(serverId);
    failures.delete(serverId);
    lapsedFrom.delete(serverId);
    try {
      deps.vault.remove(entryIdOf(serverId));
      return { entry };
    } catch (problem) {
      return { entry, problem };
    } finally {
      deps.onChange();
    }
  }

  /** At its own issuer, under the rules of the server that it was signed in to. */
  async function end(entry: UpstreamOauthEntry, server = deps.server(entry.serverId)): Promise<void> {
    const allowPrivateNetwork = server?.allowPrivateNetwork ?? false;
    await revoke({ serverId: entry.serverId, url: entry.serverUrl, allowPrivateNetwork }, entry, deps);
  }

  async function run(server: SignInServer, attempt: Attempt, seen: Seen): Promise<void> {
    const { issuer, signal } = attempt;
    const { serverId } = server;
    const need = judgeNeed(deps.need(serverId), server, issuer, seen);
    const before = held(serverId);
    const scopes = scopesFor(server, need, before && samePlace(before.issuer, issuer) ? before.grantedScopes : []);
    const asked = { issuer, resource: need.resource, scopes, browserAt: seen.browserAt };
    const ended = await authorize(server, asked, deps, signal);
    if (ended.outcome !== 'authorized') {
      if (ended.outcome === 'elsewhere') elsewhere.set(serverId, { issuer, browserAt: ended.browserAt });
      if (endings[ended.outcome] !== undefined && !signal.aborted) failures.set(serverId, endings[ended.outcome] ?? '');
      return;
    }
    const entry = entryFor(server, need.resource, ended, deps.nowMs());
    if (signal.aborted || deps.server(serverId)?.url !== server.url) {
      // SECURITY(OA-32): cancelled or removed while the code was redeemed: what came is not kept, and ended as well.
      await end(entry);
      return;
    }
    try {
      deps.vault.put(entry); // before anything uses it (OA-21)
      if (server.oauthClientId !== undefined) deps.bindOauthClient(serverId, entry.issuer);
    } catch (error) {
      over.add(entry);
      void end(entry); // SECURITY(OA-32): what cannot be kept is not left alive either
      throw error;
    }
    renewedAtMs.delete(serverId);
    lapsedFrom.delete(serverId);
    // It can be signed out of from here on: the server may let the bridge wait long after this.
    attempt.finish();
    attempt.settle();
    await deps.audit('server.signed-in', serverId, entry.issuer);
    await deps.tellBridge(serverId).catch(() => {});
    // One OAuth client has one grant at many issuers: to revoke the old tokens would end the new ones.
    const isSameClient = before?.oauthClient.oauthClientId === entry.oauthClient.oauthClientId;
    if (before !== undefined && !(isSameClient && before.issuer === entry.issuer)) void end(before);
  }

  async function renewOnce(server: SignInServer, before: UpstreamOauthEntry): Promise<UpstreamOauthEntry | undefined> {
    const { serverId } = server;
    const { refreshToken } = before.tokens;
    if (refreshToken === undefined) return undefined;
    renewedAtMs.set(serverId, deps.nowMs());
    const renewed = await renew(server, before, refreshToken, deps);
    if (held(serverId)?.tokens.refreshToken !== refreshToken) {
      // signed out, or in anew, meanwhile
      if (renewed.outcome === 'renewed') void end(renewed.entry);
      return held(serverId);
    }
    if (renewed.outcome === 'renewed') {
      deps.vault.put(renewed.entry);
      deps.onChange();
      return renewed.entry;
    }
    await lapse(before);
    return undefined;
  }

  async function lapse({ serverId, issuer }: UpstreamOauthEntry): Promise<void> {
    drop(serverId);
    lapsedFrom.set(serverId, issuer);
    failures.set(serverId, 'The sign-in has ended there. Sign in again.');
    await deps.audit('server.signed-out', serverId, issuer);
  }

  function renewal(server: SignInServer, before: UpstreamOauthEntry): Promise<UpstreamOauthEntry | undefined> {
    const running = renewing.get(server.serverId);
    if (running !== undefined) return running; // SECURITY(OA-20)
    const started = renewOnce(server, before).finally(() => renewing.delete(server.serverId));
    renewing.set(server.serverId, started);
    return started;
  }

  const signIns: UpstreamSignIns = {
    state(serverId) {
      const running = attempts.current(serverId);
      if (running !== undefined) return { status: 'signing-in', issuer: running.issuer };
      const entry = held(serverId);
      const formerIssuer = lapsedFrom.get(serverId);
      if (entry === undefined) return { status: 'signed-out', ...(formerIssuer === undefined ? {} : { formerIssuer }) };
      const { issuer, grantedScopes, unaskedScopes, obtainedAt: signedInAt } = entry;
      return { status: 'signed-in', issuer, grantedScopes, unaskedScopes, signedInAt };
    },
    failure: (serverId) => failures.get(serverId),
    asks: (serverId, scopes) => deps.server(serverId)?.scopes ?? scopes,
    browserAt(serverId, issuer) {
      const known = elsewhere.get(serverId);
      return known !== undefined && samePlace(known.issuer, issuer) ? known.browserAt : undefined;
    },
    async signIn(serverId, issuer, seen = {}) {
      const server = deps.server(serverId);
      if (server === undefined) throw new AppError('identity.sign-in-failed', 'there is no such server to sign in to');
      const attempt = attempts.begin(serverId, issuer);
      if (attempt === undefined) throw new AppError('identity.sign-in-failed', 'a sign-in is under way already');
      failures.delete(serverId);
      deps.onChange();
      try {
        await attempt.turn;
        if (!attempt.signal.aborted) await run(server, attempt, seen);
      } catch (error) {
        if (attempt.signal.aborted) return;
        failures.set(serverId, failureSentence(error));
        throw error;
      } finally {
        attempt.finish();
        attempt.settle();
      }
    },
    cancel: attempts.cancel,
    async signOut(serverId) {
      attempts.cancel(serverId);
      const server = deps.server(serverId); // while there is one: it may be being removed
      const { entry, problem } = drop(serverId);
      if (entry === undefined) return;
      // SECURITY(OA-32): the bridge tries the server again before it answers, and a server may keep it waiting.
      const told = deps.tellBridge(serverId).catch(() => {});
      const ended = end(entry, server);
      await deps.audit('server.signed-out', serverId, entry.issuer);
      await Promise.all([told, ended]);
      if (problem !== undefined) throw problem;
    },
    async accessToken(serverId, refused) {
      const server = deps.server(serverId);
      const entry = held(serverId);
      if (server === undefined || entry === undefined) return undefined;
      const isRefused = refused !== undefined && refused === entry.tokens.accessToken;
      if (!isRefused && isFresh(entry, deps.nowMs())) return shortLived(entry);
      const isTooSoon = deps.nowMs() - (renewedAtMs.get(serverId) ?? 0) < renewalPauseMs;
      // Also a token that lives no longer than we would renew it before its end.
      if (isTooSoon && (isRefused || !isOver(entry, deps.nowMs()))) return shortLived(entry);
      if (entry.tokens.refreshToken === undefined) {
        await lapse(entry);
        return undefined;
      }
      const next = await renewal(server, entry);
      return next === undefined ? undefined : shortLived(next);
    },
  };

  // A server that was removed or changed while the app could not do its part.
  for (const entryId of deps.vault.entryIds()) {
    const entry = deps.vault.get(entryId);
    if (entry?.kind !== 'upstream-oauth' || held(entry.serverId) !== undefined) continue;
    drop(entry.serverId);
    void end(entry);
  }
  return signIns;
}

/** Our own words only; an AppError of the identity code has no text of a stranger in it. */
function failureSentence(error: unknown): string {
  return error instanceof AppError
    ? `The sign-in did not complete: ${error.message}.`
    : 'The sign-in did not complete. Try again.';
}
