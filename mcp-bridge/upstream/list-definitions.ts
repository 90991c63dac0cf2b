/** Reads the lists of an upstream, page by page, with caps: an endless list is a broken upstream (MC-33). */
import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';
import { jsonSize } from '../core/redact/json-size.ts';
import type { UpstreamConnection } from './connection.ts';

const MAX_PAGES = 100;
const MAX_ITEMS = 5_000;
/** Characters of one definition; a larger one is no definition that anybody could review, and is left out. */
const MAX_DEFINITION = 256 * 1024;
/** Characters of one list. */
const MAX_LIST = 8 * 1024 * 1024;

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
  let size = 0;
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const outcome = await connection.ask(method, cursor === undefined ? {} : { cursor }, signal);
    // A server may declare resources and know nothing of templates.
    if (outcome.kind === 'failed' && outcome.code === -32601) return [];
    if (outcome.kind !== 'answered') return undefined;
    const listed: JsonValue | undefined = outcome.result[name];
    if (!Array.isArray(listed)) return undefined;
    if (items.length + listed.length > MAX_ITEMS) return undefined;
    for (const item of listed.filter(isJsonObject)) {
      const itemSize = jsonSize(item, MAX_DEFINITION);
      if (itemSize > MAX_DEFINITION) continue;
      items.push(item);
      size += itemSize;
    }
    const next = outcome.result['nextCursor'];
    if (size > MAX_LIST) return undefined;
    if (typeof next !== 'string' || next === '') return items;
    // The same page again and again is no list.
    if (next === cursor) return undefined;
    cursor = next;
  }
  return undefined;
}
