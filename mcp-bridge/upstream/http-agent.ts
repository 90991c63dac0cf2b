/**
 * One upstream's HTTP: keep-alive, verified TLS, addresses checked at connect, nothing followed, nothing unpacked,
 * nothing sent twice. Built on undici's dispatcher rather than fetch, because only there it can be told whether a byte
 * may have left.
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { buildConnector, type Dispatcher, Pool } from 'undici';
import { guardedLookup, isAllowedAddress } from './address-rules.ts';
import type { Cancellation } from './cancellation.ts';
import { HttpResponse } from './http-response.ts';
import { guardSocket } from './http-socket.ts';
import { type HttpServerConfig, invalid } from './server-config.ts';

/** Shorter than the time after which common servers drop an idle connection, so that none is used as it dies. */
const IDLE_SOCKET_MS = 4_000;
/** For a server that says how long it keeps one. */
const LONGEST_IDLE_SOCKET_MS = 30_000;
const CONNECT_MS = 30_000;
/** Connections to one server, and so requests that are under way; what comes on top waits for one to end. */
const MOST_AT_ONCE = 256;
/** SECURITY(MC-40): answers of status 1xx announce another one (RFC 9110 §15.2), which need not ever come. */
const MOST_INTERIM_ANSWERS = 100;

export type HttpSend = {
  readonly method: 'POST' | 'GET' | 'DELETE';
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly cancellation: Cancellation;
  /** Comes right before the first byte, once at the most. */
  readonly onLeaving?: (() => void) | undefined;
};

export type HttpAnswer =
  | { readonly ok: true; readonly response: HttpResponse }
  | {
      readonly ok: false;
      /** False: nothing was sent. */
      readonly mayHaveLeft: boolean;
      /** The connection did not come about; otherwise it is the request that could not be sent, or was not wanted. */
      readonly isUnreachable: boolean;
      readonly reason: string;
    };

const notWanted: HttpAnswer = { ok: false, mayHaveLeft: false, isUnreachable: false, reason: 'cancelled' };

export class UpstreamHttp {
  readonly #path: string;
  readonly #pool: Pool;
  readonly #isRefusedAddress: boolean;
  #underWay = 0;
  /** The oldest first; one that is cancelled goes at once, so that none of it is kept for a server that hangs. */
  readonly #waiting = new Set<() => void>();

