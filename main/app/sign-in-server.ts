/** A configured server as something to sign in to, and the secret of an OAuth client that the person registered for it. */
import { z } from 'zod';
import type { Settings } from '../authority/settings-store.ts';
import type { SignInServer } from '../upstream-sign-in/places.ts';
import type { Vault } from '../vault/vault.ts';

/** The part of an `mcpServers` entry that a sign-in depends on; the bridge has judged the whole of it. */
const configured = z.object({
  url: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  allowPrivateNetwork: z.boolean().default(false),
  auth: z
    .union([z.literal(false), z.object({ clientId: z.string().optional(), scopes: z.array(z.string()).optional() })])
    .default({}),
});

/** Undefined: there is none, it is a program, or the person gave it a credential already. */
export function signInServer({ servers }: Settings, vault: Vault, serverId: string): SignInServer | undefined {
  const entry = Object.hasOwn(servers, serverId) ? servers[serverId] : undefined;
  const parsed = configured.safeParse(entry?.server);
  if (!parsed.success || parsed.data.auth === false) return undefined;
  const { url, headers, allowPrivateNetwork, auth } = parsed.data;
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')) return undefined;
  const secret = vault.get(secretEntryId(serverId));
  const issuer = vault.get(issuerEntryId(serverId));
  return {
    serverId,
    url,
    allowPrivateNetwork,
    oauthClientId: auth.clientId,
    oauthClientSecret: secret?.kind === 'secret' ? secret.value : undefined,
    oauthClientIssuer: issuer?.kind === 'secret' ? issuer.value : undefined,
    scopes: auth.scopes,
  };
}

const secretEntryId = (serverId: string): string => `oauth client secret of server ${serverId}`;
/** Beside the secret, so that what says where it may go is kept, and lost, as safely as it is. */
const issuerEntryId = (serverId: string): string => `oauth client issuer of server ${serverId}`;

/** The first issuer that takes an OAuth client is the only one from then on. @throws AppError 'vault.unavailable' */
export function bindOauthClient(vault: Vault, serverId: string, issuer: string): void {
  const entryId = issuerEntryId(serverId);
  if (vault.get(entryId) === undefined) vault.put({ kind: 'secret', entryId, value: issuer });
}

/** In the vault before the server is added, and gone again when it is not. */
export async function withClientSecret(
  vault: Vault,
  serverId: string,
  secret: string | undefined,
  add: () => Promise<void>,
): Promise<void> {
  vault.remove(issuerEntryId(serverId)); // of an earlier server of this name
  if (secret === undefined) return add();
  const entryId = secretEntryId(serverId);
  const before = vault.get(entryId);
  vault.put({ kind: 'secret', entryId, value: secret });
  try {
    await add();
  } catch (error) {
    if (before === undefined) vault.remove(entryId);
    else vault.put(before);
    throw error;
  }
}

/** A vault that cannot be written keeps no server from being removed; what is left in it belongs to nothing then. */
export function forgetClientSecret(vault: Vault, serverId: string): void {
  try {
    vault.remove(secretEntryId(serverId));
    vault.remove(issuerEntryId(serverId));
  } catch {
    // The next server of this name overwrites it, or has no OAuth client and never looks.
  }
}
