/** Reads the lists of an upstream, page by page, with caps: an endless list is a broken upstream (MC-33). */
import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';
import type { UpstreamConnection } from './connection.ts';

const MAX_PAGES = 100;
const MAX_ITEMS = 5_000;

export type UpstreamLists = {
  readonly tools: readonly JsonObject[];
  readonly prompts: readonly JsonObject[];
  readonly resources: readonly JsonObject[];
  readonly resourceTemplates: readonly JsonObject[];
};
type ListName = keyof UpstreamLists;

const LISTS: { readonly [name in ListName]: { readonly method: string; readonly capability: string } } = {
  tools: { method: 'tools/list', capability: 'tools' },
  prompts: { method: 'prompts/list', capability: 'prompts' },
  resources: { method: 'resources/list', capability: 'resources' },
  resourceTemplates: { method: 'resources/templates/list', capability: 'resources' },
};

/** Undefined where the tools could not be listed; other lists that could not be read are empty. */
export async function readLists(connection: UpstreamConnection, timeoutMs: number): Promise<UpstreamLists | undefined> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  const read = (name: ListName) => readList(connection, name, controller.signal);
  const [tools, prompts = [], resources = [], resourceTemplates = []] = await Promise.all([
    read('tools'),
    read('prompts'),
    read('resources'),
    read('resourceTemplates'),
  ]);
  clearTimeout(timer);
  return tools === undefined ? undefined : { tools, prompts, resources, resourceTemplates };
}

/** Undefined where the list could not be read; empty where the upstream does not have the capability. */
async function readList(
  connection: UpstreamConnection,
  name: ListName,
  signal: AbortSignal,
): Promise<readonly JsonObject[] | undefined> {
  const { method, capability } = LISTS[name];
  if (connection.identity.capabilities[capability] === undefined) return [];
  const items: JsonObject[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const outcome = await connection.ask(method, cursor === undefined ? {} : { cursor }, signal);
    // A server may declare resources and know nothing of templates.
    if (outcome.kind === 'failed' && outcome.code === -32601) return [];
    if (outcome.kind !== 'answered') return undefined;
    const listed: JsonValue | undefined = outcome.result[name];
    if (!Array.isArray(listed)) return undefined;
    items.push(...listed.filter(isJsonObject));
    if (items.length > MAX_ITEMS) return undefined;
    const next = outcome.result['nextCursor'];
    if (typeof next !== 'string' || next === '') return items;
    cursor = next;
  }
  return undefined;
}
