/**
 * AI clients that other people wrote, in front of a whole bridge with a real upstream: what each has to manage is the
 * same, whatever its transport and era.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { writeKeyFile } from '../../main/clients/pairing.ts';
import { inspectorProgram } from '../../main/launch/inspector.mjs';
import { newerNode } from '../../main/launch/newer-node.mjs';
import { repositoryRoot } from '../../main/launch/places.mjs';
import { type Asked, type Office, openOffice } from './office.ts';

export type PeerOffice = Office & { readonly dataFolder: string };

/** All servers under one endpoint, or one server with its names unchanged. */
export type Endpoint = 'all' | 'office';

const upstreamTools = [
  'read_note',
  'create_note',
  'update_note',
  'delete_note',
  'git_commit',
  'delete_all_notes',
  'get_note_history',
];

const named = (endpoint: Endpoint, names: readonly string[]): readonly string[] =>
  names.map((name) => (endpoint === 'all' ? `office__${name}` : name));

export const urlOf = ({ url }: Office, endpoint: Endpoint): string => (endpoint === 'all' ? url : `${url}/${endpoint}`);

/** For system Node: `countersign stdio`, as `countersign connect` writes it into an AI client's configuration. */
export function shimArgs({ dataFolder }: PeerOffice, endpoint: Endpoint): string[] {
  const cli = join(repositoryRoot, 'dist/mcp-bridge/cli.js');
  const server = endpoint === 'all' ? [] : ['--server', endpoint];
  return [cli, 'stdio', '--client', 'ai', ...server, '--data-dir', dataFolder];
}

export async function openPeerOffice(): Promise<PeerOffice> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'countersign-peer-'));
  onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }));
  const office = await openOffice({ dataFolder, upstreamArgs: ['--library'] });
  onTestFinished(() => office.close());
  writeKeyFile(dataFolder, 'ai', office.key);
  return { ...office, dataFolder };
}

export type Called = { readonly isError: boolean; readonly text: string };

/** One AI client, by what it shows of each answer. */
export type Peer = {
  tools(): Promise<readonly string[]>;
  call(tool: string, toolArguments: Readonly<Record<string, unknown>>): Promise<Called>;
  resources(): Promise<readonly string[]>;
  prompts(): Promise<readonly string[]>;
};

export type Story = {
  readonly tools: readonly string[];
  readonly read: Called;
  readonly approved: Called;
  readonly denied: Called;
  readonly resources: readonly string[];
  readonly prompts: readonly string[];
};

/** What everyone is to see; the upstream's own log says whether it is true. */
export const expectedStory = (endpoint: Endpoint): Story => ({
  tools: [
    ...(endpoint === 'all' ? ['countersign__permissions', 'countersign__request_permissions'] : []),
    ...named(endpoint, upstreamTools),
  ],
  read: { isError: false, text: 'done: read_note' },
  approved: { isError: false, text: 'done: create_note' },
  denied: { isError: true, text: 'Denied. The person denied it. Nothing was done.' },
  resources: ['note://1'],
  prompts: named(endpoint, ['summarise']),
});

/** What the upstream is to have executed, with the bytes it received. */
export const expectedLog = [
  { executed: 'read_note', arguments: '{"name":"one"}' },
  { executed: 'create_note', arguments: '{"name":"two","text":"ü"}' },
];

/** However long the AI client takes to start: only an answer that nobody was asked for ends the waiting. */
async function asked(office: PeerOffice, count: number, call: Promise<Called>): Promise<Asked> {
  let answered: string | undefined;
  call.then(
    ({ text }) => {
      answered = text;
    },
    (error: unknown) => {
      answered = String(error);
    },
  );
  while (office.asked.length < count) {
    if (answered !== undefined) throw new Error(`nobody was asked: ${answered}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return office.asked[count - 1] as Asked;
}

/** Lists, reads, writes with the person's yes, deletes against the person's no. */
export async function playStory(peer: Peer, office: PeerOffice, endpoint: Endpoint): Promise<Story> {
  const [read, create, remove] = named(endpoint, ['read_note', 'create_note', 'delete_note']);
  const tools = await peer.tools();
  const wasRead = await peer.call(String(read), { name: 'one' });
  const creating = peer.call(String(create), { name: 'two', text: 'ü' });
  (await asked(office, 1, creating)).approve();
  const approved = await creating;
  const deleting = peer.call(String(remove), { name: 'one' });
  (await asked(office, 2, deleting)).deny();
  const denied = await deleting;
  return { tools, read: wasRead, approved, denied, resources: await peer.resources(), prompts: await peer.prompts() };
}

/** What the two SDKs' clients have in common. */
export type SdkClient = {
  listTools(): Promise<{ readonly tools: readonly { readonly name: string }[] }>;
  callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  listResources(): Promise<{ readonly resources: readonly { readonly uri: string }[] }>;
  listPrompts(): Promise<{ readonly prompts: readonly { readonly name: string }[] }>;
};

export const sdkPeer = (mcpClient: SdkClient): Peer => ({
  tools: async () => (await mcpClient.listTools()).tools.map(({ name }) => name),
  async call(name, toolArguments) {
    const result = await mcpClient.callTool({ name, arguments: { ...toolArguments } });
    const { content, isError } = result as { content: readonly { text: string }[]; isError?: boolean };
    return { isError: isError === true, text: content.map(({ text }) => text).join('\n') };
  },
  resources: async () => (await mcpClient.listResources()).resources.map(({ uri }) => uri),
  prompts: async () => (await mcpClient.listPrompts()).prompts.map(({ name }) => name),
});

/**
 * MCP Inspector's command line: a process, a connection and a method each time.
 * @param target its options that say where the bridge is
 */
export function inspectorPeer(target: readonly string[]): Peer {
  const home = mkdtempSync(join(tmpdir(), 'countersign-inspector-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const env = { PATH: process.env['PATH'] ?? '', HOME: home };
  const ask = (method: string, ...more: readonly string[]): Promise<unknown> => {
    const args = [inspectorProgram(), '--cli', ...target, '--method', method, '--format', 'json', ...more];
    return new Promise((resolve, reject) => {
      // Its exit status 5 says that the tool's result is an error; the result is on stdout all the same.
      execFile(newerNode(), args, { env, timeout: 25_000 }, (error, stdout, stderr) => {
        const answer = stdout.startsWith('{') ? (JSON.parse(stdout) as { result?: unknown }) : {};
        if (answer.result !== undefined) resolve(answer.result);
        else reject(new Error(`${method} ended with ${error?.code}:\n${stdout}${stderr}`));
      });
    });
  };
  return sdkPeer({
    listTools: () => ask('tools/list') as ReturnType<SdkClient['listTools']>,
    callTool: ({ name, arguments: given }) =>
      ask('tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(given)),
    listResources: () => ask('resources/list') as ReturnType<SdkClient['listResources']>,
    listPrompts: () => ask('prompts/list') as ReturnType<SdkClient['listPrompts']>,
  });
}
