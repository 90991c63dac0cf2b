/**
 * A result in the words of the caller's era (MCP 2026-07-28, Result and CacheableResult).
 *
 * Stateless: `resultType` is required and missing means complete; lists carry `ttlMs` and `cacheScope`, which is private
 * here because what one AI client may see is nobody else's business; the bridge names itself in `_meta`.
 * Initialize era: none of these exist, so none is sent.
 */
import { isJsonObject, type JsonObject } from '../core/model/json.ts';
import { metaKey } from './era.ts';

const cacheableMethods: ReadonlySet<string> = new Set([
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
]);

/** @param serverInfo the bridge's own identity, never an upstream's */
export function statelessResult(method: string, result: JsonObject, serverInfo: JsonObject): JsonObject {
  const resultType = result['resultType'] ?? 'complete';
  const meta = result['_meta'];
  const stamped: Record<string, JsonObject[string]> = {
    ...result,
    resultType,
    _meta: isJsonObject(meta) ? { ...meta, [metaKey.serverInfo]: serverInfo } : { [metaKey.serverInfo]: serverInfo },
  };
  if (resultType !== 'complete' || !cacheableMethods.has(method)) return stamped;
  const ttlMs = result['ttlMs'];
  stamped['ttlMs'] = Number.isSafeInteger(ttlMs) && (ttlMs as number) >= 0 ? (ttlMs as number) : 0;
  stamped['cacheScope'] = 'private';
  if (method === 'tools/list') stamped['tools'] = withoutExecution(result['tools']);
  return stamped;
}

/** `execution` was dropped from Tool in 2026-07-28. */
function withoutExecution(tools: JsonObject[string] | undefined): JsonObject[string] {
  if (!Array.isArray(tools)) return [];
  return tools.map((tool) => {
    if (!isJsonObject(tool) || !('execution' in tool)) return tool;
    const { execution: _dropped, ...rest } = tool;
    return rest;
  });
}

export function initializeResult(method: string, result: JsonObject): JsonObject {
  const cacheable = cacheableMethods.has(method) && ('ttlMs' in result || 'cacheScope' in result);
  if (!('resultType' in result) && !cacheable) return result;
  const { resultType: _resultType, ...rest } = result;
  if (!cacheable) return rest;
  const { ttlMs: _ttlMs, cacheScope: _cacheScope, ...plain } = rest as Record<string, JsonObject[string]>;
  return plain;
}
