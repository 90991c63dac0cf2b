/**
 * The bridge as the desktop runs it, with a person who is played: approves a write after a while, denies a deletion at
 * once. What is asked and answered goes into the same journal as what the upstream executes.
 *
 *   node agents-host.cjs DATA-FOLDER UPSTREAM-SCRIPT JOURNAL WAIT-MS
 */
import '../../mcp-bridge/process/web-crypto.ts';
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { createAuthority } from '../../main/authority/authority.ts';
import { readGrantFor } from '../../main/authority/read-grants.ts';
import { pairMcpClient, writeKeyFile } from '../../main/clients/pairing.ts';
import { startBridge } from '../../mcp-bridge/process/bridge.ts';

async function main([dataFolder = '', upstream = '', journal = '', waitMs]: readonly string[]): Promise<void> {
  const note = (event: string): void => appendFileSync(journal, `${JSON.stringify({ atMs: Date.now(), event })}\n`);
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
    servers: { office: { command: process.execPath, args: [upstream, journal] } },
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
        const { effect } = request.view;
        note(`asked ${effect}`);
        return new Promise((resolve) => {
          if (effect === 'delete') {
            note('denied delete');
            resolve({ outcome: 'denied', approvalId, reason: 'The person denied it.' });
            return;
          }
          const timer = setTimeout(() => {
            note(`approved ${effect}`);
            authority.rememberApproval(request);
            resolve({ outcome: 'approved', approvalId });
          }, Number(waitMs));
          signal.addEventListener('abort', () => {
            note(`withdrawn ${effect}`);
            clearTimeout(timer);
            resolve({ outcome: 'withdrawn', approvalId, reason: 'The caller left.' });
          });
        });
      },
    },
  });
  process.stdout.write(`${JSON.stringify({ port: bridge.port, mcpClientId: paired.mcpClientId })}\n`);
  process.once('SIGTERM', () => void bridge.close().finally(() => process.exit(0)));
}

void main(process.argv.slice(2));
