/** What a message on the stream of a request means for that request. */
import type { JsonObject } from '../core/model/json.ts';
import type { UpstreamOutcome } from '../pipeline/ports.ts';
import type { RpcMessage } from './json-rpc.ts';
import { type Exchange, withCallersToken } from './wire.ts';

/** Undefined for the answer of another request. An error without an id can only mean this one. */
export function outcomeOf(
  message: RpcMessage & { readonly kind: 'result' | 'error' },
  id: number,
): UpstreamOutcome | undefined {
  if (message.kind === 'result') return message.id === id ? { kind: 'answered', result: message.result } : undefined;
  return message.id === id || message.id === undefined ? { kind: 'failed', ...message.error } : undefined;
}

/** Some servers of the initialize era tell of list changes on whatever stream is open. */
export function belongsToServer(method: string, exchange: Exchange): boolean {
  return method.endsWith('/list_changed') && exchange.method !== 'subscriptions/listen';
}

export function deliverToExchange(id: number, exchange: Exchange, method: string, params: JsonObject): void {
  if (method !== 'notifications/progress') exchange.onNotification?.(method, params);
  else if (params['progressToken'] === id) exchange.onNotification?.(method, withCallersToken(params, exchange.params));
}
