/**
 * The HTTP side of an HTTP+SSE connection (MCP 2024-11-05): one GET whose event stream names the address to POST to.
 * The stream is the connection: when it ends, or nothing answers at the address, the whole is dead.
 */
import type { JsonObject, JsonValue } from '../core/model/json.ts';
import type { UpstreamOutcome } from '../pipeline/ports.ts';
import { Cancellation } from './cancellation.ts';
import { type HttpAnswer, UpstreamHttp } from './http-agent.ts';
import type { HttpResponse } from './http-response.ts';
import { INTERNAL_ERROR } from './json-rpc.ts';
import type { HttpServerConfig } from './server-config.ts';
import { endpointAddress } from './sse-endpoint.ts';
import { isEventStream, readSseStream } from './sse-stream.ts';
import type { Exchange, WireAuthorization } from './wire.ts';

export type SseConnectionEvents = {
  onValue(value: JsonValue, source: HttpResponse): void;
  onUnreadable(data: string, source: HttpResponse): void;
  /** Before `closed` resolves. */
  onDead(reason: string): void;
  /** Calls that wait for an answer. */
  waiting(): number;
};

export class SseConnection {
  /** Undefined: there is an address to send to. Otherwise why there is none. */
  readonly opened: Promise<UpstreamOutcome | undefined>;
  readonly closed: Promise<string>;
  readonly #serverConfig: HttpServerConfig;
  readonly #authorization: WireAuthorization | undefined;
  readonly #events: SseConnectionEvents;
  readonly #streamHttp: UpstreamHttp;
  readonly #stream = new Cancellation();
  #postHttp: UpstreamHttp | undefined;
  #noteOpened: (failure: UpstreamOutcome | undefined) => void = () => {};
  #noteClosed: (reason: string) => void = () => {};
  #isDead = false;

  constructor(
    serverConfig: HttpServerConfig,
    maxMessageBytes: number,
    authorization: WireAuthorization | undefined,
    events: SseConnectionEvents,
  ) {
    this.#serverConfig = serverConfig;
    this.#authorization = authorization;
    this.#events = events;
    this.#streamHttp = new UpstreamHttp(serverConfig);
    this.closed = new Promise((resolve) => {
      this.#noteClosed = resolve;
    });
    this.opened = new Promise((resolve) => {
      this.#noteOpened = resolve;
    });
    void this.#openStream(maxMessageBytes);
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Undefined: there is nothing to send to, so nothing was sent. */
  async post(
    message: JsonObject,
    exchange: Pick<Exchange, 'headers' | 'credential'>,
    cancellation: Cancellation,
  ): Promise<HttpAnswer | undefined> {
    if (this.#isDead || this.#postHttp === undefined) return undefined;
    const body = JSON.stringify(message);
    return this.#postHttp.send({ method: 'POST', headers: this.#headers(exchange), body, cancellation });
  }

  noteRefusal(response: HttpResponse): void {
    const { status } = response;
    if (status === 401 || status === 403) this.#authorization?.refused(status, response.header('www-authenticate'));
  }

  /** Idempotent. */
  die(reason: string): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#noteOpened({ kind: 'not-sent', reason });
    this.#events.onDead(reason);
    this.#stream.cancel();
    // Calls hear of it first; their requests end with the connections.
    setImmediate(() => {
      this.#streamHttp.close();
      this.#postHttp?.close();
      this.#noteClosed(reason);
    });
  }

  async #openStream(maxMessageBytes: number): Promise<void> {
    const answer = await this.#streamHttp.send({
      method: 'GET',
      headers: { ...this.#headers({}), accept: 'text/event-stream' },
      cancellation: this.#stream,
    });
    if (!answer.ok) return this.die(answer.reason);
    const { response } = answer;
    if (!isEventStream(response)) {
      this.noteRefusal(response);
      response.discard();
      const { status: httpStatus } = response;
      const message = `it answered HTTP ${httpStatus} without an event stream`;
      this.#noteOpened({ kind: 'failed', code: INTERNAL_ERROR, message, data: { httpStatus } });
      return this.die(message);
    }
    this.#stream.onCancel(() => response.destroy());
    readSseStream(response, maxMessageBytes, {
      onEndpoint: (data) => this.#onEndpoint(data),
      onValue: (value) => this.#events.onValue(value, response),
      onUnreadable: (data) => this.#events.onUnreadable(data, response),
      onEnd: (reason) => this.die(reason),
      waiting: () => this.#events.waiting(),
    });
  }

  /** Only the first one counts: where messages go does not change while calls are open. */
  #onEndpoint(data: string): void {
    if (this.#postHttp !== undefined || this.#isDead) return;
    const address = endpointAddress(data, this.#serverConfig.url);
    if (address === undefined) this.die('its event stream names an address elsewhere, which is refused');
    else {
      this.#postHttp = new UpstreamHttp({ ...this.#serverConfig, url: address });
      this.#noteOpened(undefined);
    }
  }

  #headers({ headers, credential }: Pick<Exchange, 'headers' | 'credential'>): Record<string, string> {
    const authorization =
      credential === undefined ? this.#authorization?.header() : `${credential.scheme} ${credential.value}`;
    const configured = Object.entries(this.#serverConfig.headers).map(([name, value]) => [name.toLowerCase(), value]);
    return {
      ...(Object.fromEntries(configured) as Record<string, string>),
      ...(authorization === undefined ? {} : { authorization }),
      ...headers,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
  }
}
