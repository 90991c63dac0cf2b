/**
 * The loopback redirect (RFC 8252 §7.3): 127.0.0.1, a random port, one exact path, closed after the answer, after five
 * minutes, or when the sign-in is cancelled. What comes is never echoed (OA-08).
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../../mcp-bridge/core/errors.ts';

export type RedirectListener = {
  readonly redirectUri: string;
  /** The address the browser came back to. Rejects on time-out or cancel. */
  readonly answer: Promise<URL>;
  close(): void;
};

const callbackPath = '/callback';
const answerWithinMs = 5 * 60_000;

export async function listenForRedirect(expectedState: string, signal: AbortSignal): Promise<RedirectListener> {
  const server = http.createServer();
  let settle: { resolve(url: URL): void; reject(error: Error): void } | undefined;
  const answer = new Promise<URL>((resolve, reject) => {
    settle = { resolve, reject };
  });
  answer.catch(() => {}); // whoever awaits it hears of the failure; nobody may be awaiting yet

  const close = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    server.close();
    server.closeAllConnections();
  };
  const fail = (message: string): void => {
    settle?.reject(new AppError('identity.sign-in-failed', message));
    close();
  };
  const cancel = (): void => fail('the sign-in was cancelled');
  const timer = setTimeout(() => fail('the browser did not come back in time'), answerWithinMs);
  signal.addEventListener('abort', cancel, { once: true });

  server.on('request', (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    // SECURITY(OA-04, OA-06): only the exact path with our own state ends the wait; a stranger's request does not.
    const isOurs =
      request.method === 'GET' && url.pathname === callbackPath && url.searchParams.get('state') === expectedState;
    const failed = url.searchParams.has('error');
    response.writeHead(isOurs ? 200 : 404, pageHeaders);
    response.end(isOurs ? (failed ? refusedPage : donePage) : notFoundPage, () => {
      if (!isOurs) return;
      settle?.resolve(new URL(`${redirectUri}${url.search}`));
      close();
    });
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, resolve); // SECURITY(OA-07): bound before the browser opens
  });
  const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}${callbackPath}`;
  return { redirectUri, answer, close };
}

const pageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  Connection: 'close',
};

const page = (text: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Countersign</title><h1>${text}</h1><p>You can close this page and go back to Countersign.</p></html>`;
const donePage = page('Signed in');
const refusedPage = page('Not signed in');
const notFoundPage = page('There is nothing here');
