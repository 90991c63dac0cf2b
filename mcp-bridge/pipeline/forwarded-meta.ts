import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';
import type { InboundRequest } from './ports.ts';

const clientCapabilities = 'io.modelcontextprotocol/clientCapabilities';
const logLevel = 'io.modelcontextprotocol/logLevel';

/**
 * What of a caller's `_meta` goes on to an upstream: the progress token, what the AI client can be asked, and how much
 * it wants logged. Everything else stays here: nobody was shown it, and it could carry anything (I2).
 */
export function forwardedMeta(inbound: InboundRequest): { readonly _meta?: JsonObject } {
  const given = isJsonObject(inbound.params['_meta']) ? inbound.params['_meta'] : {};
  const meta: Record<string, JsonValue> = {};
  for (const name of ['progressToken', logLevel]) {
    const value = given[name];
    if (typeof value === 'string' || typeof value === 'number') meta[name] = value;
  }
  if (Object.keys(inbound.clientCapabilities).length > 0) meta[clientCapabilities] = inbound.clientCapabilities;
  return Object.keys(meta).length === 0 ? {} : { _meta: meta };
}
