/** An HTTP upstream in this process that answers the handshake like any other, and calls as the test says. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type Seen = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly rpc: Rpc;
};
type Rpc = { readonly id?: number; readonly method?: string; readonly params?: Record<string, unknown> };
export type OnCall = (rpc: Rpc, outgoing: ServerResponse, incoming: IncomingMessage) => void;

const greet = { name: 'greet', inputSchema: { type: 'object' } };

/** `seen` holds every request, in order. */
export async function startEvilHttp(
  onCall: OnCall,
  options: {
    /** Given out at each handshake; a call with another one than the last gets a 404. */
    readonly sessions?: boolean;
    readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
  } = {},
): Promise<{ readonly url: string; readonly seen: Seen[]; forgetSessions(): void }> {
  const seen: Seen[] = [];
  let handshakes = 0;
  let sessionId = '';
  const listener: RequestListener = async (incoming, outgoing) => {
    let text = '';
    for await (const chunk of incoming) text += String(chunk);
    const rpc = (text === '' ? {} : JSON.parse(text)) as Rpc;
    seen.push({ method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers, rpc });
    const result = (value: unknown) => answer(outgoing, { jsonrpc: '2.0', id: rpc.id, result: value });
    if (incoming.method !== 'POST') return outgoing.writeHead(405).end();
    if (rpc.method === 'server/discover')
      return answer(outgoing, { jsonrpc: '2.0', id: rpc.id, error: { code: -32601, message: 'no' } }, 400);
    if (rpc.method === 'initialize') {
      handshakes += 1;
      sessionId = `session-${handshakes}`;
      if (options.sessions === true) outgoing.setHeader('mcp-session-id', sessionId);
      return result({
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'evil', version: '1' },
      });
    }
    if (options.sessions === true && incoming.headers['mcp-session-id'] !== sessionId)
      return outgoing.writeHead(404).end();
    if (rpc.method === 'tools/list') return result({ tools: [greet] });
    if (rpc.id === undefined) return outgoing.writeHead(202).end();
    return onCall(rpc, outgoing, incoming);
  };
  const server =
    options.tls === undefined
      ? createServer(listener)
      : createTlsServer(
          { ...options.tls, requestCert: options.tls.ca !== undefined, rejectUnauthorized: true },
          listener,
        );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/mcp`,
    seen,
    forgetSessions: () => {
      sessionId = '';
    },
  };
}

export function answer(outgoing: ServerResponse, message: unknown, status = 200): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(message));
}

export function hello(rpc: Rpc, outgoing: ServerResponse): void {
  answer(outgoing, { jsonrpc: '2.0', id: rpc.id, result: { content: [{ type: 'text', text: 'hello' }] } });
}