  constructor(serverConfig: HttpServerConfig) {
    const url = new URL(serverConfig.url);
    const hostname = url.hostname.replace(/^\[|\]$/g, '');
    const rules = { hostname, allowPrivateNetwork: serverConfig.allowPrivateNetwork };
    // No look-up is asked for a literal address.
    this.#isRefusedAddress = isIP(hostname) !== 0 && !isAllowedAddress(hostname, rules);
    this.#path = `${url.pathname}${url.search}`;
    const connect = buildConnector({
      lookup: guardedLookup(rules),
      timeout: CONNECT_MS,
      ...(url.protocol === 'https:'
        ? { ...tlsOptions(serverConfig), rejectUnauthorized: true, minVersion: 'TLSv1.2' }
        : {}),
    });
    this.#pool = new Pool(url.origin, {
      connections: MOST_AT_ONCE,
      pipelining: 1,
      keepAliveTimeout: IDLE_SOCKET_MS,
      keepAliveMaxTimeout: LONGEST_IDLE_SOCKET_MS,
      // How long a call may take is for the wire to say, which also tells the upstream.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 64 * 1024,
      connect: (options, callback) =>
        connect(options, (...made) => {
          if (made[0] === null) guardSocket(made[1]);
          callback(...made);
        }),
    });
  }

  /** Never rejects. */
  send(request: HttpSend): Promise<HttpAnswer> {
    const { method, headers, body, cancellation } = request;
    if (this.#isRefusedAddress) {
      const reason = 'its address is refused (private or reserved)';
      return Promise.resolve({ ok: false, mayHaveLeft: false, isUnreachable: true, reason });
    }
    if (cancellation.isCancelled) return Promise.resolve(notWanted);
    return new Promise((resolve) => {
      const receiver = new Receiver(request, resolve, () => this.#startNext());
      const start = () => {
        this.#underWay += 1;
        this.#pool.dispatch({ path: this.#path, method, headers, body: body ?? null }, receiver);
      };
      if (this.#underWay < MOST_AT_ONCE) return start();
      this.#waiting.add(start);
      cancellation.onCancel(() => this.#waiting.delete(start));
    });
  }

  #startNext(): void {
    this.#underWay -= 1;
    if (this.#waiting.size === 0) return;
    // Later: the dispatcher may be in the middle of reading, where it takes nothing new.
    queueMicrotask(() => {
      const [start] = this.#waiting;
      if (start === undefined || this.#underWay >= MOST_AT_ONCE) return;
      this.#waiting.delete(start);
      start();
    });
  }

  close(): void {
    this.#pool.destroy().catch(() => {});
    // The pool refuses them, in words of its own.
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const start of waiting) start();
  }
}

/** Takes one answer from the dispatcher: `onConnect` comes right before the first byte is written. */
class Receiver implements Dispatcher.DispatchHandlers {
  readonly #cancellation: Cancellation;
  readonly #onLeaving: (() => void) | undefined;
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #onOver: () => void;
  readonly #forget: () => void;
  #abort: ((error?: Error) => void) | undefined;
  #response: HttpResponse | undefined;
  #interimAnswers = 0;
  #isOver = false;

  constructor(
    { cancellation, onLeaving }: HttpSend,
    resolve: (answer: HttpAnswer) => void,
    /** It takes up no connection any more. */
    onOver: () => void,
  ) {
    this.#cancellation = cancellation;
    this.#onLeaving = onLeaving;
    this.#resolve = resolve;
    this.#onOver = onOver;
    this.#forget = cancellation.onCancel(() => this.#cancel());
  }

  /** One that still waits for a connection is over at once; what becomes of the connection is nobody's concern. */
  #cancel(): void {
    if (this.#abort !== undefined) this.#abort();
    else this.#resolve(notWanted);
  }

  onConnect(abort: (error?: Error) => void): void {
    // Thrown, not aborted: the connection that it does not need is left to others.
    if (this.#cancellation.isCancelled) throw new Error('cancelled before it was sent');
    this.#onLeaving?.();
    this.#abort = abort;
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void): boolean {
    if (status < 200) {
      this.#interimAnswers += 1;
      if (this.#interimAnswers > MOST_INTERIM_ANSWERS) this.#abort?.();
      return true;
    }
    this.#response = new HttpResponse(status, rawHeaders, { resume, destroy: () => this.#abort?.() });
    this.#resolve({ ok: true, response: this.#response });
    return true;
  }

  onData(chunk: Buffer): boolean {
    return this.#response?.take(chunk) ?? true;
  }

  onComplete(): void {
    this.#end();
    this.#response?.finish('whole');
  }

  onError(error: Error): void {
    this.#end();
    this.#response?.finish('broken');
    const mayHaveLeft = this.#abort !== undefined;
    const isUnreachable = !mayHaveLeft && !this.#cancellation.isCancelled && !isOfRequest(error);
    const reason = connectionReason(error, this.#cancellation);
    this.#resolve({ ok: false, mayHaveLeft, isUnreachable, reason });
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#forget();
    this.#onOver();
  }
}

function isOfRequest(error: NodeJS.ErrnoException): boolean {
  return error.code === 'UND_ERR_INVALID_ARG';
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
    case 'UND_ERR_INVALID_ARG':
      return 'one of its headers holds a character that no header may hold';
    case 'UND_ERR_SOCKET':
      return 'the connection broke (closed or reset by the server)';
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
