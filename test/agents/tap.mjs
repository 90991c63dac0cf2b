// @ts-nocheck: plain Node runs it, without a build.
/**
 * Stands between an AI client and the bridge, over HTTP, and writes down what the AI client sends. Every call of one tool
 * it keeps to itself: answers it never, with or without a word of progress every ten seconds, and sees who gives up.
 */
import { createServer, request } from 'node:http';

const progressEveryMs = 10_000;

/**
 * @param {{ bridgePort: number, heldTool: string, withProgress: boolean }} options
 * @returns {Promise<{ port: number, seen: { atMs: number, what: string, message?: any, protocolVersion?: string }[], close(): void }>}
 */
export async function startTap({ bridgePort, heldTool, withProgress }) {
  const seen = [];
  const note = (what, more = {}) => seen.push({ atMs: Date.now(), what, ...more });
  const server = createServer(async (incoming, outgoing) => {
    const pieces = [];
    for await (const piece of incoming) pieces.push(piece);
    const body = Buffer.concat(pieces);
    const message = incoming.method === 'POST' ? JSON.parse(body) : undefined;
    const protocolVersion = incoming.headers['mcp-protocol-version'];
    note(message?.method ?? incoming.method, { message, protocolVersion });
    if (message?.method === 'tools/call' && message.params.name.endsWith(heldTool)) {
      hold(message, outgoing);
      return;
    }
    forward(incoming, body, outgoing);
  });

  function hold({ params }, outgoing) {
    outgoing.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
    const progressToken = params._meta?.progressToken;
    let progress = 0;
    const timer = setInterval(() => {
      if (!withProgress || progressToken === undefined) return;
      progress += 1;
      const said = { progressToken, progress, message: 'Waiting for a person' };
      const notification = { jsonrpc: '2.0', method: 'notifications/progress', params: said };
      outgoing.write(`event: message\ndata: ${JSON.stringify(notification)}\n\n`);
    }, progressEveryMs);
    outgoing.once('close', () => {
      clearInterval(timer);
      note('closed');
    });
  }

  function forward(incoming, body, outgoing) {
    const headers = { ...incoming.headers, host: `127.0.0.1:${bridgePort}` };
    const { method, url: path } = incoming;
    const onward = request({ host: '127.0.0.1', port: bridgePort, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.destroy());
    outgoing.once('close', () => onward.destroy());
    onward.end(body);
  }

  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    seen,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
