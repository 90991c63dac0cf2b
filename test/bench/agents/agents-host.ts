/**
 * The bridge as the desktop runs it, with a person who is played: approves a write after a while, denies a deletion.
 *
 *   node agents-host.cjs DATA-FOLDER UPSTREAM-SCRIPT UPSTREAM-LOG WAIT-MS
 */
import '../../../mcp-bridge/process/web-crypto.ts';
import { createHash } from 'node:crypto';
import { createAuthority } from '../../../main/authority/authority.ts';
import { readGrantFor } from '../../../main/authority/read-grants.ts';
import { pairMcpClient, writeKeyFile } from '../../../main/clients/pairing.ts';
import { startBridge } from '../../../mcp-bridge/process/bridge.ts';

async function main([dataFolder = '', upstream = '', log = '', waitMs]: readonly string[]): Promise<void> {
  const { paired, key } = pairMcpClient('Agent', [], Date.now());
  writeKeyFile(dataFolder, paired.mcpClientId, key);
  const authority = createAuthority(
    {
      nowMs: () => Date.now(),
      monotonicMs: () => performance.now(),
      publish: async () => {},
      audit: async () => {},
      auditSoon: async () => {},
      onChange: () => {},
    },
    { guardrails: [], effectPins: [] },
  );
  await authority.replaceReadGrants([readGrantFor(paired.mcpClientId, 'office', paired.pairedAt)]);
  const bridge = await startBridge({
    dataFolder,
    port: 0,
    servers: { office: { command: process.execPath, args: [upstream, '--log', log] } },
    mcpClients: [
      { mcpClientId: paired.mcpClientId, name: paired.name, keyHash: createHash('sha256').update(key).digest('hex') },
    ],
    review: 'first-use',
    version: '0.0.0',
    authority: {
      snapshot: () => authority.snapshot(),
      release: async (claim) => authority.release(claim),
      ask(request, signal) {
        const { approvalId } = request;
        return new Promise((resolve) => {
          signal.addEventListener('abort', () =>
            resolve({ outcome: 'withdrawn', approvalId, reason: 'The caller left.' }),
          );
          if (request.view.effect === 'delete') {
            resolve({ outcome: 'denied', approvalId, reason: 'The person denied it.' });
            return;
          }
          setTimeout(() => {
            authority.rememberApproval(request);
            resolve({ outcome: 'approved', approvalId });
          }, Number(waitMs));
        });
      },
    },
  });
  process.stdout.write(`${JSON.stringify({ port: bridge.port, mcpClientId: paired.mcpClientId })}\n`);
  process.once('SIGTERM', () => void bridge.close().finally(() => process.exit(0)));
}

void main(process.argv.slice(2));
