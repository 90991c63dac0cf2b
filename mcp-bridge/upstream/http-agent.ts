/**
 * One upstream's HTTP: keep-alive, verified TLS, addresses checked at connect, nothing followed, nothing unpacked.
 * Built on node:http rather than fetch, because only there it can be told whether a byte may have left.
 */
import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { guardedLookup, isAllowedAddress } from './address-rules.ts';
import { type HttpServerConfig, invalid } from './server-config.ts';

/** Shorter than the time after which common servers drop an idle connection, so that none is used as it dies. */
const IDLE_SOCKET_MS = 4_000;

export type HttpSend = {
  readonly method: 'POST' | 'GET' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
};

export type HttpAnswer =
  | { readonly ok: true; readonly response: IncomingMessage }
  | {
      readonly ok: false;
      /** False: the connection did not come about, so nothing was sent. */
      readonly mayHaveLeft: boolean;
      readonly reason: string;
    };

export class UpstreamHttp {
  readonly #url: URL;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #isRefusedAddress: boolean;

  constructor(serverConfig: HttpServerConfig) {
    this.#url = new URL(serverConfig.url);
    const hostname = this.#url.hostname.replace(/^\[|\]$/g, '');
    const rules = { hostname, allowPrivateNetwork: serverConfig.allowPrivateNetwork };
    // Node asks no look-up for a literal address.
    this.#isRefusedAddress = isIP(hostname) !== 0 && !isAllowedAddress(hostname, rules);
    const shared = { keepAlive: true, maxSockets: 256, timeout: IDLE_SOCKET_MS, lookup: guardedLookup(rules) };
    this.#agent =
      this.#url.protocol === 'https:'
        ? new HttpsAgent({ ...shared, ...tlsOptions(serverConfig), rejectUnauthorized: true, minVersion: 'TLSv1.2' })
        : new HttpAgent(shared);
  }

  /** Never rejects. */
  send(httpSend: HttpSend): Promise<HttpAnswer> {
    if (this.#isRefusedAddress)
      return Promise.resolve({ ok: false, mayHaveLeft: false, reason: 'its address is refused (private or reserved)' });
    const isTls = this.#url.protocol === 'https:';
    return new Promise((resolve) => {
      let mayHaveLeft = false;
      const send = isTls ? httpsRequest : httpRequest;
      const outgoing = send(this.#url, {
        agent: this.#agent,
        method: httpSend.method,
        headers: {
          ...httpSend.headers,
          ...(httpSend.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(httpSend.body)) }),
        },
        maxHeaderSize: 64 * 1024,
      });
      const abort = () => outgoing.destroy();
      httpSend.signal.addEventListener('abort', abort, { once: true });
      outgoing.on('socket', (socket) => {
        if (!socket.connecting) mayHaveLeft = true;
        else
          socket.once(isTls ? 'secureConnect' : 'connect', () => {
            mayHaveLeft = true;
          });
      });
      outgoing.once('response', (response) => {
        response.once('close', () => httpSend.signal.removeEventListener('abort', abort));
        resolve({ ok: true, response });
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        httpSend.signal.removeEventListener('abort', abort);
        resolve({ ok: false, mayHaveLeft, reason: connectionReason(error, httpSend.signal) });
      });
      if (httpSend.signal.aborted) outgoing.destroy();
      else outgoing.end(httpSend.body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** A code and words of our own: messages of errors can hold addresses and certificates' texts. */
function connectionReason(error: NodeJS.ErrnoException, signal: AbortSignal): string {
  if (signal.aborted) return 'cancelled';
  switch (error.code) {
    case 'ADDRESS_REFUSED':
      return 'its name stands for a private or reserved address, which is refused';
    case 'ECONNREFUSED':
      return 'nothing answers at its address';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its name cannot be resolved';
    default:
      return /CERT|TLS|SSL|ALTNAME|SELF_SIGNED|UNABLE_TO/.test(error.code ?? '')
        ? `its certificate was not accepted (${error.code})`
        : `the connection broke (${error.code ?? 'unknown'})`;
  }
}

function tlsOptions({ serverId, tls }: HttpServerConfig): { cert?: Buffer; key?: Buffer; ca?: Buffer } {
  const read = (name: 'cert' | 'key' | 'ca') => {
    const path = tls?.[name];
    if (path === undefined) return {};
    try {
      return { [name]: readFileSync(path) };
    } catch {
      throw invalid(`mcpServers.${serverId}.tls.${name}`, 'is not a file that can be read');
    }
  };
  return { ...read('cert'), ...read('key'), ...read('ca') };
}
