/**
 * JSON-RPC over HTTP with SSE, the transport of 2024-11-05: requests are POSTed, and every answer comes on the one event
 * stream. What belongs to which call is as on stdio, since the stream does not say.
 *
 * When the stream ends the wire ends: what was sent and not answered is `unknown` and is never sent again; what had not
 * left is `not-sent`. No redirect is followed (MC-34).
 */
import type { JsonObject, JsonValue } from '../core/model/json.ts';
import type { UpstreamOutcome } from '../pipeline/ports.ts';
import { answerUpstream } from './answer-upstream.ts';
import { Cancellation } from './cancellation.ts';
import { FloodGate } from './flood-gate.ts';
import { readAnswer } from './http-answer.ts';
import type { HttpResponse } from './http-response.ts';
import { type RpcMessage, readRpcMessage } from './json-rpc.ts';
import { PendingExchanges } from './pending-exchanges.ts';
import type { HttpServerConfig } from './server-config.ts';
import { SseConnection } from './sse-connection.ts';
import { edgesOf, requestIdIn } from './unreadable-answer.ts';
import {
  type Exchange,
  type Wire,
  type WireAuthorization,
  type WireLimits,
  type WireListener,
  withProgressToken,
} from './wire.ts';

/** SECURITY(MC-40): each reply is a POST, and costs us more than the question cost the server; then reading pauses. */
const MAX_QUESTIONS_PER_SECOND = 100;
/** Replies that a server has not taken yet; beyond them it gets no more. */
const MAX_UNTAKEN_REPLIES = 64;
/** How long a server may take to say that it took what wants no answer, or what it answered already. */
const TAKE_MS = 10_000;
const CLOSED: UpstreamOutcome = { kind: 'not-sent', reason: 'the connection is closed' };

/** `unsent` is the reason where nothing of the request had left. */
type GiveUp = (reason: string, unsent?: string) => void;

/** What becomes of a request that was given up, or ended otherwise. */
type End = {
  readonly settle: (outcome: UpstreamOutcome) => void;
  /** Given up after it may have left. */
  readonly left: () => void;
  /** Given up before. */
  readonly stayed: () => void;
};

export class SseWire implements Wire {
  readonly kind = 'http';
  readonly closed: Promise<string>;
  readonly #listener: WireListener;
  readonly #limits: WireLimits;
  readonly #connection: SseConnection;
  readonly #flood: FloodGate;
  readonly #questions = new FloodGate(MAX_QUESTIONS_PER_SECOND);
  readonly #pending = new PendingExchanges();
  /** Everything that is not settled, whether it was sent or not. */
  readonly #open = new Set<GiveUp>();
  #answering = 0;
  #untakenReplies = 0;

  constructor(
    serverConfig: HttpServerConfig,
    listener: WireListener,
    limits: WireLimits,
    authorization?: WireAuthorization,
  ) {
    this.#listener = listener;
    this.#limits = limits;
    this.#flood = new FloodGate(limits.maxUnsolicitedPerSecond);
    this.#connection = new SseConnection(serverConfig, limits.maxMessageBytes, authorization, {
      onValue: (value, source) => this.#onValue(value, source),
      onUnreadable: (data, source) => this.#onUnreadable(data, source),
      onDead: (reason) => {
        for (const giveUp of [...this.#open]) giveUp(reason);
      },
      waiting: () => this.#pending.size,
    });
    this.closed = this.#connection.closed;
  }

