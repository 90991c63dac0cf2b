/**
 * Which notifications of an upstream go on to AI clients. SECURITY(MC-22): everything else is dropped, because for the AI
 * client it would come from the bridge: a cancellation, progress of another server's call, a method of the future.
 */
import { isJsonObject, type JsonObject } from '../core/model/json.ts';
import type { UpstreamRequest } from '../pipeline/ports.ts';
import { META } from './protocol-eras.ts';

const UPDATED = 'notifications/resources/updated';
/** The end of a question that was asked by an address (MCP 2025-11-25 Elicitation, URL mode). */
const QUESTION_OVER = 'notifications/elicitation/complete';

export type Hears = {
  readonly mayElicit: boolean;
  /** Takes what came on the stream of a call and belongs to the server. */
  readonly elsewhere: (method: string, params: JsonObject) => void;
};

/** The request with ears for what belongs to it. Modern AI clients get log lines only where they ask for them (logging). */
export function hearingItsOwn(upstreamRequest: UpstreamRequest, { mayElicit, elsewhere }: Hears): UpstreamRequest {
  const { onNotification, params, statelessMcpClientId } = upstreamRequest;
  if (onNotification === undefined) return upstreamRequest;
  const mayLog = statelessMcpClientId === undefined || META.logLevel in metaOf(params);
  const progressToken = progressTokenOf(params);
  return {
    ...upstreamRequest,
    onNotification: (method, told) => {
      if (method === UPDATED) return elsewhere(method, told);
      const isOwnProgress =
        method === 'notifications/progress' && progressToken !== undefined && told['progressToken'] === progressToken;
      const isLog = method === 'notifications/message' && mayLog;
      if (isOwnProgress || isLog || (method === QUESTION_OVER && mayElicit)) onNotification(method, told);
    },
  };
}

/** What belongs to no call; list changes are told by the catalogue when what is served has changed. */
export function isForEverybody(
  method: string,
  { uri }: JsonObject,
  server: { readonly mayElicit: boolean; readonly watches: (uri: string) => boolean },
): boolean {
  // SECURITY(MC-07): a server speaks of its own resources only, and of those that somebody watches.
  if (method === UPDATED) return typeof uri === 'string' && server.watches(uri);
  return method === 'notifications/message' || (method === QUESTION_OVER && server.mayElicit);
}

export function progressTokenOf(params: JsonObject): string | number | undefined {
  const { progressToken } = metaOf(params);
  return typeof progressToken === 'string' || typeof progressToken === 'number' ? progressToken : undefined;
}

function metaOf(params: JsonObject): JsonObject {
  return isJsonObject(params['_meta']) ? params['_meta'] : {};
}
