/**
 * What an AI client says it can do, as it may go on to an upstream (MCP 2026-07-28 ClientCapabilities): known members in
 * their known shape, and settings of extensions that are short. The rest stays here: it goes out with a call that a
 * person was shown, and nobody was shown this (MC-22, I2).
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';

type Members = Record<string, JsonValue>;

const mostExtensions = 16;
/** UTF-16 units of JSON; MCP Apps, the best known, needs sixty. */
const longestSettings = 512;
/** `PREFIX/NAME`, as keys of `_meta` are formed (MCP 2026-07-28, `_meta`). */
const extensionName = /^[A-Za-z0-9.-]{1,64}\/[A-Za-z0-9._-]{1,64}$/;

export function forwardedCapabilities(given: JsonObject): JsonObject {
  const forwarded: Members = {};
  if (isJsonObject(given['sampling'])) forwarded['sampling'] = marks(given['sampling'], ['context', 'tools']);
  if (isJsonObject(given['elicitation'])) forwarded['elicitation'] = marks(given['elicitation'], ['form', 'url']);
  if (isJsonObject(given['roots'])) {
    const { listChanged } = given['roots'];
    forwarded['roots'] = typeof listChanged === 'boolean' ? { listChanged } : {};
  }
  if (isJsonObject(given['extensions'])) forwarded['extensions'] = shortExtensions(given['extensions']);
  return forwarded;
}

/** Members that say something by being there. */
function marks(given: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter((name) => isJsonObject(given[name])).map((name) => [name, {}]));
}

function shortExtensions(given: JsonObject): JsonObject {
  const short: Members = {};
  for (const [name, settings] of Object.entries(given).slice(0, mostExtensions)) {
    if (!extensionName.test(name) || !isJsonObject(settings)) continue;
    if (JSON.stringify(settings).length <= longestSettings) short[name] = settings;
  }
  return short;
}
