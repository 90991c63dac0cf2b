/**
 * JSON-RPC over Streamable HTTP, both eras: one POST for each request, its answer as JSON or as an event stream.
 * What comes on the stream of a request belongs to that request.
 *
 * Initialize era: a session id that the server gave is sent along, and a 404 that answers it means that the session
 * is gone: the wire ends and the next one shakes hands again. A stream that breaks off after an event id is taken up
 * again by GET with `Last-Event-ID`. No redirect leaves the origin (MC-34).
 */
import type { JsonObject } from '../core/model/json.ts';
import type { UpstreamOutcome } from '../pipeline/ports.ts';
import { answerUpstream } from './answer-upstream.ts';
import { Cancellation } from './cancellation.ts';
import { belongsToServer, deliverToExchange, outcomeOf } from './exchange-messages.ts';
import { FloodGate } from './flood-gate.ts';
import { type HttpSend, UpstreamHttp } from './http-agent.ts';
import { messageReader, readAnswer } from './http-answer.ts';
import type { HttpResponse } from './http-response.ts';
import type { RpcMessage } from './json-rpc.ts';
import { PendingExchanges } from './pending-exchanges.ts';
import type { HttpServerConfig } from './server-config.ts';
import { keepServerStream, pause } from './server-stream.ts';
import {
  type Exchange,
  type Wire,
  type WireAuthorization,
  type WireLimits,
  type WireListener,
  withProgressToken,
} from './wire.ts';

const MAX_RESUMPTIONS = 5;
const RESUME_PAUSE_MS = 1_000;

export class HttpWire implements Wire {
  readonly kind = 'http';
  readonly closed: Promise<string>;
  /** Names in lower case, so that ours take the place of theirs. */
  readonly #configured: Readonly<Record<string, string>>;
  readonly #listener: WireListener;
  readonly #limits: WireLimits;
  readonly #authorization: WireAuthorization | undefined;
  readonly #http: UpstreamHttp;
  readonly #flood: FloodGate;
  readonly #pending = new PendingExchanges();
  readonly #serverStream = new Cancellation();
  #answering = 0;
  #mcpSessionId: string | undefined;
  #die: (reason: string) => void = () => {};
  #isDead = false;

