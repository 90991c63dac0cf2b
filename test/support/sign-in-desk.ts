/** The bridge's upstreams and main's sign-ins put together as the app does, with everything that happened written down. */
import { onTestFinished } from 'vitest';
import type { SignInServer } from '../../main/upstream-sign-in/places.ts';
import { createUpstreamSignIns, type UpstreamSignIns } from '../../main/upstream-sign-in/upstream-sign-ins.ts';
import type { KeychainCipher } from '../../main/vault/key-store.ts';
import { openVault, type Vault } from '../../main/vault/vault.ts';
import type { UpstreamManager } from '../../mcp-bridge/upstream/manager.ts';
import type { UpstreamStatus } from '../../mcp-bridge/upstream/upstream-status.ts';
import { fetchBrowser } from './oidc-fetch-browser.ts';
import { startManager } from './upstream-fixture.ts';
import { fakeKeychain, temporaryFolder } from './vault-fixtures.ts';

export type SignInDesk = {
  readonly manager: UpstreamManager;
  readonly signIns: UpstreamSignIns;
  readonly vault: Vault;
  /** Addresses that the browser was opened at. */
  readonly opened: string[];
  readonly audited: string[];
  /** Every token that the bridge was handed. */
  readonly handedOut: string[];
  readonly clock: { ms: number };
  /** As settings hold it; replace it, or delete it, as the person would. */
  readonly servers: Map<string, SignInServer>;
  status(serverId?: string): UpstreamStatus | undefined;
};

export type SignInDeskOptions = {
  readonly url: string;
  readonly server?: Partial<SignInServer>;
  /** What the person does in the browser; by default signs in and allows. */
  readonly onOpen?: (address: string) => unknown;
  readonly folder?: string;
  readonly cipher?: KeychainCipher;
};

export async function openSignInDesk({ url, server, onOpen, folder, cipher }: SignInDeskOptions): Promise<SignInDesk> {
  const own = folder === undefined ? temporaryFolder() : undefined;
  if (own) onTestFinished(() => own.remove());
  const vault = openVault(folder ?? own?.path ?? '', cipher ?? fakeKeychain(), 'linux');
  const [opened, audited, handedOut] = [[], [], []] as [string[], string[], string[]];
  const clock = { ms: Date.now() };
  const servers = new Map([['notes', { serverId: 'notes', url, allowPrivateNetwork: false, ...server }]]);
  const status = (serverId = 'notes') => manager?.status().find((each) => each.serverId === serverId);
  let manager: UpstreamManager | undefined;
  const signIns = createUpstreamSignIns({
    vault,
    nowMs: () => clock.ms,
    openExternal: async (address) => {
      opened.push(address);
      void (onOpen ?? ((at: string) => fetchBrowser().signIn(at)))(address);
    },
    server: (serverId) => servers.get(serverId),
    need: (serverId) => {
      const need = status(serverId)?.signIn;
      return need && { ...need, authorizationServers: [...need.authorizationServers], scopes: [...need.scopes] };
    },
    tellBridge: async (serverId) => manager?.signInChanged(serverId),
    bindOauthClient: (serverId, issuer) => {
      const known = servers.get(serverId);
      if (known) servers.set(serverId, { ...known, oauthClientIssuer: issuer });
    },
    audit: async (kind, serverId) => void audited.push(`${kind} ${serverId}`),
    onChange: () => {},
  });
  manager = await startManager(
    { notes: { url } },
    {
      accessTokens: async (serverId, { refused }) => {
        const token = await signIns.accessToken(serverId, refused);
        if (token !== undefined) handedOut.push(token.value);
        return token;
      },
    },
  );
  return { manager, signIns, vault, opened, audited, handedOut, clock, servers, status };
}
