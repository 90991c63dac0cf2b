/** JSON-RPC 2.0 messages as MCP uses them: requests with string or number ids, notifications, responses. */
import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';

export type JsonRpcId = string | number;

export type JsonRpcRequest = {
  readonly kind: 'request';
  readonly id: JsonRpcId;
  readonly method: string;
  readonly params: JsonObject;
};
export type JsonRpcNotification = {
  readonly kind: 'notification';
  readonly method: string;
  readonly params: JsonObject;
};
export type JsonRpcResponse = {
  readonly kind: 'response';
  readonly id: JsonRpcId;
  readonly result?: JsonObject | undefined;
  readonly error?: JsonObject | undefined;
};
export type JsonRpcMessage = JsonRpcRequest | JsonRpcNotification | JsonRpcResponse;

/** JSON-RPC 2.0 §5.1 and MCP 2026-07-28 error codes. */
export const rpcCode = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  /** Implementation-defined (JSON-RPC 2.0 §5.1): refused before the protocol had a say. */
  refused: -32000,
  headerMismatch: -32020,
  missingClientCapability: -32021,
  unsupportedProtocolVersion: -32022,
} as const;

export type RpcError = {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonObject | undefined;
};

const emptyParams: JsonObject = {};

/** undefined when the value is no single JSON-RPC 2.0 message; a batch is none (MC-20). */
export function readMessage(value: JsonValue): JsonRpcMessage | undefined {
  if (!isJsonObject(value) || value['jsonrpc'] !== '2.0') return undefined;
  const { id, method, params, result, error } = value;
  if (method === undefined) {
    if (!isId(id)) return undefined;
    if (isJsonObject(result) && error === undefined) return { kind: 'response', id, result };
    if (isJsonObject(error) && result === undefined) return { kind: 'response', id, error };
    return undefined;
  }
  if (typeof method !== 'string' || result !== undefined || error !== undefined) return undefined;
  if (params !== undefined && !isJsonObject(params)) return undefined;
  if (id === undefined) return { kind: 'notification', method, params: params ?? emptyParams };
  if (!isId(id)) return undefined;
  return { kind: 'request', id, method, params: params ?? emptyParams };
}

/** MCP: ids are strings or whole numbers, never null. */
function isId(value: JsonValue | undefined): value is JsonRpcId {
  return typeof value === 'string' ? value.length <= 1024 : Number.isSafeInteger(value);
}

/** The id to answer a malformed message with: its own where it can be read, else null (JSON-RPC 2.0 §5). */
export function readableId(value: JsonValue): JsonRpcId | null {
  return isJsonObject(value) && typeof value['method'] === 'string' && isId(value['id']) ? value['id'] : null;
}

export function resultMessage(id: JsonRpcId, result: JsonObject): JsonObject {
  return { jsonrpc: '2.0', id, result };
}

export function errorMessage(id: JsonRpcId | null, error: RpcError): JsonObject {
  const { code, message, data } = error;
  return { jsonrpc: '2.0', id, error: data === undefined ? { code, message } : { code, message, data } };
}

export function notificationMessage(method: string, params: JsonObject): JsonObject {
  return { jsonrpc: '2.0', method, params };
}