  constructor(
    serverConfig: HttpServerConfig,
    listener: WireListener,
    limits: WireLimits,
    authorization?: WireAuthorization,
  ) {
    this.#configured = lowerCaseNames(serverConfig.headers);
    this.#listener = listener;
    this.#limits = limits;
    this.#authorization = authorization;
    this.#flood = new FloodGate(limits.maxUnsolicitedPerSecond);
    this.#http = new UpstreamHttp(serverConfig);
    this.closed = new Promise((resolve) => {
      this.#die = (reason) => {
        this.#isDead = true;
        this.#serverStream.cancel();
        resolve(reason);
      };
    });
  }

  exchange(exchange: Exchange): Promise<UpstreamOutcome> {
    if (exchange.signal.aborted) return Promise.resolve({ kind: 'not-sent', reason: 'cancelled before it was sent' });
    if (this.#isDead) return Promise.resolve({ kind: 'not-sent', reason: 'the connection is closed' });
    const id = this.#pending.nextId();
    const cancellation = new Cancellation();
    return new Promise((resolve) => {
      const settle = (outcome: UpstreamOutcome) => {
        clearTimeout(timer);
        exchange.signal.removeEventListener('abort', cancel);
        this.#pending.close(id);
        resolve(outcome);
      };
      let mayHaveLeft = false;
      const giveUp = (reason: string, reasonUnsent: string) => {
        if (mayHaveLeft && exchange.cancelBy === 'notification')
          void this.notify('notifications/cancelled', { requestId: id, reason }, exchange.headers);
        settle(mayHaveLeft ? { kind: 'unknown', reason } : { kind: 'not-sent', reason: reasonUnsent });
        cancellation.cancel();
      };
      const cancel = () => giveUp('cancelled while the server was working on it', 'cancelled before it was sent');
      const { timeoutMs } = exchange;
      const timer = setTimeout(
        () => giveUp(`no answer within ${timeoutMs} ms`, `no connection to the server within ${timeoutMs} ms`),
        timeoutMs,
      );
      const onLeaving = () => {
        mayHaveLeft = true;
      };
      exchange.signal.addEventListener('abort', cancel, { once: true });
      this.#pending.open(id, exchange, (outcome) =>
        settle(outcome.kind === 'unknown' && !mayHaveLeft ? { ...outcome, kind: 'not-sent' } : outcome),
      );
      void this.#post(id, exchange, { cancellation, onLeaving }).then(settle);
    });
  }

  async notify(method: string, params: JsonObject, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#postAside({ jsonrpc: '2.0', method, params }, headers);
  }

  async close(): Promise<void> {
    this.#pending.settleAll({ kind: 'unknown', reason: 'the connection was closed' });
    if (this.#mcpSessionId !== undefined && !this.#isDead) {
      const answer = await this.#http.send({
        method: 'DELETE',
        headers: this.#headers(),
        cancellation: Cancellation.after(500),
      });
      if (answer.ok) answer.response.destroy();
    }
    this.#die('closed');
    this.#http.close();
  }

  /** The stream for what belongs to no request; a server that has none answers 405 and is left alone. */
  openServerStream(headers: Readonly<Record<string, string>>): void {
    void keepServerStream({
      cancellation: this.#serverStream,
      limits: this.#limits,
      open: (resume) => this.#get({ ...headers, ...resume }, this.#serverStream),
      onMessage: (message, source) => this.#onServerMessage(message, source),
    });
  }

  async #post(
    id: number,
    exchange: Exchange,
    { cancellation, onLeaving }: Pick<HttpSend, 'cancellation' | 'onLeaving'>,
  ): Promise<UpstreamOutcome> {
    const params = withProgressToken(exchange.params, id);
    const answer = await this.#http.send({
      method: 'POST',
      headers: this.#headers(exchange),
      body: JSON.stringify({ jsonrpc: '2.0', id, method: exchange.method, params }),
      cancellation,
      onLeaving,
    });
    if (!answer.ok) {
      // Whatever answers there next may be another server: shake hands and look at its definitions again.
      if (answer.isUnreachable) this.#die(answer.reason);
      return { kind: answer.mayHaveLeft ? 'unknown' : 'not-sent', reason: answer.reason };
    }
    const { response } = answer;
    this.#noteRefusal(response);
    if (exchange.method === 'initialize') this.#mcpSessionId = sessionIdOf(response);
    else if (response.status === 404 && this.#mcpSessionId !== undefined) {
      response.discard();
      this.#die('forgot the session');
      return { kind: 'not-sent', reason: 'the server forgot the session' };
    }
    return this.#readUntilAnswered(id, exchange, response, cancellation);
  }

  async #readUntilAnswered(
    id: number,
    exchange: Exchange,
    first: HttpResponse,
    cancellation: Cancellation,
  ): Promise<UpstreamOutcome> {
    let outcome: UpstreamOutcome | undefined;
    let response = first;
    for (let resumptions = 0; ; resumptions += 1) {
      const current = response;
      const end = await readAnswer(
        current,
        this.#limits,
        messageReader((message) => {
          outcome ??= this.#onMessage(id, exchange, message, current);
          return outcome !== undefined;
        }),
      );
      if (outcome !== undefined) return outcome;
      if (end.failure !== undefined) return end.failure;
      if (end.lastEventId === undefined || cancellation.isCancelled || resumptions >= MAX_RESUMPTIONS)
        return { kind: 'unknown', reason: 'the answer broke off' };
      await pause(end.retryMs ?? RESUME_PAUSE_MS, cancellation);
      const again = await this.#get({ ...exchange.headers, 'last-event-id': end.lastEventId }, cancellation);
      if (again === undefined)
        return { kind: 'unknown', reason: 'the answer broke off and could not be taken up again' };
      response = again;
    }
  }

  /** The outcome, when the message is the answer. */
  #onMessage(id: number, exchange: Exchange, message: RpcMessage, source: HttpResponse): UpstreamOutcome | undefined {
    if (message.kind === 'result' || message.kind === 'error') return outcomeOf(message, id);
    this.#flood.count(source);
    if (message.kind === 'request') void this.#answer(message, exchange.onRequest, exchange.headers ?? {});
    else if (belongsToServer(message.method, exchange)) this.#listener.onNotification(message.method, message.params);
    else deliverToExchange(id, exchange, message.method, message.params);
    return undefined;
  }

  #onServerMessage(message: RpcMessage, source: HttpResponse): void {
    this.#flood.count(source);
    if (message.kind === 'notification' && !this.#pending.deliver(message.method, message.params))
      this.#listener.onNotification(message.method, message.params);
    if (message.kind === 'request') {
      const cause = this.#pending.causeOfRequest();
      void this.#answer(message, cause?.onRequest, cause?.headers ?? {});
    }
  }

  async #answer(
    message: RpcMessage & { readonly kind: 'request' },
    onRequest: Exchange['onRequest'],
    headers: Readonly<Record<string, string>>,
  ): Promise<void> {
    this.#answering += 1;
    const isTooMany = this.#answering > this.#limits.maxUpstreamRequests;
    const reply = await answerUpstream(message, { onRequest, listener: this.#listener, isTooMany });
    this.#answering -= 1;
    await this.#postAside(reply, headers);
  }

  /** A POST without a result: notifications, and answers to the server's own requests. */
  async #postAside(message: JsonObject, headers: Readonly<Record<string, string>>): Promise<void> {
    if (this.#isDead) return;
    const answer = await this.#http.send({
      method: 'POST',
      headers: this.#headers({ headers }),
      body: JSON.stringify(message),
      cancellation: Cancellation.after(10_000),
    });
    if (answer.ok) answer.response.discard();
  }

  async #get(headers: Readonly<Record<string, string>>, cancellation: Cancellation): Promise<HttpResponse | undefined> {
    const answer = await this.#http.send({
      method: 'GET',
      headers: { ...this.#headers({ headers }), accept: 'text/event-stream' },
      cancellation,
    });
    if (!answer.ok) {
      if (answer.isUnreachable) this.#die(answer.reason);
      return undefined;
    }
    if (answer.response.status === 200) return answer.response;
    this.#noteRefusal(answer.response);
    answer.response.discard();
    return undefined;
  }

  #noteRefusal(response: HttpResponse): void {
    const { status } = response;
    if (status === 401 || status === 403) this.#authorization?.refused(status, response.header('www-authenticate'));
  }

  #headers(exchange?: Pick<Exchange, 'headers' | 'credential'>): Record<string, string> {
    const credential = exchange?.credential;
    const authorization =
      credential === undefined ? this.#authorization?.header() : `${credential.scheme} ${credential.value}`;
    return {
      ...this.#configured,
      ...(authorization === undefined ? {} : { authorization }),
      ...(this.#mcpSessionId === undefined ? {} : { 'mcp-session-id': this.#mcpSessionId }),
      ...exchange?.headers,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
  }
}

function sessionIdOf(response: HttpResponse): string | undefined {
  const sessionId = response.header('mcp-session-id');
  return sessionId !== undefined && /^[\x21-\x7e]{1,1024}$/.test(sessionId) ? sessionId : undefined;
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
