/**
 * Headers that mirror the body of a request in the stateless era, so that intermediaries can route without parsing
 * (MCP 2026-07-28 Streamable HTTP, standard request headers and `x-mcp-header`). They are made from the very params
 * that are sent, so header and body cannot disagree.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';
import { META } from './protocol-eras.ts';

const NAME_SOURCE: { readonly [method: string]: string } = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};
const FIELD_TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export function statelessHeaders(method: string, params: JsonObject, inputSchema?: JsonObject): Record<string, string> {
  const meta = isJsonObject(params['_meta']) ? params['_meta'] : {};
  const version = meta[META.protocolVersion];
  const headers: Record<string, string> = {
    'mcp-protocol-version': typeof version === 'string' ? version : '',
    'mcp-method': method,
  };
  const source = Object.hasOwn(NAME_SOURCE, method) ? NAME_SOURCE[method] : undefined;
  const name = source === undefined ? undefined : params[source];
  if (typeof name === 'string') headers['mcp-name'] = fieldValue(name);
  if (inputSchema !== undefined && isJsonObject(params['arguments']))
    addParameterHeaders(headers, inputSchema, params['arguments']);
  return headers;
}

/** `x-mcp-header` counts on primitive properties that a chain of `properties` reaches, and nowhere else. */
function addParameterHeaders(headers: Record<string, string>, schema: JsonObject, value: JsonObject): void {
  if (!isJsonObject(schema['properties'])) return;
  for (const [property, propertySchema] of Object.entries(schema['properties'])) {
    const propertyValue = Object.hasOwn(value, property) ? value[property] : undefined;
    if (!isJsonObject(propertySchema) || propertyValue === undefined) continue;
    const headerName = propertySchema['x-mcp-header'];
    const text = primitiveText(propertyValue);
    if (typeof headerName === 'string' && FIELD_TOKEN.test(headerName) && text !== undefined)
      headers[`mcp-param-${headerName.toLowerCase()}`] = fieldValue(text);
    if (isJsonObject(propertyValue)) addParameterHeaders(headers, propertySchema, propertyValue);
  }
}

function primitiveText(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}

/** RFC 9110 §5.5 field values are visible ASCII; everything else travels as Base64 in the sentinel form. */
function fieldValue(text: string): string {
  const isPlain = /^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/.test(text) && !/^=\?base64\?.*\?=$/.test(text);
  return isPlain ? text : `=?base64?${Buffer.from(text, 'utf8').toString('base64')}?=`;
}
