/**
 * An MCP client for the official suite's scenarios of MCP authorization, made of the product's own parts: the bridge's
 * upstream side, and main's sign-in with a browser that does what the suite's authorization server redirects it to.
 *
 *   MCP_CONFORMANCE_CONTEXT='{"client_id":"…"}' node sign-in-client.cjs URL
 */
import '../../../mcp-bridge/process/web-crypto.ts';
import { createUpstreamSignIns } from '../../../main/upstream-sign-in/upstream-sign-ins.ts';
import { openVault } from '../../../main/vault/vault.ts';
import { UpstreamManager } from '../../../mcp-bridge/upstream/manager.ts';
import { memoryPinStore } from '../../../mcp-bridge/upstream/pin-store.ts';
import { parseServerConfigs } from '../../../mcp-bridge/upstream/server-config.ts';

const url = process.argv.at(-1) ?? '';
const serverId = 'suite';
const context = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as {
  readonly client_id?: string;
  readonly client_secret?: string;
};
const noKeychain = {
  isEncryptionAvailable: () => false,
  encryptString: () => Buffer.alloc(0),
  decryptString: () => '',
};
/** A person who gives in to everything gives in this often. */
const mostSignIns = 3;

async function main(): Promise<void> {
  const signIns = createUpstreamSignIns({
    vault: openVault('', noKeychain, 'linux'),
    nowMs: Date.now,
    // Not waited for: the page stays open until the sign-in has ended.
    openExternal: async (address) => void fetch(address).catch(() => {}),
    server: () => ({
      serverId,
      url,
      allowPrivateNetwork: false,
      oauthClientId: context.client_id,
      oauthClientSecret: context.client_secret,
    }),
    need: () => {
      const need = manager.status()[0]?.signIn;
      return need && { ...need, authorizationServers: [...need.authorizationServers], scopes: [...need.scopes] };
    },
    tellBridge: () => manager.signInChanged(serverId),
    bindOauthClient: () => {},
    audit: async () => {},
    onChange: () => {},
  });
  const manager = new UpstreamManager({
    bridge: { name: 'countersign', version: '0.0.0', title: 'Countersign' },
    review: 'first-use',
    pinStore: memoryPinStore(),
    accessTokens: (id, { refused }) => signIns.accessToken(id, refused),
  });
  await manager.start(parseServerConfigs({ [serverId]: { url } }));
  const call = async (): Promise<void> => {
    const [tool] = manager.catalogue.listTools(serverId);
    if (tool === undefined) return;
    const params = { name: tool.definition.name, arguments: {} };
    const outcome = await manager.request({
      serverId,
      method: 'tools/call',
      params,
      signal: new AbortController().signal,
    });
    console.log(JSON.stringify(outcome));
  };
  await call();
  for (let signInsDone = 0; signInsDone < mostSignIns; signInsDone += 1) {
    const [place] = manager.status()[0]?.signIn?.authorizationServers ?? [];
    if (place === undefined) break;
    await signIns.signIn(serverId, place);
    await call();
  }
  console.log(JSON.stringify(manager.status()));
  await manager.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
