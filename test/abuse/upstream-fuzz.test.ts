/** Bytes that are nearly right; judged by every call coming to an end, and by the bridge going on. */
import { createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { callTool, servers, startManager, textOf } from '../support/upstream-fixture.ts';

/** Cuts, repeats and swaps pieces of an honest text. */
const damaged = (honest: fc.Arbitrary<string>) =>
  fc
    .tuple(
      honest,
      fc.array(
        fc.record({
          at: fc.integer({ min: 30, max: 999 }),
          length: fc.integer({ min: 0, max: 12 }),
          with: fc.oneof(
            fc.uint8Array({ maxLength: 6 }),
            fc
              .constantFrom('\r\n', '\n', '"', '{', '}', '[', '0', 'id', '\0', 'data: ')
              .map((text) => Buffer.from(text)),
          ),
        }),
        { maxLength: 2 },
      ),
    )
    .map(([text, edits]) => {
      let bytes = Buffer.from(text);
      for (const { at, length, with: piece } of edits) {
        const start = Math.floor((at / 1_000) * bytes.length);
        bytes = Buffer.concat([bytes.subarray(0, start), Buffer.from(piece), bytes.subarray(start + length)]);
      }
      return bytes;
    });

const message = fc.constantFrom(
  { jsonrpc: '2.0', id: 4, result: { content: [{ type: 'text', text: 'forged' }] } },
  { jsonrpc: '2.0', id: 'x', method: 'sampling/createMessage', params: {} },
  { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 4, progress: 1 } },
  { jsonrpc: '2.0', method: 'notifications/tools/list_changed' },
  { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'x' } },
  { jsonrpc: '2.0', id: 4.5, result: {}, error: {} },
);

test('MC-15: whatever a server writes on its pipe, its calls end and the next one is answered', async () => {
  const manager = await startManager({ it: { ...servers.evil('--mode', 'raw'), requestTimeoutMs: 2_000 } });
  await fc.assert(
    fc.asyncProperty(
      damaged(message.map((value) => `${JSON.stringify(value)}\n${JSON.stringify(value)}`)),
      async (bytes) => {
        const outcome = await callTool(
          manager,
          'it',
          'greet',
          { text: bytes.toString('base64') },
          { onNotification: () => {} },
        );
        expect(['answered', 'failed', 'unknown']).toContain(outcome.kind);
      },
    ),
    { numRuns: 150 },
  );
  expect(textOf(await callTool(manager, 'it', 'greet', { text: '' }))).toBe('still here');
});

test('MC-15: whatever a server answers over HTTP, its calls end and the next one is answered', async () => {
  let respond: ((body: string) => Buffer) | undefined;
  const honest = (body: string, head = '') =>
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const server = createServer((socket) => serve(socket, (rpc) => answerTo(rpc)));
  const answerTo = (rpc: { id?: number; method?: string; params?: { protocolVersion?: string } }): Buffer => {
    const result = (value: unknown) =>
      Buffer.from(honest(JSON.stringify({ jsonrpc: '2.0', id: rpc.id, result: value })));
    if (rpc.method === 'initialize')
      return result({ protocolVersion: rpc.params?.protocolVersion, capabilities: { tools: {} }, serverInfo: {} });
    if (rpc.method === 'tools/list') return result({ tools: [{ name: 'greet', inputSchema: { type: 'object' } }] });
    if (rpc.method === 'tools/call') {
      const body = JSON.stringify({
        jsonrpc: '2.0',
        id: rpc.id,
        result: { content: [{ type: 'text', text: 'hello' }] },
      });
      return respond?.(body) ?? Buffer.from(honest(body));
    }
    if (rpc.method === 'server/discover') return Buffer.from('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n');
    return Buffer.from('HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n');
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/mcp`;
  const manager = await startManager({ it: { url, requestTimeoutMs: 400 } });
  const heads = fc.constantFrom(
    '',
    'transfer-encoding: chunked\r\n',
    'connection: close\r\n',
    'content-encoding: gzip\r\n',
    'content-length: 5\r\n',
    'trailer: x\r\n',
  );
  const shapes = fc.constantFrom(
    (body: string, head: string) => honest(body, head),
    (body: string, head: string) =>
      `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n${head}\r\nid: 1\r\nretry: 1\r\ndata: ${body}\r\n\r\n`,
    (body: string, head: string) => `HTTP/1.1 100 Continue\r\n\r\n${honest(body, head)}`,
    (body: string, head: string) => `${honest(body, head)}${honest(body, head)}`,
    (body: string, head: string) => `HTTP/1.1 204 No Content\r\n${head}\r\n${body}`,
  );
  await fc.assert(
    fc.asyncProperty(shapes, heads, fc.nat(), async (shape, head, seed) => {
      respond = (body) => {
        const [bytes] = fc.sample(damaged(fc.constant(shape(body, head))), { numRuns: 1, seed });
        return bytes ?? Buffer.alloc(0);
      };
      const outcome = await callTool(manager, 'it', 'greet');
      expect(['answered', 'failed', 'unknown', 'not-sent']).toContain(outcome.kind);
    }),
    { numRuns: 100 },
  );
  respond = undefined;
  expect(textOf(await callTool(manager, 'it', 'greet'))).toBe('hello');
});

/** Reads whole requests, whatever comes in pieces, and writes the bytes that the test chose. */
function serve(socket: Socket, answerTo: (rpc: { id?: number; method?: string }) => Buffer): void {
  let read = Buffer.alloc(0);
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  socket.on('data', (chunk) => {
    read = Buffer.concat([read, chunk]);
    const end = read.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = Number(/content-length: (\d+)/i.exec(read.subarray(0, end).toString())?.[1] ?? 0);
    if (read.length < end + 4 + length) return;
    const body = read.subarray(end + 4, end + 4 + length).toString();
    read = read.subarray(end + 4 + length);
    socket.write(
      body === '' ? Buffer.from('HTTP/1.1 405 No\r\ncontent-length: 0\r\n\r\n') : answerTo(JSON.parse(body)),
    );
  });
}
