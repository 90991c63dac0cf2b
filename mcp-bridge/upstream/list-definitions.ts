/** Reads the lists of an upstream, page by page, with caps: an endless list is a broken upstream (MC-33). */
import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';
import { jsonSize } from '../core/redact/json-size.ts';
import type { UpstreamConnection } from './connection.ts';
import { hasItsForm, type ListName } from './definition-forms.ts';

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
  /** Sentences about what was left out, for the person. */
  readonly problems?: readonly string[] | undefined;
  /** How long reading them kept this thread busy, milliseconds. */
  readonly busyMs?: number | undefined;
};
type List = { readonly items: readonly JsonObject[]; readonly leftOut: number; readonly busyMs: number };
const NOTHING: List = { items: [], leftOut: 0, busyMs: 0 };

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
  const [tools, prompts = NOTHING, resources = NOTHING, resourceTemplates = NOTHING] = await Promise.all([
    read('tools'),
    read('prompts'),
    read('resources'),
    read('resourceTemplates'),
  ]);
  clearTimeout(timer);
  if (tools === undefined) return undefined;
  return {
    tools: tools.items,
    prompts: prompts.items,
    resources: resources.items,
    resourceTemplates: resourceTemplates.items,
    busyMs: tools.busyMs + prompts.busyMs + resources.busyMs + resourceTemplates.busyMs,
    problems: [
      ...leftOutSentence('tools', tools),
      ...leftOutSentence('prompts', prompts),
      ...leftOutSentence('resources', resources),
      ...leftOutSentence('resource templates', resourceTemplates),
    ],
  };
}

function leftOutSentence(what: string, { leftOut }: List): readonly string[] {
  if (leftOut === 0) return [];
  return [`Left out: ${leftOut} ${what} that are not in the form of the protocol, or larger than 256 KiB.`];
}

/** Undefined where the list could not be read; empty where the upstream does not have the capability. */
async function readList(
  connection: UpstreamConnection,
  name: ListName,
  signal: AbortSignal,
): Promise<List | undefined> {
  const { method, capability } = LISTS[name];
  if (connection.identity.capabilities[capability] === undefined) return NOTHING;
  const items: JsonObject[] = [];
  let size = 0;
  let leftOut = 0;
  let busyMs = 0;
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const outcome = await connection.ask(method, cursor === undefined ? {} : { cursor }, signal);
    // A server may declare resources and know nothing of templates.
    if (outcome.kind === 'failed' && outcome.code === -32601) return NOTHING;
    if (outcome.kind !== 'answered') return undefined;
    const listed: JsonValue | undefined = outcome.result[name];
    if (!Array.isArray(listed)) return undefined;
    if (items.length + leftOut + listed.length > MAX_ITEMS) return undefined;
    const startedMs = performance.now();
    for (const item of listed) {
      const itemSize = jsonSize(item, MAX_DEFINITION);
      if (itemSize <= MAX_DEFINITION && isJsonObject(item) && hasItsForm(name, item)) {
        items.push(item);
        size += itemSize;
      } else leftOut += 1;
    }
    busyMs += performance.now() - startedMs;
    const next = outcome.result['nextCursor'];
    if (size > MAX_LIST) return undefined;
    if (typeof next !== 'string' || next === '') return { items, leftOut, busyMs };
    // The same page again and again is no list.
    if (next === cursor) return undefined;
    cursor = next;
  }
  return undefined;
}
