/** An identity with a vault of its own, put together as the app does, and everything it did written down. */
import { demoResource } from '../../main/identity/demo-provider-configuration.ts';
import type { DemoProvider } from '../../main/identity/demo-provider-process.ts';
import { createIdentity, type Identity, type IdentityState } from '../../main/identity/identity.ts';
import type { IdentityProvider } from '../../main/identity/sign-in.ts';
import type { KeychainCipher } from '../../main/vault/key-store.ts';
import { openVault } from '../../main/vault/vault.ts';

export const askedScopes = ['openid', 'profile', 'email', 'offline_access', 'tools:read'];

export type Desk = {
  readonly identity: Identity;
  readonly states: IdentityState[];
  readonly audited: string[];
  readonly opened: string[];
  readonly clock: { ms: number };
  /** Read from the vault's file, as the next start would. */
  storedRefreshToken(): string | undefined;
};

export type DeskOptions = {
  readonly folder: string;
  readonly cipher: KeychainCipher;
  readonly provider: () => Pick<DemoProvider, 'issuer' | 'oauthClientId'>;
  readonly onOpen: (address: string) => unknown;
};

export function openDesk({ folder, cipher, provider, onOpen }: DeskOptions): Desk {
  const [states, audited, opened] = [[], [], []] as [IdentityState[], string[], string[]];
  const clock = { ms: Date.now() };
  const identity: Identity = createIdentity({
    vault: openVault(folder, cipher, 'linux'),
    nowMs: () => clock.ms,
    provider: async (): Promise<IdentityProvider> => {
      const { issuer, oauthClientId } = provider();
      return { issuer, oauthClientId, resource: demoResource, scopes: askedScopes };
    },
    openExternal: async (address) => {
      opened.push(address);
      void onOpen(address);
    },
    audit: async (kind, subject) => void audited.push(`${kind} ${subject}`),
    onChange: () => void states.push(identity.state()),
  });
  const storedRefreshToken = (): string | undefined => {
    const entry = openVault(folder, cipher, 'linux').get('sign-in');
    return entry?.kind === 'oauth' ? entry.tokens.refreshToken : undefined;
  };
  return { identity, states, audited, opened, clock, storedRefreshToken };
}

/** What a thief or a second window would send. */
export function redeem(issuer: string, parameters: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(parameters) });
}
