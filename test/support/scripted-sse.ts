/** A server of the HTTP+SSE transport that misbehaves as the test says, without any library. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { JsonObject } from '../../mcp-bridge/core/model/json.ts';
import { greetTool, type ScriptedRpc, said } from './scripted-http.ts';

export type SseTurn = {
  readonly rpc: ScriptedRpc;
  /** The answer to the POST. */
  readonly outgoing: ServerResponse;
  /** The event stream. */
  readonly stream: ServerResponse;
  send(message: JsonObject): void;
};

export type SseScript = {
  /** Data of the first event; undefined: none is ever sent. `/messages` by default. */
  readonly endpoint?: ((url: string) => string) | undefined;
  /** In place of the whole event stream. */
  readonly onStream?: (outgoing: ServerResponse, incoming: IncomingMessage) => void;
  readonly tools?: readonly JsonObject[];
  readonly onCall?: (turn: SseTurn) => void;
};

export type ScriptedSse = {
  readonly url: string;
  /** Method, path, body's method and Authorization of each request. */
  readonly seen: { readonly line: string; readonly rpc?: ScriptedRpc; readonly authorization?: string | undefined }[];
  executed(): readonly string[];
};

export async function startScriptedSse(script: SseScript = {}): Promise<ScriptedSse> {
  const seen: ScriptedSse['seen'] = [];
  const { endpoint = () => '/messages' } = script;
  const isMute = 'endpoint' in script && script.endpoint === undefined;
  let stream: ServerResponse | undefined;
  let url = '';
  const server = createServer(async (incoming, outgoing) => {
    outgoing.on('error', () => {});
    let text = '';
    for await (const chunk of incoming) text += String(chunk);
    const { authorization } = incoming.headers;
    const line = `${incoming.method} ${incoming.url}`;
    if (incoming.method === 'GET') {
      seen.push({ line, authorization });
      if (script.onStream !== undefined) return script.onStream(outgoing, incoming);
      stream = outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
      stream.write(': hello\n\n');
      if (!isMute) stream.write(`event: endpoint\ndata: ${endpoint(url)}\n\n`);
      return undefined;
    }
    const rpc = JSON.parse(text) as ScriptedRpc;
    seen.push({ line, rpc, authorization });
    if (incoming.url === '/sse' || stream === undefined) return outgoing.writeHead(405).end();
    const events = stream;
    const send = (message: JsonObject) =>
      void events.write(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`);
    if (rpc.method === 'tools/call' && script.onCall !== undefined)
      return script.onCall({ rpc, outgoing, stream: events, send });
    outgoing.writeHead(202).end('Accepted');
    const result = usual(rpc.method, script.tools ?? [greetTool]);
    if (result !== undefined && rpc.id !== undefined) send({ id: rpc.id, result });
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${url}/sse`,
    seen,
    executed: () => seen.flatMap(({ rpc }) => (rpc?.method === 'tools/call' ? [String(rpc.params['name'])] : [])),
  };
}

function usual(method: string, tools: readonly JsonObject[]): JsonObject | undefined {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: '2024-11-05',
        capabilities: { tools: { listChanged: true } },
        serverInfo: { name: 'scripted', version: '1' },
      };
    case 'tools/list':
      return { tools };
    case 'tools/call':
      return said('hello');
    default:
      return undefined;
  }
}
