/**
 * A person's workplace for end-to-end tests: the app with three real servers and one paired AI client, set up through
 * the dashboard's own channels because the walkthrough already goes through its pages.
 */
import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { DashboardState } from '../../main/ipc/dashboard-state.ts';
import type { DashboardApi } from '../../main/ipc/surface-api.ts';
import { repositoryRoot } from '../../main/launch/places.mjs';
import { makeScene, type Scene } from '../walkthrough/scene.ts';
import { type Desktop, isShown, openDesktop, until } from './desktop.ts';

export type Answer = { readonly isError: boolean; readonly text: string };

export type Workplace = {
  readonly scene: Scene;
  readonly desktop: Desktop;
  readonly url: string;
  readonly key: string;
  readonly mcpClient: Client;
  call(tool: string, toolArguments: Record<string, unknown>, signal?: AbortSignal): Promise<Answer>;
  commit(message: string, signal?: AbortSignal): Promise<Answer>;
  commits(): number;
  state(): Promise<DashboardState>;
  windowShown(): Promise<void>;
  close(): Promise<void>;
};

const modules = path.join(repositoryRoot, 'node_modules');
const entry = (...parts: string[]): string => path.join(modules, ...parts, 'dist', 'index.js');

export async function openWorkplace(environment: Readonly<Record<string, string>> = {}): Promise<Workplace> {
  const scene = makeScene();
  scene.stage('src/retry.ts', 'export const attempts = 12;\n');
  const desktop = await openDesktop({
    dataFolder: scene.dataFolder,
    environment: { COUNTERSIGN_BRIDGE_PORT: '0', ...environment },
  });
  const { dashboard } = desktop;
  await until('the bridge is ready', async () => (await stateOf(desktop)).bridge.state === 'ready', 30_000);
  const servers = {
    files: { command: process.execPath, args: [entry('@modelcontextprotocol', 'server-filesystem'), scene.notes] },
    git: {
      command: process.execPath,
      args: [entry('@cyanheads', 'git-mcp-server')],
      env: { MCP_TRANSPORT_TYPE: 'stdio', MCP_LOG_LEVEL: 'error' },
    },
    memory: {
      command: process.execPath,
      args: [entry('@modelcontextprotocol', 'server-memory')],
      env: { MEMORY_FILE_PATH: scene.knowledgeFile },
    },
  };
  for (const [serverId, server] of Object.entries(servers)) {
    await dashboard.evaluate((given) => api().call['servers:add'](given), { serverId, ...server });
  }
  await acceptAll(desktop);
  const reply = await dashboard.evaluate(() => api().call['mcp-clients:pair']({ name: 'Claude Code' }));
  if (!reply.ok) throw new Error(reply.message);
  const { key, url } = reply.value;
  const mcpClient = await connect(url, key);

  async function call(tool: string, toolArguments: Record<string, unknown>, signal?: AbortSignal): Promise<Answer> {
    const options = { timeout: 60_000, ...(signal === undefined ? {} : { signal }) };
    const result = await mcpClient.callTool({ name: tool, arguments: toolArguments }, undefined, options);
    const content = (result['content'] ?? []) as readonly { readonly type: string; readonly text?: string }[];
    return { isError: result['isError'] === true, text: content.map((part) => part.text ?? '').join('\n') };
  }

  return {
    scene,
    desktop,
    url,
    key,
    mcpClient,
    call,
    commit: (message, signal) => call('git__git_commit', { path: scene.repository, message }, signal),
    commits: () => Number(scene.git('rev-list', '--count', 'HEAD')),
    state: () => stateOf(desktop),
    windowShown: async () => void (await until('the approval window', () => isShown(desktop, 'approval'))),
    async close() {
      await mcpClient.close().catch(() => {});
      await desktop.close();
      scene.remove();
    },
  };
}

export async function connect(url: string, key: string): Promise<Client> {
  const mcpClient = new Client({ name: 'e2e', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { Authorization: `Bearer ${key}` } },
  });
  await mcpClient.connect(transport as Parameters<typeof mcpClient.connect>[0]);
  return mcpClient;
}

/** Inside the page; Playwright sends functions as text, so it must stand alone. */
declare function api(): DashboardApi;

export async function stateOf({ dashboard }: Desktop): Promise<DashboardState> {
  await dashboard.evaluate(() => {
    (window as unknown as { api: unknown }).api = () => (window as unknown as { countersign: unknown }).countersign;
  });
  const reply = await dashboard.evaluate(() => api().call['dashboard:state']({}));
  if (!reply.ok) throw new Error(reply.message);
  return reply.value;
}

async function acceptAll(desktop: Desktop): Promise<void> {
  const state = await until('the tools are listed', async () => {
    const now = await stateOf(desktop);
    return now.servers.length === 3 && now.servers.every((server) => server.tools.length > 0) ? now : undefined;
  });
  for (const { serverId, tools } of state.servers) {
    const accepted = tools.map(({ name: toolName, definitionHash }) => ({ toolName, definitionHash }));
    await desktop.dashboard.evaluate((given) => api().call['servers:accept-tools'](given), {
      serverId,
      tools: accepted,
    });
  }
}
