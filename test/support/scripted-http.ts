/** An HTTP upstream in this process, of either era, that answers each method as the test says. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { JsonObject, JsonValue } from '../../mcp-bridge/core/model/json.ts';

export type ScriptedRpc = { readonly id?: JsonValue; readonly method: string; readonly params: JsonObject };
export type Script = {
  readonly era?: 'stateless' | 'initialize';
  readonly tools?: readonly JsonObject[];
  readonly prompts?: readonly JsonObject[];
  readonly resources?: readonly JsonObject[];
  readonly resourceTemplates?: readonly JsonObject[];
  readonly capabilities?: JsonObject;
  readonly serverInfo?: JsonObject;
  /** Looked at before everything else; a result, or undefined when it has answered by itself. */
  readonly on?: {
    readonly [method: string]: (
      rpc: ScriptedRpc,
      outgoing: ServerResponse,
      incoming: IncomingMessage,
    ) => JsonObject | undefined | Promise<JsonObject | undefined>;
  };
  /** Answers to questions of this server. */
  readonly onReply?: (reply: JsonObject) => void;
  /** What is no POST; 405 by default. */
  readonly onOther?: (incoming: IncomingMessage, outgoing: ServerResponse) => void;
};
export type Scripted = {
  readonly url: string;
  readonly seen: ScriptedRpc[];
  /** The calls that were carried out, by name. */
  executed(): readonly string[];
};

export const greetTool = { name: 'greet', inputSchema: { type: 'object' } } as const;
export const said = (text: string): JsonObject => ({ content: [{ type: 'text', text }] });

export async function startScriptedHttp(script: Script = {}): Promise<Scripted> {
  const seen: ScriptedRpc[] = [];
  const server = createServer(async (incoming, outgoing) => {
    outgoing.on('error', () => {});
    let text = '';
    for await (const chunk of incoming) text += String(chunk);
    if (incoming.method !== 'POST') {
      if (script.onOther) script.onOther(incoming, outgoing);
      else outgoing.writeHead(405).end();
      return;
    }
    const rpc = { params: {}, ...(JSON.parse(text) as object) } as ScriptedRpc;
    if (rpc.method === undefined) {
      script.onReply?.(rpc as unknown as JsonObject);
      outgoing.writeHead(202).end();
      return;
    }
    seen.push(rpc);
    const own = script.on?.[rpc.method];
    const result = own === undefined ? usual(script, rpc) : await own(rpc, outgoing, incoming);
    if (result === undefined) {
      if (own === undefined && rpc.id === undefined) outgoing.writeHead(202).end();
      else if (own === undefined) reply(outgoing, rpc, { error: { code: -32601, message: 'Method not found' } }, 404);
      return;
    }
    reply(outgoing, rpc, { result });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    seen,
    executed: () => seen.filter(({ method }) => method === 'tools/call').map(({ params }) => String(params['name'])),
  };
}

export function reply(outgoing: ServerResponse, rpc: ScriptedRpc, answer: JsonObject, status = 200): void {
  outgoing
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ jsonrpc: '2.0', id: rpc.id ?? null, ...answer }));
}

/** An event stream whose messages the test writes itself. */
export function openEvents(outgoing: ServerResponse): (message: JsonObject) => void {
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  return (message) => void outgoing.write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`);
}

function usual(script: Script, { method }: ScriptedRpc): JsonObject | undefined {
  const { tools = [greetTool], prompts = [], resources = [], resourceTemplates = [] } = script;
  const serverInfo = script.serverInfo ?? { name: 'scripted', version: '1' };
  const capabilities = {
    tools: { listChanged: true },
    ...(prompts.length > 0 ? { prompts: {} } : {}),
    ...(resources.length + resourceTemplates.length > 0 ? { resources: { subscribe: true } } : {}),
    ...script.capabilities,
  };
  switch (method) {
    case 'server/discover':
      if (script.era === 'initialize') return undefined;
      return {
        supportedVersions: ['2026-07-28'],
        capabilities,
        _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo },
      };
    case 'initialize':
      return { protocolVersion: '2025-11-25', capabilities, serverInfo };
    case 'tools/list':
      return { tools };
    case 'prompts/list':
      return { prompts };
    case 'resources/list':
      return { resources };
    case 'resources/templates/list':
      return { resourceTemplates };
    case 'tools/call':
      return said('hello');
    default:
      return undefined;
  }
}
