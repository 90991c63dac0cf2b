/**
 * JSON-RPC 2.0 as MCP uses it, read from an upstream that may be hostile. Members that are not looked at here pass
 * through verbatim: what an upstream answered is what the rest of the bridge sees.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';

export type RpcError = { readonly code: number; readonly message: string; readonly data?: JsonValue };

export type RpcMessage =
  | { readonly kind: 'request'; readonly id: string | number; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'notification'; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'result'; readonly id: string | number; readonly result: JsonObject }
  | { readonly kind: 'error'; readonly id: string | number | undefined; readonly error: RpcError };

export const METHOD_NOT_FOUND = -32601;
export const INTERNAL_ERROR = -32603;

const MAX_DEPTH = 256;
const MAX_ID = 256;

/** Undefined for what is not a JSON-RPC message. Never throws. */
export function parseRpcText(text: string): RpcMessage | undefined {
  return readRpcMessage(parseJson(text));
}

/** Undefined for what is not JSON, or is nested so deep that walking it could end this process (MC-15). */
export function parseJson(text: string): JsonValue | undefined {
  if (text.length > 2 * MAX_DEPTH && isTooDeep(text)) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

export function readRpcMessage(value: JsonValue | undefined): RpcMessage | undefined {
  if (!isJsonObject(value) || value['jsonrpc'] !== '2.0') return undefined;
  const id = typeof value['id'] === 'string' || typeof value['id'] === 'number' ? value['id'] : undefined;
  // SECURITY(MC-33): it goes back in our reply, which a server that does not read leaves in our memory.
  if (typeof id === 'string' && id.length > MAX_ID) return undefined;
  if (typeof value['method'] === 'string') {
    const params = isJsonObject(value['params']) ? value['params'] : {};
    return id === undefined
      ? { kind: 'notification', method: value['method'], params }
      : { kind: 'request', id, method: value['method'], params };
  }
  const { error } = value;
  if (isJsonObject(error)) {
    const code = typeof error['code'] === 'number' && Number.isInteger(error['code']) ? error['code'] : INTERNAL_ERROR;
    const message = typeof error['message'] === 'string' ? error['message'] : '';
    return {
      kind: 'error',
      id,
      error: { code, message, ...('data' in error ? { data: error['data'] as JsonValue } : {}) },
    };
  }
  if (id !== undefined && isJsonObject(value['result'])) return { kind: 'result', id, result: value['result'] };
  return undefined;
}

/** A request of the upstream is refused with this; carries nothing but a code and a fixed sentence. */
export class UpstreamRequestRefused extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'UpstreamRequestRefused';
    this.code = code;
  }
}

export function rpcReply(id: string | number, reply: JsonObject | UpstreamRequestRefused): JsonObject {
  return reply instanceof UpstreamRequestRefused
    ? { jsonrpc: '2.0', id, error: { code: reply.code, message: reply.message } }
    : { jsonrpc: '2.0', id, result: reply };
}
