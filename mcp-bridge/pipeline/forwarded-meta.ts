import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';
import { forwardedCapabilities } from './forwarded-capabilities.ts';
import type { InboundRequest } from './ports.ts';

const clientCapabilities = 'io.modelcontextprotocol/clientCapabilities';
const logLevel = 'io.modelcontextprotocol/logLevel';

/** MCP LoggingLevel, after RFC 5424 §6.2.1. */
const logLevels: ReadonlySet<unknown> = new Set([
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
]);

export function isLogLevel(value: JsonValue | undefined): value is string {
  return logLevels.has(value);
}

/** UTF-16 units. It is kept as long as the call, and is part of each line of progress. */
const longestProgressToken = 256;

/** undefined also for one that is too long: its caller hears no progress. */
export function progressTokenOf({ _meta: meta }: JsonObject): string | number | undefined {
  const token = isJsonObject(meta) ? meta['progressToken'] : undefined;
  if (typeof token === 'string') return token.length <= longestProgressToken ? token : undefined;
  return typeof token === 'number' ? token : undefined;
}

/**
 * What of a caller's `_meta` goes on to an upstream: the progress token, what the AI client can be asked, and how much
 * it wants logged. Everything else stays here: nobody was shown it, and it could carry anything (I2). The token itself
 * does not go out either: each wire puts a number of its own in its place.
 */
export function forwardedMeta(inbound: InboundRequest): { readonly _meta?: JsonObject } {
  const given = isJsonObject(inbound.params['_meta']) ? inbound.params['_meta'] : {};
  const progressToken = progressTokenOf(inbound.params);
  const { [logLevel]: level } = given;
  const meta: Record<string, JsonValue> = {};
  if (progressToken !== undefined) meta['progressToken'] = progressToken;
  if (isLogLevel(level)) meta[logLevel] = level;
  const capabilities = forwardedCapabilities(inbound.clientCapabilities);
  if (Object.keys(capabilities).length > 0) meta[clientCapabilities] = capabilities;
  return Object.keys(meta).length === 0 ? {} : { _meta: meta };
}
