/**
 * JSON-RPC over the pipes of a child process, one message a line (MCP 2026-07-28 stdio, same in every revision).
 *
 * What cannot be read as JSON-RPC is dropped and counted; it never ends the bridge. A request is `not-sent` only
 * while no byte of it was handed to the pipe.
 */
import type { JsonObject } from '../core/model/json.ts';
import type { UpstreamOutcome } from '../pipeline/ports.ts';
import { answerUpstream } from './answer-upstream.ts';
import type { Child } from './child.ts';
import { FairShare } from './fair-share.ts';
import { FloodGate } from './flood-gate.ts';
import { parseRpcText, type RpcMessage } from './json-rpc.ts';
import { LineSplitter } from './line-splitter.ts';
import { PendingExchanges } from './pending-exchanges.ts';
import { edgesOf, requestIdIn } from './unreadable-answer.ts';
import { type Exchange, type Wire, type WireLimits, type WireListener, withProgressToken } from './wire.ts';

/** What a server may leave unread in our memory, bytes. */
const MAX_UNREAD = 64 * 1024 * 1024;
const MAX_UNREAD_REPLIES = 1024 * 1024;

export class StdioWire implements Wire {
  readonly kind = 'stdio';
  readonly pid: number | undefined;
  readonly closed: Promise<string>;
  readonly #child: Child;
  readonly #listener: WireListener;
  readonly #limits: WireLimits;
  readonly #pending = new PendingExchanges();
  readonly #flood: FloodGate;
  #answering = 0;

  constructor(child: Child, listener: WireListener, limits: WireLimits) {
    this.#child = child;
    this.#listener = listener;
    this.#limits = limits;
    this.#flood = new FloodGate(limits.maxUnsolicitedPerSecond);
    this.pid = child.pid;
    const lines = new LineSplitter(limits, {
      onLine: (line) => this.#onLine(line),
      onOversized: (edges) =>
        this.#onUnreadable(edges, `was longer than ${limits.maxMessageBytes} bytes and was dropped`),
      onEndless: () => child.kill(),
    });
    const share = new FairShare();
    child.stdout.on('data', (chunk: Buffer) =>
      share.spend(child.stdout, () => {
        const open = this.#pending.size;
        lines.push(chunk);
        return this.#pending.size < open;
      }),
    );
    // A process that cannot answer any more is no server, even if it lives.
    child.stdout.once('end', () => void child.end());
    this.closed = child.exited.then((reason) => {
      this.#pending.settleAll({ kind: 'unknown', reason: `the server's process ${reason}` });
      return reason;
    });
  }

  exchange(exchange: Exchange): Promise<UpstreamOutcome> {
    if (exchange.signal.aborted) return Promise.resolve({ kind: 'not-sent', reason: 'cancelled before it was sent' });
    if (!this.#child.alive) return Promise.resolve({ kind: 'not-sent', reason: "the server's process is not running" });
    if (this.#child.stdin.writableLength > MAX_UNREAD)
      return Promise.resolve({ kind: 'not-sent', reason: "the server's process does not read what it is sent" });
    const id = this.#pending.nextId();
    return new Promise((resolve) => {
      const settle = (outcome: UpstreamOutcome) => {
        clearTimeout(timer);
        exchange.signal.removeEventListener('abort', cancel);
        this.#pending.close(id);
        resolve(outcome);
      };
      const giveUp = (reason: string) => {
        if (exchange.cancelBy !== 'none') void this.notify('notifications/cancelled', { requestId: id, reason });
        settle({ kind: 'unknown', reason });
      };
      const cancel = () => giveUp('cancelled while the server was working on it');
      const timer = setTimeout(() => giveUp(`no answer within ${exchange.timeoutMs} ms`), exchange.timeoutMs);
      exchange.signal.addEventListener('abort', cancel, { once: true });
      this.#pending.open(id, exchange, settle);
      this.#write({ jsonrpc: '2.0', id, method: exchange.method, params: withProgressToken(exchange.params, id) });
    });
  }

  notify(method: string, params: JsonObject): Promise<void> {
    this.#write({ jsonrpc: '2.0', method, params });
    return Promise.resolve();
  }

  close(): Promise<void> {
    return this.#child.end();
  }

  #write(message: JsonObject): void {
    if (this.#child.alive && this.#child.stdin.writable) this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  #onMessage(message: RpcMessage | undefined): void {
    switch (message?.kind) {
      case 'result':
        this.#pending.settle(message.id, { kind: 'answered', result: message.result });
        return;
      case 'error':
        if (message.id === undefined) this.#pending.settleWithoutId({ kind: 'failed', ...message.error });
        else this.#pending.settle(message.id, { kind: 'failed', ...message.error });
        return;
      case 'notification':
        this.#flood.count(this.#child.stdout);
        if (!this.#pending.deliver(message.method, message.params))
          this.#listener.onNotification(message.method, message.params);
        return;
      case 'request':
        this.#flood.count(this.#child.stdout);
        void this.#answer(message);
        return;
      default:
        this.#flood.count(this.#child.stdout);
    }
  }

  async #answer(message: RpcMessage & { readonly kind: 'request' }): Promise<void> {
    this.#answering += 1;
    const isTooMany = this.#answering > this.#limits.maxUpstreamRequests;
    const { onRequest } = this.#pending.causeOfRequest() ?? {};
    const reply = await answerUpstream(message, { onRequest, listener: this.#listener, isTooMany });
    this.#answering -= 1;
    // SECURITY(MC-33): who asks without end and reads nothing gets no more answers.
    if (this.#child.stdin.writableLength < MAX_UNREAD_REPLIES) this.#write(reply);
  }

  #onLine(line: string): void {
    const message = parseRpcText(line);
    this.#onMessage(message);
    if (message !== undefined) return;
    // Noise is dropped; the answer to a call that cannot be read (nested too deep, say) must end its wait.
    const edges = edgesOf(line);
    if (requestIdIn(edges) !== undefined) this.#onUnreadable(edges, 'could not be read');
  }

  /** The call whose answer this was must not wait for ever; where that cannot be told, none of them. */
  #onUnreadable(edges: string, what: string): void {
    const outcome = { kind: 'unknown', reason: `the answer ${what}` } as const;
    const id = requestIdIn(edges);
    if (id === undefined) this.#pending.settleAll(outcome);
    else this.#pending.settle(id, outcome);
  }
}