  exchange(exchange: Exchange): Promise<UpstreamOutcome> {
    if (exchange.signal.aborted) return Promise.resolve({ kind: 'not-sent', reason: 'cancelled before it was sent' });
    if (this.#connection.isDead) return this.#connection.opened.then((failure) => failure ?? CLOSED);
    const { timeoutMs } = exchange;
    const cancellation = new Cancellation();
    const id = this.#pending.nextId();
    return new Promise((resolve) => {
      let isSettled = false;
      let reasons = { left: '', stayed: '' };
      const settle = (outcome: UpstreamOutcome) => {
        if (isSettled) return;
        isSettled = true;
        clearTimeout(timer);
        exchange.signal.removeEventListener('abort', cancel);
        this.#pending.close(id);
        this.#open.delete(giveUp);
        resolve(outcome);
      };
      const giveUp: GiveUp = (reason, unsent = reason) => {
        reasons = { left: reason, stayed: unsent };
        // Whoever sends it says whether it had left.
        cancellation.cancel();
      };
      const left = () => {
        if (isSettled) return;
        settle({ kind: 'unknown', reason: reasons.left });
        const params = { requestId: id, reason: reasons.left };
        if (exchange.cancelBy !== 'none') void this.notify('notifications/cancelled', params, exchange.headers);
      };
      const stayed = () => settle({ kind: 'not-sent', reason: reasons.stayed });
      const cancel = () => giveUp('cancelled while the server was working on it', 'cancelled before it was sent');
      const late = () => giveUp(`no answer within ${timeoutMs} ms`, `nothing could be sent within ${timeoutMs} ms`);
      const timer = setTimeout(late, timeoutMs);
      exchange.signal.addEventListener('abort', cancel, { once: true });
      this.#open.add(giveUp);
      void this.#send(id, exchange, cancellation, { settle, left, stayed });
    });
  }

  async notify(method: string, params: JsonObject, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#postAside({ jsonrpc: '2.0', method, params }, headers);
  }

  async close(): Promise<void> {
    this.#connection.die('closed');
    await this.closed;
  }

  async #send(id: number, exchange: Exchange, cancellation: Cancellation, end: End): Promise<void> {
    const failure = await Promise.race([this.#connection.opened, cancelled(cancellation)]);
    if (failure !== undefined) return end.settle(failure);
    if (cancellation.isCancelled) return end.stayed();
    let isPosted = false;
    // The answer may come before the server says that it took the request, which it need not say at all then.
    this.#pending.open(id, exchange, (outcome) => {
      end.settle(outcome);
      if (!isPosted) setTimeout(() => cancellation.cancel(), TAKE_MS).unref();
    });
    const params = withProgressToken(exchange.params, id);
    const message = { jsonrpc: '2.0', id, method: exchange.method, params };
    const answer = await this.#connection.post(message, exchange, cancellation);
    isPosted = true;
    if (answer === undefined) return end.settle(CLOSED);
    if (!answer.ok) {
      if (cancellation.isCancelled) return answer.mayHaveLeft ? end.left() : end.stayed();
      end.settle({ kind: answer.mayHaveLeft ? 'unknown' : 'not-sent', reason: answer.reason });
      // Whatever answers there next may be another server: shake hands and look at its definitions again.
      if (answer.isUnreachable) this.#connection.die(answer.reason);
      return;
    }
    cancellation.onCancel(end.left);
    const { response } = answer;
    if (response.status >= 200 && response.status < 300) response.discard();
    else await this.#refused(exchange, response, end);
  }

  /** The server did not take the request: the stream brings no answer. */
  async #refused(exchange: Exchange, response: HttpResponse, end: End): Promise<void> {
    const { status } = response;
    this.#connection.noteRefusal(response);
    if ((status === 404 || status === 410) && exchange.method !== 'initialize') {
      response.discard();
      end.settle({ kind: 'not-sent', reason: 'the server forgot the session' });
      this.#connection.die('forgot the session');
      return;
    }
    const { failure } = await readAnswer(response, this.#limits, () => false);
    end.settle(failure ?? { kind: 'unknown', reason: `the server answered HTTP ${status} without a result` });
  }

  /** One message, or a batch of them as 2025-03-26 and before allowed. */
  #onValue(value: JsonValue, source: HttpResponse): void {
    for (const one of Array.isArray(value) ? value : [value as JsonValue]) this.#onMessage(readRpcMessage(one), source);
  }

  #onMessage(message: RpcMessage | undefined, source: HttpResponse): void {
    switch (message?.kind) {
      case 'result':
        this.#pending.settle(message.id, { kind: 'answered', result: message.result });
        return;
      case 'error':
        if (message.id === undefined) this.#pending.settleWithoutId({ kind: 'failed', ...message.error });
        else this.#pending.settle(message.id, { kind: 'failed', ...message.error });
        return;
      case 'notification':
        this.#flood.count(source);
        if (!this.#pending.deliver(message.method, message.params))
          this.#listener.onNotification(message.method, message.params);
        return;
      case 'request':
        this.#questions.count(source);
        void this.#answer(message);
        return;
      default:
        this.#flood.count(source);
    }
  }

  /** The call whose answer this was must not wait for ever. */
  #onUnreadable(data: string, source: HttpResponse): void {
    this.#flood.count(source);
    this.#pending.settle(requestIdIn(edgesOf(data)), { kind: 'unknown', reason: 'the answer could not be read' });
  }

  async #answer(message: RpcMessage & { readonly kind: 'request' }): Promise<void> {
    this.#answering += 1;
    const isTooMany = this.#answering > this.#limits.maxUpstreamRequests;
    const cause = this.#pending.causeOfRequest();
    const reply = await answerUpstream(message, { onRequest: cause?.onRequest, listener: this.#listener, isTooMany });
    this.#answering -= 1;
    // SECURITY(MC-33): who asks without end and takes nothing gets no more answers.
    if (this.#untakenReplies >= MAX_UNTAKEN_REPLIES) return;
    this.#untakenReplies += 1;
    await this.#postAside(reply, cause?.headers ?? {});
    this.#untakenReplies -= 1;
  }

  /** A POST without a result: notifications, and answers to the server's own requests. */
  async #postAside(message: JsonObject, headers: Readonly<Record<string, string>>): Promise<void> {
    const answer = await this.#connection.post(message, { headers }, Cancellation.after(TAKE_MS));
    if (answer?.ok === true) answer.response.discard();
  }
}

function cancelled(cancellation: Cancellation): Promise<undefined> {
  return new Promise((resolve) => {
    cancellation.onCancel(() => resolve(undefined));
  });
}
