/**
 * The arguments that the tool's pinned schema declares. Only these are read for facts and headlines: a member that the
 * server does not know must not name another target than the one it acts on (MC-13). All of them are still shown.
 */
import { isJsonObject, type JsonObject } from '../model/json.ts';

/** All of them where the schema names no properties at all. */
export function declaredArguments(toolArguments: JsonObject, inputSchema: JsonObject): JsonObject {
  const properties = inputSchema['properties'];
  if (!isJsonObject(properties)) return toolArguments;
  return Object.fromEntries(Object.entries(toolArguments).filter(([name]) => Object.hasOwn(properties, name)));
}
