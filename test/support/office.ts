/** The whole bridge in this process, in front of one real upstream, with an authority that the test plays. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { createAuthority } from '../../main/authority/authority.ts';
import { readGrantFor } from '../../main/authority/read-grants.ts';
import { repositoryRoot } from '../../main/launch/places.mjs';
import type { ApprovalAnswer, ApprovalRequest } from '../../mcp-bridge/core/approval/approval-request.ts';
import type { AuditEvent } from '../../mcp-bridge/core/audit/record.ts';
import type { AuthorityPort } from '../../mcp-bridge/pipeline/ports.ts';
import { type Bridge, startBridge } from '../../mcp-bridge/process/bridge.ts';

export type Asked = {
  readonly request: ApprovalRequest;
  readonly signal: AbortSignal;
  approve(): void;
  deny(): void;
};

export type Office = {
  readonly bridge: Bridge;
  readonly mcpClient: Client;
  readonly url: string;
  readonly key: string;
  readonly asked: Asked[];
  readonly authority: ReturnType<typeof createAuthority>;
  /** Every line the upstream executed: tool and the arguments it received. */
  executed(): readonly { readonly executed: string; readonly arguments: string }[];
  events(): readonly AuditEvent[];
  call(
    tool: string,
    toolArguments?: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<{ isError: boolean; text: string }>;
  nextAsked(count?: number): Promise<Asked>;
  close(): Promise<void>;
};

export type OfficeOptions = {
  readonly upstreamArgs?: readonly string[];
  /** Variables that the configuration gives the upstream. */
  readonly env?: { readonly [name: string]: string };
  readonly dataFolder?: string;
};

export async function openOffice({ upstreamArgs = [], env = {}, dataFolder }: OfficeOptions = {}): Promise<Office> {
  const folder = dataFolder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-office-'));
  const log = path.join(folder, 'uplog.jsonl');
  const key = `cs_${'k'.repeat(43)}`;
  const asked: Asked[] = [];
  const authority = createAuthority(
    {
      nowMs: () => Date.now(),
      monotonicMs: () => performance.now(),
      publish: async () => {},
      audit: async (event) => bridge.ledger.append(event),
      auditSoon: async (event) => bridge.ledger.append(event),
      onChange: () => {},
    },
    { guardrails: [], effectPins: [] },
  );
  const port: AuthorityPort = {
    snapshot: () => authority.snapshot(),
    release: async (claim) => authority.release(claim),
    ask: (request, signal) =>
      new Promise((resolve) => {
        const { approvalId } = request;
        const answer = (given: ApprovalAnswer): void => resolve(given);
        asked.push({
          request,
          signal,
          approve() {
            authority.rememberApproval(request);
            answer({ outcome: 'approved', approvalId });
          },
          deny: () => answer({ outcome: 'denied', approvalId, reason: 'The person denied it.' }),
        });
      }),
  };
  const bridge = await startBridge({
    dataFolder: folder,
    port: 0,
    servers: {
      office: {
        command: process.execPath,
        args: [path.join(repositoryRoot, 'test/support/office-upstream.mjs'), '--log', log, ...upstreamArgs],
        env,
      },
    },
    mcpClients: [{ mcpClientId: 'ai', name: 'AI', keyHash: createHash('sha256').update(key).digest('hex') }],
    review: 'first-use',
    authority: port,
    version: '0.0.0',
  });
  await authority.replaceReadGrants([readGrantFor('ai', 'office', '2026-01-01T00:00:00.000Z')]);
  const mcpClient = await connectTo(bridge.url, key);
  return {
    bridge,
    mcpClient,
    url: bridge.url,
    key,
    asked,
    authority,
    executed: () =>
      fs.existsSync(log)
        ? fs
            .readFileSync(log, 'utf8')
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line))
        : [],
    events: () =>
      bridge.ledger
        .query({ limit: 1000 })
        .records.map(({ event }) => event)
        .reverse(),
    async call(tool, toolArguments = {}, signal) {
      const options = signal === undefined ? {} : { signal };
      const result = await mcpClient.callTool(
        { name: `office__${tool}`, arguments: toolArguments },
        undefined,
        options,
      );
      const [part] = result['content'] as { text: string }[];
      return { isError: result['isError'] === true, text: part?.text ?? '' };
    },
    async nextAsked(count = 1) {
      for (let tries = 0; asked.length < count; tries += 1) {
        if (tries > 500) throw new Error('nobody was asked');
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return asked[count - 1] as Asked;
    },
    async close() {
      await mcpClient.close().catch(() => {});
      await bridge.close();
      if (dataFolder === undefined) fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function connectTo(url: string, key: string): Promise<Client> {
  const mcpClient = new Client({ name: 'test', version: '1' });
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { Authorization: `Bearer ${key}` } },
  });
  await mcpClient.connect(transport as Parameters<typeof mcpClient.connect>[0]);
  return mcpClient;
}
