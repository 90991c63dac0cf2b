/**
 * One upstream's HTTP: keep-alive, verified TLS, addresses checked at connect, nothing followed, nothing unpacked,
 * nothing sent twice. Built on undici's dispatcher rather than fetch, because only there it can be told whether a byte
 * may have left.
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type Dispatcher, Pool } from 'undici';
import { guardedLookup, isAllowedAddress } from './address-rules.ts';
import type { Cancellation } from './cancellation.ts';
import { HttpResponse } from './http-response.ts';
import { type HttpServerConfig, invalid } from './server-config.ts';

/** Shorter than the time after which common servers drop an idle connection, so that none is used as it dies. */
const IDLE_SOCKET_MS = 4_000;
/** For a server that says how long it keeps one. */
const LONGEST_IDLE_SOCKET_MS = 30_000;
const CONNECT_MS = 30_000;

export type HttpSend = {
  readonly method: 'POST' | 'GET' | 'DELETE';
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly cancellation: Cancellation;
};

export type HttpAnswer =
  | { readonly ok: true; readonly response: HttpResponse }
  | {
      readonly ok: false;
      /** False: the connection did not come about, so nothing was sent. */
      readonly mayHaveLeft: boolean;
      readonly reason: string;
    };

export class UpstreamHttp {
  readonly #path: string;
  readonly #pool: Pool;
  readonly #isRefusedAddress: boolean;

  constructor(serverConfig: HttpServerConfig) {
    const url = new URL(serverConfig.url);
    const hostname = url.hostname.replace(/^\[|\]$/g, '');
    const rules = { hostname, allowPrivateNetwork: serverConfig.allowPrivateNetwork };
    // No look-up is asked for a literal address.
    this.#isRefusedAddress = isIP(hostname) !== 0 && !isAllowedAddress(hostname, rules);
    this.#path = `${url.pathname}${url.search}`;
    this.#pool = new Pool(url.origin, {
      connections: 256,
      pipelining: 1,
      keepAliveTimeout: IDLE_SOCKET_MS,
      keepAliveMaxTimeout: LONGEST_IDLE_SOCKET_MS,
      // How long a call may take is for the wire to say, which also tells the upstream.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 64 * 1024,
      connect: {
        lookup: guardedLookup(rules),
        timeout: CONNECT_MS,
        ...(url.protocol === 'https:'
          ? { ...tlsOptions(serverConfig), rejectUnauthorized: true, minVersion: 'TLSv1.2' }
          : {}),
      },
    });
  }

  /** Never rejects. */
  send({ method, headers, body, cancellation }: HttpSend): Promise<HttpAnswer> {
    if (this.#isRefusedAddress)
      return Promise.resolve({ ok: false, mayHaveLeft: false, reason: 'its address is refused (private or reserved)' });
    return new Promise((resolve) => {
      const receiver = new Receiver(cancellation, resolve);
      this.#pool.dispatch({ path: this.#path, method, headers, body: body ?? null }, receiver);
    });
  }

  close(): void {
    this.#pool.destroy().catch(() => {});
  }
}

/** Takes one answer from the dispatcher: `onConnect` comes right before the first byte is written. */
class Receiver implements Dispatcher.DispatchHandlers {
  readonly #cancellation: Cancellation;
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #forget: () => void;
  #abort: ((error?: Error) => void) | undefined;
  #response: HttpResponse | undefined;

  constructor(cancellation: Cancellation, resolve: (answer: HttpAnswer) => void) {
    this.#cancellation = cancellation;
    this.#resolve = resolve;
    this.#forget = cancellation.onCancel(() => this.#cancel());
  }

  /** One that still waits for a connection is over at once; what becomes of the connection is nobody's concern. */
  #cancel(): void {
    if (this.#abort !== undefined) this.#abort();
    else this.#resolve({ ok: false, mayHaveLeft: false, reason: 'cancelled' });
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.#cancellation.isCancelled) abort();
    else this.#abort = abort;
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void): boolean {
    if (status < 200) return true;
    this.#response = new HttpResponse(status, rawHeaders, { resume, destroy: () => this.#abort?.() });
    this.#resolve({ ok: true, response: this.#response });
    return true;
  }

  onData(chunk: Buffer): boolean {
    return this.#response?.take(chunk) ?? true;
  }

  onComplete(): void {
    this.#forget();
    this.#response?.finish('whole');
  }

  onError(error: Error): void {
    this.#forget();
    this.#response?.finish('broken');
    const reason = connectionReason(error, this.#cancellation);
    this.#resolve({ ok: false, mayHaveLeft: this.#abort !== undefined, reason });
  }
}

/** A code and words of our own: messages of errors can hold addresses and certificates' texts. */
function connectionReason(error: NodeJS.ErrnoException, cancellation: Cancellation): string {
  if (cancellation.isCancelled) return 'cancelled';
  const { code = '' } = error;
  switch (code) {
    case 'ADDRESS_REFUSED':
      return 'its name stands for a private or reserved address, which is refused';
    case 'ECONNREFUSED':
      return 'nothing answers at its address';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its name cannot be resolved';
    case 'UND_ERR_CONNECT_TIMEOUT':
      return 'nothing answers at its address in time';
    default:
      return /CERT|TLS|SSL|ALTNAME|SELF_SIGNED|UNABLE_TO/.test(code)
        ? `its certificate was not accepted (${code})`
        : `the connection broke (${code === '' ? 'unknown' : code})`;
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
