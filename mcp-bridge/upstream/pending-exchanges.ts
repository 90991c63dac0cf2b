/**
 * The requests that wait for an answer on a shared pipe, and which of them an incoming message belongs to.
 *
 * A pipe does not say which call a log line or an elicitation belongs to. Where exactly one call is open it is that
 * one; otherwise nobody is guessed at, since a wrong guess shows one AI client what another one caused (MC-22).
 */
import type { JsonObject } from '../core/model/json.ts';
import type { UpstreamOutcome } from '../pipeline/ports.ts';
import { META } from './protocol-eras.ts';
import { type Exchange, withCallersToken } from './wire.ts';

type Pending = { readonly exchange: Exchange; readonly settle: (outcome: UpstreamOutcome) => void };

/** Beyond it none is remembered; that there are some is what counts. */
const MOST_GIVEN_UP = 1_000;

export class PendingExchanges {
  readonly #pending = new Map<number, Pending>();
  readonly #givenUp = new Set<number>();
  #lastId = 0;

  get size(): number {
    return this.#pending.size;
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  open(id: number, exchange: Exchange, settle: (outcome: UpstreamOutcome) => void): void {
    this.#pending.set(id, { exchange, settle });
  }

  /** Given up, where it was not settled: its answer may still come. */
  close(id: number): void {
    if (this.#pending.delete(id) && this.#givenUp.size < MOST_GIVEN_UP) this.#givenUp.add(id);
  }

  settle(id: string | number | undefined, outcome: UpstreamOutcome): void {
    if (typeof id !== 'number') return;
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    this.#givenUp.delete(id);
    pending?.settle(outcome);
  }

  /**
   * An error without an id (JSON-RPC 2.0 §5: the id could not be read) is of the one request that has no answer yet, where
   * there is but one. Otherwise it is nobody's: a write that is taken for failed would be made again.
   */
  settleWithoutId(outcome: UpstreamOutcome): void {
    const [only] = this.#pending.keys();
    if (this.#pending.size === 1 && this.#givenUp.size === 0) this.settle(only, outcome);
  }

  settleAll(outcome: UpstreamOutcome): void {
    for (const id of [...this.#pending.keys()]) this.settle(id, outcome);
  }

  /** True when the notification belonged to a call and was handed to it. */
  deliver(method: string, params: JsonObject): boolean {
    if (method === 'notifications/progress') {
      const token = params['progressToken'];
      const pending = typeof token === 'number' ? this.#pending.get(token) : undefined;
      // Progress for a call that is over, or for a token never given out, concerns nobody.
      pending?.exchange.onNotification?.(method, withCallersToken(params, pending.exchange.params));
      return true;
    }
    const subscriptionId = (params['_meta'] as JsonObject | undefined)?.[META.subscriptionId];
    if (subscriptionId !== undefined) {
      const subscription = typeof subscriptionId === 'number' ? this.#pending.get(subscriptionId) : undefined;
      subscription?.exchange.onNotification?.(method, params);
      return true;
    }
    if (method.endsWith('/list_changed') || method === 'notifications/resources/updated') return false;
    const only = this.#onlyCall((exchange) => exchange.onNotification !== undefined);
    only?.onNotification?.(method, params);
    // SECURITY(MC-22): a line of one of several calls is not told to everybody: those calls may be of several AI clients.
    return only !== undefined || this.#calls().length > 1;
  }

  /** The call that a request of the upstream belongs to, where that is certain. */
  causeOfRequest(): Exchange | undefined {
    return this.#onlyCall((exchange) => exchange.onRequest !== undefined);
  }

  /** Subscriptions stay open for ever and cause nothing by themselves. */
  #onlyCall(canTake: (exchange: Exchange) => boolean): Exchange | undefined {
    const calls = this.#calls();
    const [only] = calls;
    return calls.length === 1 && only !== undefined && canTake(only.exchange) ? only.exchange : undefined;
  }

  #calls(): readonly Pending[] {
    return [...this.#pending.values()].filter(({ exchange }) => exchange.method !== 'subscriptions/listen');
  }
}
