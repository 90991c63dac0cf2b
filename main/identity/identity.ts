/**
 * Who is signed in. One sign-in at a time, one refresh at a time; tokens go into the vault and nowhere else (I5); what
 * the dashboard sees is who, where and which scopes.
 */
import { AppError } from '../../mcp-bridge/core/errors.ts';
import type { DashboardState } from '../ipc/dashboard-state.ts';
import type { OauthEntry } from '../vault/entry.ts';
import type { Vault } from '../vault/vault.ts';
import { refreshTokens } from './refresh.ts';
import { type IdentityProvider, type SignedIn, type SignInDeps, signIn } from './sign-in.ts';
import { endAtIssuer } from './sign-out.ts';

export type IdentityState = DashboardState['identity'];

export type IdentityDeps = SignInDeps & {
  readonly vault: Vault;
  /** The provider to use now; starts the demo provider where that is the choice. */
  readonly provider: () => Promise<IdentityProvider>;
  readonly audit: (
    kind: 'identity.signed-in' | 'identity.signed-out',
    subject: string,
    issuer: string,
  ) => Promise<void>;
  readonly onChange: () => void;
};

export type AccessToken = {
  readonly accessToken: string;
  readonly grantedScopes: readonly string[];
  readonly expiresAt?: string | undefined;
};

export type Identity = {
  state(): IdentityState;
  /** How the person is called in the approval window. */
  personLabel(): string | undefined;
  /** Resolves also when the person did not go through with it; `state` says which. @throws AppError */
  signIn(): Promise<void>;
  cancelSignIn(): void;
  /** Ends it here at once, then at the issuer as far as it can be reached. */
  signOut(reason?: string): Promise<void>;
  /** Good for at least half a minute; undefined when nobody is signed in. @throws AppError when it cannot be renewed now */
  accessToken(): Promise<AccessToken | undefined>;
  /** Scopes the issuer granted at the last sign-in without being asked (OA-27). */
  unaskedScopes(): readonly string[];
};

type Held = OauthEntry & { readonly person: NonNullable<OauthEntry['person']> };

const entryId = 'sign-in';
const renewBeforeMs = 30_000;
const endedAtIssuer = 'Your sign-in has ended at the provider. Sign in again.';
const endings = {
  denied: 'The provider was told not to allow it. Nothing was granted.',
  cancelled: 'The sign-in was cancelled.',
  expired: 'The browser did not come back in time. Start again.',
} as const;

