import { canonicalJson } from '../core/canonical-json.ts';
import type { JsonObject, JsonValue } from '../core/model/json.ts';
import type { Caller, FrozenCall } from '../core/model/operation.ts';
import type { PipelinePorts, ResolvedTool } from './ports.ts';

/**
 * Freezes a call: from here on the person is shown, the ledger journals and the upstream receives this object, never
 * again what the AI client sends (I2, MC-17).
 *
 * @throws RangeError when the arguments have no RFC 8785 form (a lone surrogate, a non-finite number)
 */
export function freezeCall(
  caller: Caller,
  tool: ResolvedTool,
  toolArguments: JsonObject,
  continuation: JsonObject | undefined,
  sha256: PipelinePorts['sha256'],
): FrozenCall {
  const canonicalArguments = canonicalJson(toolArguments);
  // SECURITY(MC-17): parsed from the canonical bytes, so that what is forwarded cannot differ from what was digested.
  const frozenArguments = deepFreeze(JSON.parse(canonicalArguments) as JsonObject);
  // Members in the order of their names, and arguments as they are frozen: both spare the canonical form a sorting.
  const identity: JsonObject = {
    arguments: frozenArguments,
    ...(continuation === undefined ? {} : { continuation }),
    definitionHash: tool.pinned.definitionHash,
    mcpClientId: caller.mcpClientId,
    mcpSessionId: caller.mcpSessionId,
    serverEndpoint: tool.server.endpoint,
    serverId: tool.server.serverId,
    toolName: tool.pinned.definition.name,
  };
  return {
    caller,
    serverId: tool.server.serverId,
    serverEndpoint: tool.server.endpoint,
    toolName: tool.pinned.definition.name,
    definitionHash: tool.pinned.definitionHash,
    arguments: frozenArguments,
    canonicalArguments,
    continuation,
    callDigest: sha256(canonicalJson(identity)),
  };
}

function deepFreeze<Value extends JsonValue>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member as JsonValue);
    Object.freeze(value);
  }
  return value;
}
