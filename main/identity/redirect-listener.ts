/**
 * The loopback redirect (RFC 8252 §7.3): 127.0.0.1, a random port, one exact path, one answer; closed after it, after
 * five minutes, or when the sign-in is cancelled. What comes is never echoed (OA-08).
 */
import http, { type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import { codeOf } from '../vault/private-files.ts';

export type RedirectAnswer =
  | { readonly outcome: 'answered'; readonly address: URL; showEnd(signedIn: boolean): void }
  | { readonly outcome: 'cancelled' | 'expired' };

export type RedirectListener = {
  readonly redirectUri: string;
  /** Never rejects. `showEnd` says in the browser how it went; without it the page waits until `close`. */
  readonly answer: Promise<RedirectAnswer>;
  close(): void;
};

export type RedirectOptions = { readonly port?: number | undefined; readonly answerWithinMs?: number | undefined };

const callbackPath = '/callback';

/** @throws AppError 'identity.sign-in-failed' when the port is not to be had: then no browser may be opened (OA-07) */
export async function listenForRedirect(
  expectedState: string,
  signal: AbortSignal,
  { port = 0, answerWithinMs = 5 * 60_000 }: RedirectOptions = {},
): Promise<RedirectListener> {
  const redirectServer = http.createServer();
  await bind(redirectServer, port);
  const redirectUri = `http://127.0.0.1:${(redirectServer.address() as AddressInfo).port}${callbackPath}`;
  const ownHost = new URL(redirectUri).host;

  let settle: (answer: RedirectAnswer) => void = () => {};
  const answer = new Promise<RedirectAnswer>((resolve) => {
    settle = resolve;
  });
  const close = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    redirectServer.close();
    redirectServer.closeAllConnections();
  };
  const end = (outcome: 'cancelled' | 'expired'): void => {
    settle({ outcome });
    close();
  };
  const cancel = (): void => end('cancelled');
  const timer = setTimeout(() => end('expired'), answerWithinMs);
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();

  let answered = false;
  redirectServer.on('request', (request, response) => {
    const address = addressWithin(redirectUri, request.url);
    // SECURITY(OA-04, OA-06): only the exact path, at our own address, with our own state, once. A stranger's request
    // learns nothing and ends nothing.
    const isOurs =
      !answered &&
      request.method === 'GET' &&
      request.headers.host === ownHost &&
      address?.pathname === callbackPath &&
      address.searchParams.getAll('state').join() === expectedState;
    if (!isOurs || !address) return send(response, 404, notFoundPage);
    answered = true;
    redirectServer.close(); // nobody else is let in from here on
    settle({
      outcome: 'answered',
      address,
      showEnd: (signedIn) => send(response, 200, signedIn ? signedInPage : notSignedInPage, close),
    });
  });
  return { redirectUri, answer, close };
}

/** SECURITY(OA-07): exclusive, on the one address, and before the browser is opened. */
function bind(redirectServer: http.Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    redirectServer.once('error', (error) =>
      reject(new AppError('identity.sign-in-failed', `no port for the answer: ${codeOf(error)}`)),
    );
    redirectServer.listen({ host: '127.0.0.1', port, exclusive: true }, resolve);
  });
}

function addressWithin(base: string, target: string | undefined): URL | undefined {
  if (!target?.startsWith('/') || target.startsWith('//')) return undefined;
  try {
    return new URL(target, base);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, status: number, html: string, sent?: () => void): void {
  response.writeHead(status, pageHeaders);
  response.end(html, sent);
}

const pageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  Connection: 'close',
};

const page = (heading: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Countersign</title><h1>${heading}</h1><p>You can close this page and go back to Countersign.</p></html>`;
const signedInPage = page('Signed in');
const notSignedInPage = page('Not signed in');
const notFoundPage = page('There is nothing here');
