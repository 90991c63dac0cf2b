/**
 * Which protocol era one request belongs to, and whether its headers agree with its body. First match wins:
 * 1. `initialize` without a modern envelope: initialize era   2. an envelope (`_meta` with a protocol version): stateless,
 * checked key by key, never read as the older era when it is malformed   3. a header that names a stateless revision
 * without an envelope: refused   4. anything else: initialize era, the header must name a revision served here.
 *
 * The body decides; headers can only contradict it (MCP 2026-07-28 Streamable HTTP, Standard Request Headers; -32020).
 * Over the socket there are no headers, and those checks do not apply.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';
import { type JsonRpcRequest, type RpcError, rpcCode } from './json-rpc.ts';

export const statelessVersion = '2026-07-28';
/** Newest first; the newest is offered to an AI client that asks for one we do not know. */
export const initializeVersions: readonly string[] = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];
/** What a caller without a header speaks (MCP 2025-06-18 Streamable HTTP, Protocol Version Header). */
export const assumedVersion = '2025-03-26';

export const metaKey = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
} as const;

export type StandardHeaders = {
  readonly protocolVersion: string | undefined;
  readonly method: string | undefined;
  readonly name: string | undefined;
};

export type EraOutcome =
  | { readonly kind: 'initialize'; readonly protocolVersion: string | undefined }
  | { readonly kind: 'stateless'; readonly protocolVersion: string; readonly clientCapabilities: JsonObject }
  | { readonly kind: 'refused'; readonly error: RpcError };

export function eraOf(message: JsonRpcRequest, headers: StandardHeaders | undefined): EraOutcome {
  const meta = message.params['_meta'];
  const claimed = isJsonObject(meta) ? meta[metaKey.protocolVersion] : undefined;
  const header = headers?.protocolVersion;
  if (isJsonObject(meta) && claimed !== undefined) return statelessOf(message, meta, claimed, headers);
  if (header !== undefined && header >= statelessVersion && /^\d{4}-\d{2}-\d{2}$/.test(header)) {
    if (message.method === 'initialize') return mismatch(`initialize does not exist in protocol version ${header}`);
    return invalidEnvelope(isJsonObject(meta) ? metaKey.protocolVersion : '_meta');
  }
  if (header !== undefined && !initializeVersions.includes(header)) {
    return refused(rpcCode.refused, `unsupported protocol version; served are ${initializeVersions.join(', ')}`);
  }
  return { kind: 'initialize', protocolVersion: header };
}

function statelessOf(
  message: JsonRpcRequest,
  meta: JsonObject,
  claimed: JsonValue,
  headers: StandardHeaders | undefined,
): EraOutcome {
  const clientCapabilities = meta[metaKey.clientCapabilities];
  if (typeof claimed !== 'string') return invalidEnvelope(metaKey.protocolVersion);
  if (!isJsonObject(clientCapabilities)) return invalidEnvelope(metaKey.clientCapabilities);
  const clientInfo = meta[metaKey.clientInfo];
  if (clientInfo !== undefined && !isJsonObject(clientInfo)) return invalidEnvelope(metaKey.clientInfo);
  if (headers?.protocolVersion !== undefined && headers.protocolVersion !== claimed) {
    return mismatch('MCP-Protocol-Version names another version than the body');
  }
  if (headers?.method !== undefined && headers.method !== message.method) {
    return mismatch('Mcp-Method names another method than the body');
  }
  if (claimed !== statelessVersion) {
    return refused(rpcCode.unsupportedProtocolVersion, 'Unsupported protocol version', {
      supported: [statelessVersion],
      requested: claimed,
    });
  }
  const problem = headers === undefined ? undefined : standardHeaderProblem(message, headers);
  return problem === undefined
    ? { kind: 'stateless', protocolVersion: statelessVersion, clientCapabilities }
    : mismatch(problem);
}

/** Which member of the parameters `Mcp-Name` repeats. */
const nameSource: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
]);

function standardHeaderProblem(message: JsonRpcRequest, headers: StandardHeaders): string | undefined {
  if (headers.protocolVersion === undefined) return 'the header MCP-Protocol-Version is missing';
  if (headers.method === undefined) return 'the header Mcp-Method is missing';
  const member = nameSource.get(message.method);
  if (member === undefined) return undefined;
  const named = message.params[member];
  if (headers.name === undefined) {
    return typeof named === 'string' ? 'the header Mcp-Name is missing' : undefined;
  }
  const decoded = decodeHeaderValue(headers.name);
  if (decoded === undefined) return 'the header Mcp-Name is not valid base64';
  return typeof named === 'string' && decoded !== named ? `Mcp-Name names another ${member} than the body` : undefined;
}

/** `=?base64?…?=` carries what a header cannot (MCP 2026-07-28 Streamable HTTP, Value Encoding). */
export function decodeHeaderValue(value: string): string | undefined {
  const encoded = /^=\?base64\?(.*)\?=$/.exec(value)?.[1];
  if (encoded === undefined) return value;
  const bytes = Buffer.from(encoded, 'base64');
  const decoded = bytes.toString('utf8');
  return bytes.toString('base64') === encoded && Buffer.from(decoded, 'utf8').equals(bytes) ? decoded : undefined;
}

function refused(code: number, message: string, data?: JsonObject): EraOutcome {
  return { kind: 'refused', error: { code, message, data } };
}

function mismatch(detail: string): EraOutcome {
  return refused(rpcCode.headerMismatch, `headers and body disagree: ${detail}`);
}

function invalidEnvelope(key: string): EraOutcome {
  return refused(
    rpcCode.invalidParams,
    `_meta for protocol version ${statelessVersion}: ${key} is missing or malformed`,
    {
      envelope: { key },
    },
  );
}
