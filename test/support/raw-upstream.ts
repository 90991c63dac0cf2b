/** An HTTP upstream down to its bytes: what no HTTP library would send, at any moment. */

import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { HttpWire } from '../../mcp-bridge/upstream/http-wire.ts';
import { parseServerConfig } from '../../mcp-bridge/upstream/server-config.ts';
import { DEFAULT_WIRE_LIMITS, type Exchange, type WireLimits } from '../../mcp-bridge/upstream/wire.ts';

export type RawRpc = { readonly id?: number; readonly method?: string; readonly params?: { readonly name?: string } };
export type RawUpstream = { readonly url: string; readonly seen: readonly RawRpc[]; connections(): number };

/** `onRequest` is called for each request that came in whole. */
export async function startRawUpstream(onRequest: (socket: Socket, rpc: RawRpc) => void): Promise<RawUpstream> {
  const seen: RawRpc[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    open.add(socket);
    let text = '';
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      for (;;) {
        const [whole, length] = /^[\s\S]*?content-length: (\d+)[\s\S]*?\r\n\r\n/i.exec(text) ?? [];
        if (whole === undefined || text.length < whole.length + Number(length)) return;
        const rpc = JSON.parse(text.slice(whole.length, whole.length + Number(length))) as RawRpc;
        text = text.slice(whole.length + Number(length));
        seen.push(rpc);
        onRequest(socket, rpc);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/mcp`, seen, connections: () => connections };
}

export function rawAnswer({ id }: RawRpc, headers = ''): string {
  const body = JSON.stringify({ jsonrpc: '2.0', id, result: { content: [] } });
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;
}

/** A wire to it, without a handshake. */
export function rawWire(url: string, limits: Partial<WireLimits> = {}): HttpWire {
  const config = parseServerConfig('it', { url });
  if (config.kind !== 'http') throw new Error('not by HTTP');
  const listener = { onNotification: () => {}, onRequest: async () => ({}) };
  const wire = new HttpWire(config, listener, { ...DEFAULT_WIRE_LIMITS, ...limits });
  onTestFinished(() => wire.close());
  return wire;
}

export function rawCall(wire: HttpWire, more: Partial<Exchange> & { readonly name?: string } = {}) {
  const { name = 'greet', ...others } = more;
  const { signal } = new AbortController();
  return wire.exchange({
    method: 'tools/call',
    params: { name },
    signal,
    timeoutMs: 3_000,
    cancelBy: 'none',
    ...others,
  });
}
