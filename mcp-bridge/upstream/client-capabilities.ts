/**
 * What the bridge tells an upstream that it may ask for. An upstream is offered sampling and elicitation only where
 * the person allowed them for this server (MC-22), and never more than the AI client of the call can do.
 */
import { pathToFileURL } from 'node:url';
import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';
import { META } from './protocol-eras.ts';

export type Allowed = {
  readonly sampling: boolean;
  readonly elicitation: boolean;
  /** The AI client's own folders may be asked for. */
  readonly roots: boolean;
  /** Absolute folders that the server is told of, in place of the AI client's. */
  readonly folders: readonly string[];
};

const noQuestions = { sampling: false, elicitation: false, roots: false } as const;

export function offeredCapabilities(allowed: Allowed): JsonObject {
  return {
    ...(allowed.sampling ? { sampling: {} } : {}),
    ...(allowed.elicitation ? { elicitation: { form: {}, url: {} } } : {}),
    ...(allowed.roots || allowed.folders.length > 0 ? { roots: {} } : {}),
  };
}

/**
 * For one request of the stateless era: the offer, narrowed to what the caller declared in its `_meta`. A caller that
 * declared nothing can do nothing, unless it takes requests (`canBeAsked`).
 */
export function capabilitiesForCall(allowed: Allowed, callParams: JsonObject, canBeAsked: boolean): JsonObject {
  const offered = offeredCapabilities(allowed);
  const meta = isJsonObject(callParams['_meta']) ? callParams['_meta'] : {};
  const callers = meta[META.clientCapabilities];
  if (!isJsonObject(callers))
    return canBeAsked ? offered : offeredCapabilities({ ...noQuestions, folders: allowed.folders });
  const narrowed: Record<string, JsonObject[string]> = {};
  for (const name of ['sampling', 'elicitation', 'roots'])
    if (name in offered && isJsonObject(callers[name])) narrowed[name] = callers[name];
  if (allowed.folders.length > 0) narrowed['roots'] = {};
  // What an extension means is between the AI client and the server; it opens no way back through the bridge.
  if (isJsonObject(callers['extensions'])) narrowed['extensions'] = callers['extensions'];
  return narrowed;
}

const capabilityFor = new Map([
  ['elicitation/create', 'elicitation'],
  ['sampling/createMessage', 'sampling'],
  ['roots/list', 'roots'],
]);

/** Whether the AI client of this call said that it takes such a question. */
export function callerTakes(callParams: JsonObject, method: string): boolean {
  const meta = isJsonObject(callParams['_meta']) ? callParams['_meta'] : {};
  const callers = meta[META.clientCapabilities];
  const needed = capabilityFor.get(method);
  return needed !== undefined && isJsonObject(callers) && isJsonObject(callers[needed]);
}

export function rootsResult(folders: readonly string[]): JsonObject {
  return { roots: folders.map((folder) => ({ uri: pathToFileURL(folder).href, name: folder })) };
}

/** A question as it stands in an `input_required` result; undefined for what is none. */
export function readQuestion(
  question: JsonValue | undefined,
): { readonly method: string; readonly params: JsonObject } | undefined {
  if (!isJsonObject(question) || typeof question['method'] !== 'string') return undefined;
  return { method: question['method'], params: isJsonObject(question['params']) ? question['params'] : {} };
}

export function mayAsk(allowed: Allowed, method: string): boolean {
  return (
    (method === 'sampling/createMessage' && allowed.sampling) ||
    (method === 'elicitation/create' && allowed.elicitation) ||
    (method === 'roots/list' && allowed.roots)
  );
}