export function createIdentity(deps: IdentityDeps): Identity {
  let held = heldIn(deps.vault);
  let unasked: readonly string[] = [];
  let underWay: AbortController | undefined;
  let renewing: Promise<Held | undefined> | undefined;
  let state: IdentityState = held ? signedInState(held) : signedOutState(deps.vault.problem?.sentence);

  function become(next: IdentityState): void {
    state = next;
    deps.onChange();
  }

  /** Into the vault first: what only memory knows is lost in a crash, and with it the rotated refresh token (OA-21). */
  function hold(next: Held): void {
    deps.vault.put(next);
    held = next;
    become(signedInState(next));
  }

  function forget(reason?: string): Held | undefined {
    const ending = held;
    held = undefined;
    unasked = [];
    let said = reason;
    try {
      // Sign-ins to servers are their own; with none left nothing of the vault stays.
      if (deps.vault.entryIds().every((each) => each === entryId)) deps.vault.wipe();
      else deps.vault.remove(entryId);
    } catch {
      said =
        'Signed out, but the vault’s file could not be deleted. Delete the vault folder of the data folder yourself.';
    }
    become(signedOutState(said));
    return ending;
  }

  async function run(signal: AbortSignal): Promise<void> {
    const provider = await deps.provider();
    become({ status: 'signing-in', issuer: provider.issuer });
    const end = await signIn(provider, deps, signal);
    if (end.outcome !== 'signed-in') return become(held ? signedInState(held) : signedOutState(endings[end.outcome]));
    if (signal.aborted) {
      // SECURITY(OA-32): signed out or cancelled while the code was redeemed: what came is not kept, and ended as well.
      await endAtIssuer(provider, end.tokens, withoutBrowser(deps));
      return become(held ? signedInState(held) : signedOutState(endings.cancelled));
    }
    hold(heldFrom(end, provider, deps.nowMs()));
    unasked = end.unaskedScopes;
    await deps.audit('identity.signed-in', end.person.subject, end.issuer);
  }

  async function renew(before: Held, refreshToken: string): Promise<Held | undefined> {
    const provider = await deps.provider();
    if (provider.issuer !== before.issuer || provider.oauthClientId !== before.oauthClientId) {
      forget('The identity provider was changed. Sign in again.'); // SECURITY(OA-03): a token goes to its own issuer only
      return undefined;
    }
    const { grantedScopes } = before;
    const refreshed = await refreshTokens(provider, { refreshToken, grantedScopes }, deps);
    if (held !== before) {
      // signed out meanwhile: what came is not kept, and ended as well
      if (refreshed.outcome === 'refreshed') await endAtIssuer(provider, refreshed.tokens, withoutBrowser(deps));
      return undefined;
    }
    if (refreshed.outcome === 'ended') {
      forget(endedAtIssuer);
      await deps.audit('identity.signed-out', before.person.subject, before.issuer);
      return undefined;
    }
    const tokens = { ...before.tokens, ...refreshed.tokens };
    hold({ ...before, tokens, grantedScopes: [...refreshed.grantedScopes] });
    return held;
  }

  return {
    state: () => state,
    unaskedScopes: () => unasked,
    personLabel: () =>
      state.status === 'signed-in' ? (state.person.email ?? state.person.name ?? state.person.subject) : undefined,
    async signIn() {
      if (underWay) throw new AppError('identity.sign-in-failed', 'a sign-in is under way already');
      const abort = new AbortController();
      underWay = abort;
      try {
        await run(abort.signal);
      } catch (error) {
        const reason = error instanceof AppError ? error.userMessage : 'The sign-in did not complete.';
        become(held ? signedInState(held) : signedOutState(reason));
        throw error;
      } finally {
        underWay = undefined;
      }
    },
    cancelSignIn: () => underWay?.abort(),
    async signOut(reason) {
      underWay?.abort();
      const ending = forget(reason);
      if (!ending) return;
      const { person, issuer, oauthClientId, tokens } = ending;
      await deps.audit('identity.signed-out', person.subject, issuer);
      const byPerson = reason === undefined;
      const end = await endAtIssuer(
        { issuer, oauthClientId, scopes: [] },
        tokens,
        byPerson ? deps : withoutBrowser(deps),
      );
      if (!end.revoked && state.status === 'signed-out' && state.reason === undefined)
        become(signedOutState('Signed out here. The provider could not be told; its tokens end by themselves.'));
    },
    async accessToken() {
      if (!held || isFresh(held, deps.nowMs())) return accessTokenOf(held);
      const { refreshToken } = held.tokens;
      if (refreshToken === undefined) {
        forget('Your sign-in has run out. Sign in again.');
        return undefined;
      }
      // SECURITY(OA-20): whoever comes while one is under way waits for it; a second use of the token would end the grant.
      renewing ??= renew(held, refreshToken).finally(() => {
        renewing = undefined;
      });
      return accessTokenOf(await renewing);
    },
  };
}

function heldIn(vault: Vault): Held | undefined {
  const entry = vault.get(entryId);
  return entry?.kind === 'oauth' && entry.person !== undefined ? { ...entry, person: entry.person } : undefined;
}

function heldFrom(end: SignedIn, { oauthClientId }: IdentityProvider, nowMs: number): Held {
  return {
    kind: 'oauth',
    entryId,
    issuer: end.issuer,
    oauthClientId,
    tokens: end.tokens,
    grantedScopes: [...end.grantedScopes],
    person: end.person,
    obtainedAt: new Date(nowMs).toISOString(),
  };
}

function isFresh({ tokens: { expiresAt } }: Held, nowMs: number): boolean {
  return expiresAt === undefined || Date.parse(expiresAt) - nowMs > renewBeforeMs;
}

function accessTokenOf(from: Held | undefined): AccessToken | undefined {
  if (!from) return undefined;
  return { accessToken: from.tokens.accessToken, grantedScopes: from.grantedScopes, expiresAt: from.tokens.expiresAt };
}

function withoutBrowser(deps: SignInDeps): SignInDeps {
  return { ...deps, openExternal: () => Promise.reject(new Error('not now')) };
}

function signedInState({ person, issuer, grantedScopes, obtainedAt }: Held): IdentityState {
  const shown = Object.fromEntries(Object.entries(person).filter(([, value]) => value !== undefined));
  return {
    status: 'signed-in',
    person: { ...(shown as { subject: string }) },
    issuer,
    grantedScopes: [...grantedScopes],
    signedInAt: obtainedAt,
  };
}

function signedOutState(reason: string | undefined): IdentityState {
  return reason === undefined ? { status: 'signed-out' } : { status: 'signed-out', reason };
}
