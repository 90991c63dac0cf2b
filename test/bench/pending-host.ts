/**
 * The bridge with an authority that never answers, so that what needs a person waits:
 *
 *   node pending-host.cjs DATA-FOLDER UPSTREAM-URL MCP-CLIENTS
 */
import '../../mcp-bridge/process/web-crypto.ts';
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startBridge } from '../../mcp-bridge/process/bridge.ts';
import { createHeadlessAuthority } from '../../mcp-bridge/process/headless-authority.ts';

async function main([dataFolder = '', url, howMany]: readonly string[]): Promise<void> {
  const mcpClients = Array.from({ length: Number(howMany) }, (_, index) => {
    const key = `cs_${randomBytes(32).toString('base64url')}`;
    const keyHash = createHash('sha256').update(key, 'utf8').digest('hex');
    return { key, record: { mcpClientId: `reader-${index}`, name: `Reader ${index}`, keyHash } };
  });
  const records = mcpClients.map(({ record }) => record);
  const headless = createHeadlessAuthority({
    approvals: 'deny',
    mcpClientIds: records.map(({ mcpClientId }) => mcpClientId),
    serverIds: ['http'],
    guardrails: [],
  });
  let waiting = 0;
  const bridge = await startBridge({
    dataFolder,
    port: 0,
    servers: { http: { url, trusted: true } },
    mcpClients: records,
    review: 'first-use',
    version: '0.0.0',
    authority: {
      ...headless,
      ask: ({ approvalId }, signal) => {
        waiting += 1;
        return new Promise((resolve) => {
          signal.addEventListener('abort', () =>
            resolve({ outcome: 'withdrawn', approvalId, reason: 'The caller left.' }),
          );
        });
      },
    },
  });
  const status = createServer((_incoming, outgoing) => outgoing.end(JSON.stringify({ waiting })));
  status.listen(0, '127.0.0.1', () => {
    const { port } = status.address() as AddressInfo;
    const ready = { url: bridge.url, statusUrl: `http://127.0.0.1:${port}/`, keys: mcpClients.map(({ key }) => key) };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
  });
  process.once('SIGTERM', () => void bridge.close().finally(() => process.exit(0)));
}

void main(process.argv.slice(2));
