/**
 * Who is signed in. One sign-in at a time; tokens go into the vault and nowhere else (I5); what the dashboard sees is
 * who, where and which scopes.
 */
import { z } from 'zod';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import type { DashboardState } from '../ipc/dashboard-state.ts';
import type { Vault } from '../vault/vault.ts';
import { type IdentityProvider, type SignedIn, type SignInDeps, signIn } from './sign-in.ts';
import { revokeTokens } from './sign-out.ts';

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

const kept = z.strictObject({
  person: z.strictObject({ subject: z.string(), name: z.string().optional(), email: z.string().optional() }),
  issuer: z.string(),
  oauthClientId: z.string(),
  grantedScopes: z.array(z.string()),
  signedInAt: z.iso.datetime(),
  tokens: z.strictObject({
    accessToken: z.string(),
    refreshToken: z.string().optional(),
    idToken: z.string().optional(),
    expiresAt: z.string().optional(),
  }),
});
type Kept = z.infer<typeof kept>;

export type Identity = {
  state(): IdentityState;
  /** How the person is called in the approval window. */
  personLabel(): string | undefined;
  signIn(): Promise<void>;
  cancelSignIn(): void;
  signOut(reason?: string): Promise<void>;
};

export function createIdentity(deps: IdentityDeps): Identity {
  let held = readKept(deps.vault);
  let underWay: AbortController | undefined;
  let state: IdentityState = held ? signedInState(held) : { status: 'signed-out' };

  function become(next: IdentityState): void {
    state = next;
    deps.onChange();
  }

  async function run(abort: AbortController): Promise<void> {
    const provider = await deps.provider();
    become({ status: 'signing-in', issuer: provider.issuer });
    const result = await signIn(provider, deps, abort.signal);
    held = keptFrom(result, provider, deps.nowMs());
    deps.vault.put(JSON.stringify(held));
    await deps.audit('identity.signed-in', held.person.subject, held.issuer);
    become(signedInState(held));
  }

  return {
    state: () => state,
    personLabel: () =>
      state.status === 'signed-in' ? (state.person.email ?? state.person.name ?? state.person.subject) : undefined,
    async signIn() {
      if (underWay) throw new AppError('identity.sign-in-failed', 'a sign-in is under way already');
      const abort = new AbortController();
      underWay = abort;
      try {
        await run(abort);
      } catch (error) {
        const reason = error instanceof AppError ? error.userMessage : 'The sign-in did not complete.';
        become(
          held
            ? signedInState(held)
            : { status: 'signed-out', reason: abort.signal.aborted ? 'The sign-in was cancelled.' : reason },
        );
        if (!abort.signal.aborted) throw error;
      } finally {
        underWay = undefined;
      }
    },
    cancelSignIn: () => underWay?.abort(),
    async signOut(reason) {
      const ending = held;
      held = undefined;
      deps.vault.wipe();
      become(reason === undefined ? { status: 'signed-out' } : { status: 'signed-out', reason });
      if (!ending) return;
      await deps.audit('identity.signed-out', ending.person.subject, ending.issuer);
      const { issuer, oauthClientId } = ending;
      const revoked = await revokeTokens({ issuer, oauthClientId, scopes: [] }, ending.tokens);
      if (!revoked)
        become({
          status: 'signed-out',
          reason: 'Signed out here. The provider could not be told; its tokens end by themselves.',
        });
    },
  };
}

function readKept(vault: Vault): Kept | undefined {
  const text = vault.get();
  if (text === undefined) return undefined;
  try {
    return kept.parse(JSON.parse(text));
  } catch {
    vault.wipe();
    return undefined;
  }
}

function keptFrom(result: SignedIn, provider: IdentityProvider, nowMs: number): Kept {
  return kept.parse({
    person: withoutUndefined(result.person),
    issuer: result.issuer,
    oauthClientId: provider.oauthClientId,
    grantedScopes: result.grantedScopes,
    signedInAt: new Date(nowMs).toISOString(),
    tokens: withoutUndefined(result.tokens),
  });
}

function signedInState({ person, issuer, grantedScopes, signedInAt }: Kept): IdentityState {
  return { status: 'signed-in', person: withoutUndefined(person), issuer, grantedScopes, signedInAt } as IdentityState;
}

function withoutUndefined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value;
}
