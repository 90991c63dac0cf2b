/**
 * A real server of the HTTP+SSE transport in this process, on the official SDK: what reaches it, it writes down itself.
 * It can be ended and started again at the same address, and can break its event streams off.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';
import { eventually } from './upstream-fixture.ts';

export type SseUpstream = {
  readonly url: string;
  /** Methods and paths in order, as they came. */
  readonly lines: string[];
  /** The Authorization of each, or none. */
  readonly authorizations: (string | undefined)[];
  /** Tools that were carried out. */
  readonly executed: string[];
  /** Tools whose calls were cancelled. */
  readonly cancelled: string[];
  /** Event streams opened so far. */
  streams(): number;
  breakStreams(): void;
  addTool(name: string): void;
  stop(): Promise<void>;
  start(): Promise<void>;
};

const schema = { type: 'object' as const, properties: { name: { type: 'string' } } };
const usualTools = [
  { name: 'read_note', description: 'Reads a note.', inputSchema: schema, annotations: { readOnlyHint: true } },
  { name: 'create_note', description: 'Creates a note.', inputSchema: schema },
  { name: 'delete_note', description: 'Deletes a note.', inputSchema: schema },
  { name: 'read_slowly', description: 'Reads a note slowly.', inputSchema: schema },
  { name: 'read_answer', description: 'Reads what the person answers.', inputSchema: schema },
];

export async function startSseUpstream(
  options: {
    /** What a POST to the address of the stream is answered with. */
    readonly postStatus?: number;
    /** `create_note` breaks the stream off in its middle. */
    readonly breaksAtWrite?: boolean;
    /** Only with this Authorization. */
    readonly authorization?: string;
  } = {},
): Promise<SseUpstream> {
  const [lines, executed, cancelled]: [string[], string[], string[]] = [[], [], []];
  const authorizations: (string | undefined)[] = [];
  const tools = [...usualTools];
  const open = new Map<string, { transport: SSEServerTransport; mcpServer: Server; outgoing: ServerResponse }>();
  let streams = 0;
  const breakStreams = () => {
    for (const { outgoing } of open.values()) outgoing.destroy();
  };

  async function newServer(): Promise<Server> {
    const info = { name: 'older', version: '1' };
    const mcpServer = new Server(info, { capabilities: { tools: { listChanged: true } } });
    mcpServer.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
    mcpServer.setRequestHandler(CallToolRequestSchema, async ({ params: { name, _meta } }, extra) => {
      const said = (text: string) => ({ content: [{ type: 'text' as const, text }] });
      executed.push(name);
      if (name === 'create_note' && options.breaksAtWrite === true) {
        breakStreams();
        return new Promise(() => {});
      }
      if (name === 'read_answer') {
        const requestedSchema = { type: 'object' as const, properties: { name: { type: 'string' as const } } };
        const answer = await mcpServer.elicitInput({ message: 'Who are you?', requestedSchema });
        return said(JSON.stringify(answer));
      }
      if (name === 'read_slowly') {
        const progressToken = _meta?.progressToken;
        for (const progress of [1, 2]) {
          if (progressToken === undefined) continue;
          const params = { progressToken, progress, total: 2 };
          await extra.sendNotification({ method: 'notifications/progress', params });
        }
        const isOver = await new Promise<boolean>((resolve) => {
          setTimeout(() => resolve(true), 400);
          extra.signal.addEventListener('abort', () => resolve(false));
        });
        if (!isOver) cancelled.push(name);
      }
      return said(`done: ${name}`);
    });
    return mcpServer;
  }

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    outgoing.on('error', () => {});
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    lines.push(`${incoming.method} ${url.pathname}`);
    authorizations.push(incoming.headers.authorization);
    if (options.authorization !== undefined && incoming.headers.authorization !== options.authorization) {
      outgoing.writeHead(401).end();
      return;
    }
    if (url.pathname === '/sse' && incoming.method === 'GET') {
      const transport = new SSEServerTransport('/messages', outgoing);
      const mcpServer = await newServer();
      open.set(transport.sessionId, { transport, mcpServer, outgoing });
      streams += 1;
      outgoing.once('close', () => open.delete(transport.sessionId));
      await mcpServer.connect(transport as Parameters<Server['connect']>[0]);
      return;
    }
    const known = open.get(url.searchParams.get('sessionId') ?? '');
    if (url.pathname === '/messages' && known !== undefined)
      await known.transport.handlePostMessage(incoming, outgoing);
    else outgoing.writeHead(url.pathname === '/sse' ? (options.postStatus ?? 404) : 404).end();
  }

  let server = createServer();
  let port = 0;
  const start = async () => {
    server = createServer((incoming, outgoing) => void serve(incoming, outgoing));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  };
  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await eventually(() => !server.listening && open.size === 0);
  };
  await start();
  onTestFinished(stop);
  return {
    url: `http://127.0.0.1:${port}/sse`,
    lines,
    authorizations,
    executed,
    cancelled,
    streams: () => streams,
    breakStreams,
    addTool: (name) => {
      tools.push({ name, description: 'Reads something new.', inputSchema: schema });
      for (const { mcpServer } of open.values()) void mcpServer.sendToolListChanged();
    },
    stop,
    start,
  };
}
