// @ts-nocheck: plain Node runs it as a child process, without a build.
/**
 * An upstream on stdio that answers the handshake, and at its first call sends one kind of message without end, as fast
 * as the pipe takes it.
 *
 *   node flooding-upstream.mjs KIND [--http]   with --http it prints {"url"} and floods the stream of the call
 */
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

const kind = process.argv[2];
const line = (message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;
const floods = {
  answers: () => line({ id: 999_999, result: {} }).repeat(1_000),
  errors: () => line({ id: 999_999, error: { code: 1, message: 'x' } }).repeat(1_000),
  'large answers': () => line({ id: 999_999, result: { x: Array.from({ length: 100_000 }, () => ({ a: 1 })) } }),
  'large notifications': () =>
    line({ method: 'notifications/message', params: { data: Array.from({ length: 100_000 }, () => ({ a: 1 })) } }),
  noise: () => `${'x'.repeat(100_000)}\n`.repeat(20),
  'empty lines': () => '\n'.repeat(1_000_000),
  'lines beyond the limit': () => `${'x'.repeat(20 << 20)}\n`,
  'questions with long ids': () => line({ id: 'x'.repeat(1 << 20), method: 'ping' }),
  questions: () => line({ id: 'x', method: 'ping' }).repeat(1_000),
};

const handshake = ({ id, method, params }) => {
  switch (method) {
    case 'server/discover':
      return { id, error: { code: -32601, message: 'no' } };
    case 'initialize':
      return {
        id,
        result: {
          protocolVersion: params.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: 'flood', version: '1' },
        },
      };
    case 'tools/list':
      return { id, result: { tools: [{ name: 'greet', inputSchema: { type: 'object' } }] } };
    default:
      return undefined;
  }
};

function flood(stream, chunk) {
  const more = () => {
    while (!stream.destroyed && stream.write(chunk));
    stream.once('drain', more);
  };
  more();
}

if (process.argv.includes('--http')) {
  const asEvents = (text) => text.replace(/^(.*)\n/gm, 'data: $1\n\n');
  const kinds = { comments: () => ':\n'.repeat(500_000), 'empty data': () => 'data:\n\n'.repeat(100_000) };
  const server = createServer(async (incoming, outgoing) => {
    outgoing.on('error', () => {});
    let text = '';
    for await (const chunk of incoming) text += chunk;
    if (text === '') return outgoing.writeHead(405).end();
    const message = JSON.parse(text);
    const reply = handshake(message);
    const json = { 'content-type': 'application/json' };
    const status = message.method === 'server/discover' ? 400 : 200;
    if (reply !== undefined) return outgoing.writeHead(status, json).end(line(reply));
    if (message.method !== 'tools/call') return outgoing.writeHead(202).end();
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    return flood(outgoing, Buffer.from(kinds[kind]?.() ?? asEvents(floods[kind]())));
  });
  server.listen(0, '127.0.0.1', () =>
    process.stdout.write(`{"url":"http://127.0.0.1:${server.address().port}/mcp"}\n`),
  );
} else {
  createInterface({ input: process.stdin }).on('line', (text) => {
    const message = JSON.parse(text);
    const reply = handshake(message);
    if (reply !== undefined) process.stdout.write(line(reply));
    if (message.method !== 'tools/call') return;
    // Nothing is read any more.
    process.stdin.pause();
    flood(process.stdout, Buffer.from(floods[kind]()));
  });
}
