/** Bytes to a port and whatever comes back, for requests that no HTTP library would send. */
import { connect } from 'node:net';

export type RawAnswer = {
  /** Status lines of all responses, in order. */
  readonly statuses: readonly number[];
  readonly text: string;
  /** The server closed the connection. */
  readonly closed: boolean;
};

export function sendRaw(
  port: number,
  parts: readonly (string | Uint8Array)[],
  { waitMs = 5_000, pauseMs = 0 }: { readonly waitMs?: number; readonly pauseMs?: number } = {},
): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    let closed = false;
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1])), text, closed });
    };
    const timer = setTimeout(finish, waitMs);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      closed = true;
      finish();
    });
    socket.on('connect', async () => {
      for (const part of parts) {
        if (socket.destroyed) return;
        socket.write(part);
        if (pauseMs > 0) await new Promise((next) => setTimeout(next, pauseMs));
      }
    });
  });
}

export type RawRequest = {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
};

/** A request by hand: only the headers that are named, in their order. */
export function rawRequest({ method = 'POST', path = '/mcp', headers = [], body = '' }: RawRequest): string {
  return `${method} ${path} HTTP/1.1\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n${body}`;
}
