/**
 * A front that adds an AI client's key to every request, for a test suite that cannot. Everything else goes through as
 * it came, both ways, unbuffered; the front answers for its own name only: its Host becomes the bridge's and its Origin
 * is dropped (the bridge takes none). Any other Host or Origin is left for the bridge to judge.
 */
import { Agent, createServer, request } from 'node:http';

/**
 * @param {{ bridgeUrl: string, key: string }} bridge its address, with the endpoint's path
 * @returns {Promise<{ url: string, close(): void }>}
 */
export function startKeyFront({ bridgeUrl, key }) {
  const target = new URL(bridgeUrl);
  const agent = new Agent({ keepAlive: true });
  const front = createServer((incoming, outgoing) => {
    const { port } = /** @type {import('node:net').AddressInfo} */ (front.address());
    const headers = { ...incoming.headers, authorization: `Bearer ${key}` };
    if (/^(?:localhost|127\.0\.0\.1|\[::1\]):(\d+)$/.exec(headers.host ?? '')?.[1] === String(port)) {
      if (headers.origin === `http://${headers.host}`) delete headers.origin;
      headers.host = target.host;
    }
    const onward = request(
      { agent, hostname: target.hostname, port: target.port, path: incoming.url, method: incoming.method, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        outgoing.flushHeaders();
        answer.pipe(outgoing);
        answer.once('error', () => outgoing.destroy());
      },
    );
    onward.once('error', () => outgoing.destroy());
    outgoing.once('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  return new Promise((resolve) => {
    front.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (front.address());
      resolve({
        url: `http://127.0.0.1:${port}${target.pathname}`,
        close() {
          front.close();
          front.closeAllConnections();
          agent.destroy();
        },
      });
    });
  });
}
