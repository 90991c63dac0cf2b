/** Answers a request of an upstream: by the call that caused it where that call takes requests, else by the bridge. */
import type { JsonObject } from '../core/model/json.ts';
import { INTERNAL_ERROR, type RpcMessage, rpcReply, UpstreamRequestRefused } from './json-rpc.ts';
import type { Exchange, WireListener } from './wire.ts';

/** Never rejects; the reply is a whole JSON-RPC message. */
export async function answerUpstream(
  message: RpcMessage & { readonly kind: 'request' },
  by: { readonly onRequest: Exchange['onRequest']; readonly listener: WireListener; readonly isTooMany: boolean },
): Promise<JsonObject> {
  const { id, method, params } = message;
  try {
    if (by.isTooMany) throw new UpstreamRequestRefused(-32000, 'Too many requests at one time.');
    const isOwn = by.onRequest === undefined || method === 'ping';
    return rpcReply(id, isOwn ? await by.listener.onRequest(method, params) : await by.onRequest(method, params));
  } catch (error) {
    // Nothing of an unexpected error is the upstream's business.
    const isDeliberate = error instanceof UpstreamRequestRefused;
    return rpcReply(id, isDeliberate ? error : new UpstreamRequestRefused(INTERNAL_ERROR, 'Refused.'));
  }
}
