/**
 * `Mcp-Param-NAME` headers repeat the arguments that a tool's schema marks with `x-mcp-header`, for machines on the way
 * that do not read bodies (MCP 2026-07-28 Streamable HTTP, Custom Headers from Tool Parameters). One that is missing or
 * disagrees is -32020; where the body has no value, none is expected.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';
import { decodeHeaderValue } from './era.ts';

type Declaration = { readonly path: readonly string[]; readonly header: string; readonly isNumeric: boolean };

const declarations = new WeakMap<JsonObject, readonly Declaration[]>();

/** What disagrees, as a sentence, or undefined when nothing does. */
export function paramHeaderProblem(
  inputSchema: JsonObject,
  toolArguments: JsonValue | undefined,
  headers: IncomingHttpHeaders,
): string | undefined {
  let declared = declarations.get(inputSchema);
  if (declared === undefined) {
    declared = declarationsOf(inputSchema, []);
    declarations.set(inputSchema, declared);
  }
  for (const { path, header, isNumeric } of declared) {
    const value = path.reduce<JsonValue | undefined>(
      (node, name) => (isJsonObject(node) ? node[name] : undefined),
      toolArguments,
    );
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue;
    const received = headers[`mcp-param-${header.toLowerCase()}`];
    if (typeof received !== 'string') return `the header Mcp-Param-${header} is missing`;
    const decoded = decodeHeaderValue(received);
    if (decoded === undefined) return `the header Mcp-Param-${header} is not valid base64`;
    // 42.0 and 42 are one number; 1e-7 is written by every client as its own language writes it
    const isSameNumber = isNumeric && typeof value === 'number' && isDecimal(decoded) && Number(decoded) === value;
    const agrees = isSameNumber || decoded === String(value);
    if (!agrees) return `the header Mcp-Param-${header} says something else than the body`;
  }
  return undefined;
}

function isDecimal(text: string): boolean {
  return /^-?\d+(?:\.\d+)?$/.test(text);
}

const depthLimit = 32;

/** Only through `properties`: an annotation anywhere else makes the definition invalid, and counts for nothing here. */
function declarationsOf(schema: JsonObject, path: readonly string[]): Declaration[] {
  const { properties } = schema;
  if (!isJsonObject(properties) || path.length > depthLimit) return [];
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isJsonObject(property)) return [];
    const here = [...path, name];
    const { 'x-mcp-header': header, type } = property;
    const isToken = typeof header === 'string' && /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(header);
    const own = isToken ? [{ path: here, header, isNumeric: type === 'integer' || type === 'number' }] : [];
    return [...own, ...declarationsOf(property, here)];
  });
}
