/**
 * Who wants to hear of which resource. The bridge is asked for every new wish, and told of an end only when nobody
 * else is left: one session that loses interest must not silence another.
 */
import { isJsonObject } from '../core/model/json.ts';
import { askBridge, type Exchange, type ServedEra } from './ask-bridge.ts';
import type { JsonRpcRequest } from './json-rpc.ts';
import type { McpSession } from './mcp-sessions.ts';
import type { Serving } from './serving.ts';

/** As many as one `subscriptions/listen` may name. */
const mostPerSession = 1_000;

export type SubscriptionChange = {
  /** too-many: one more would be an addition beyond the limit, which is refused. */
  readonly change: 'add' | 'remove' | 'too-many';
  readonly session: McpSession;
  readonly uri: string;
};

/** What a request of the initialize era changes, if it changes anything for its session. */
export function subscriptionOf(
  session: McpSession | undefined,
  request: JsonRpcRequest,
): SubscriptionChange | undefined {
  const { uri } = request.params;
  if (session === undefined || typeof uri !== 'string') return undefined;
  const has = session.subscribedUris.has(uri);
  if (request.method === 'resources/subscribe' && !has) {
    return { change: session.subscribedUris.size < mostPerSession ? 'add' : 'too-many', session, uri };
  }
  if (request.method === 'resources/unsubscribe' && has) return { change: 'remove', session, uri };
  return undefined;
}

/** A session that was over before the bridge had answered keeps nothing: nobody would ever end it. */
export function addSubscription(
  serving: Serving,
  exchange: Exchange,
  era: ServedEra,
  { session, uri }: SubscriptionChange,
): void {
  serving.resources.add(exchange.endpoint, uri);
  // what it holds must not keep the stream of this one request in memory
  const afterwards: Exchange = { ...exchange, push: undefined };
  const end = (): Promise<void> => unsubscribeAll(serving, afterwards, era, new Set([uri]));
  if (serving.sessions.isOpen(session)) session.subscribedUris.set(uri, end);
  else void end();
}

/** true when nobody is left, so the bridge is to be told. */
export function removeSubscription(
  { resources }: Serving,
  { endpoint }: Exchange,
  { session, uri }: SubscriptionChange,
): boolean {
  session.subscribedUris.delete(uri);
  return resources.remove(endpoint, uri);
}

/** The URIs among `asked` that the bridge took. */
export async function subscribeAll(
  serving: Serving,
  exchange: Exchange,
  era: ServedEra,
  asked: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const { resources } = exchange.description.capabilities;
  const uris = new Set<string>();
  if (!isJsonObject(resources) || resources['subscribe'] !== true) return uris;
  for (const uri of new Set(asked)) {
    const answer = await askBridge(serving, exchange, era, { method: 'resources/subscribe', params: { uri } }, signal);
    if (answer.kind === 'error') continue;
    uris.add(uri);
    serving.resources.add(exchange.endpoint, uri);
  }
  return uris;
}

export async function unsubscribeAll(
  serving: Serving,
  exchange: Exchange,
  era: ServedEra,
  uris: ReadonlySet<string>,
): Promise<void> {
  for (const uri of uris) {
    if (!serving.resources.remove(exchange.endpoint, uri)) continue;
    // the stream is gone already, so its signal can no longer stop this
    const { signal } = new AbortController();
    await askBridge(serving, exchange, era, { method: 'resources/unsubscribe', params: { uri } }, signal);
  }
}
