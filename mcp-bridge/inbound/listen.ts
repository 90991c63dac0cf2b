/**
 * `subscriptions/listen` (MCP 2026-07-28): a stream that first says what it will deliver, then delivers it, each
 * notification stamped with the id of the request that asked.
 *
 * Only what the bridge declares is honoured; resource subscriptions are passed to the bridge one by one, and those it
 * refuses are left out.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';
import type { Exchange, ServedEra } from './ask-bridge.ts';
import { metaKey } from './era.ts';
import { errorMessage, type JsonRpcRequest, notificationMessage, resultMessage, rpcCode } from './json-rpc.ts';
import type { Serving } from './serving.ts';
import { subscribeAll, unsubscribeAll } from './subscriptions.ts';

const mostUris = 1_000;

const listChanges = [
  ['toolsListChanged', 'tools', 'notifications/tools/list_changed'],
  ['promptsListChanged', 'prompts', 'notifications/prompts/list_changed'],
  ['resourcesListChanged', 'resources', 'notifications/resources/list_changed'],
] as const;

/** Runs until the signal aborts or the bridge ends the stream. The last message, if any, is the returned one. */
export async function listen(
  serving: Serving,
  exchange: Exchange & { readonly push: (message: JsonObject) => void },
  era: ServedEra,
  request: JsonRpcRequest,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  const { push, endpoint, clientRecord, description } = exchange;
  const filter = readFilter(request.params['notifications']);
  if (filter === undefined) {
    return errorMessage(request.id, {
      code: rpcCode.invalidParams,
      message: "'notifications' is required and must be a subscription filter",
    });
  }
  const methods = new Set<string>();
  const honoured: Record<string, JsonValue> = {};
  for (const [flag, capability, method] of listChanges) {
    const declared = description.capabilities[capability];
    if (filter[flag] !== true || !isJsonObject(declared) || declared['listChanged'] !== true) continue;
    honoured[flag] = true;
    methods.add(method);
  }
  const uris = await subscribeAll(serving, exchange, era, filter.resourceSubscriptions, signal);
  if (uris.size > 0) honoured['resourceSubscriptions'] = [...uris];

  const stamp = { [metaKey.subscriptionId]: request.id };
  const say = (method: string, params: JsonObject): void => {
    const meta = params['_meta'];
    push(notificationMessage(method, { ...params, _meta: isJsonObject(meta) ? { ...meta, ...stamp } : stamp }));
  };
  const finished = resultMessage(request.id, {
    resultType: 'complete',
    _meta: { ...stamp, [metaKey.serverInfo]: description.serverInfo },
  });
  const nothingToDeliver = Object.keys(honoured).length === 0;
  const ended = nothingToDeliver
    ? undefined
    : new Promise<JsonObject | undefined>((resolve) => {
        const close = serving.changes.open({
          mcpClientId: clientRecord.mcpClientId,
          endpoint,
          accepts: (method, params) =>
            methods.has(method) || (method === 'notifications/resources/updated' && uris.has(String(params['uri']))),
          send: say,
          end: () => settle(finished),
        });
        const settle = (last: JsonObject | undefined): void => {
          close?.();
          resolve(last);
        };
        if (close === undefined) {
          settle(errorMessage(request.id, { code: rpcCode.internalError, message: 'Subscription limit reached' }));
        } else if (signal.aborted) settle(undefined);
        else {
          signal.addEventListener('abort', () => settle(undefined), { once: true });
          say('notifications/subscriptions/acknowledged', { notifications: honoured });
        }
      });
  if (ended === undefined) say('notifications/subscriptions/acknowledged', { notifications: honoured });
  const last = ended === undefined ? finished : await ended;
  await unsubscribeAll(serving, exchange, era, uris);
  return last;
}

type Filter = {
  readonly toolsListChanged: boolean;
  readonly promptsListChanged: boolean;
  readonly resourcesListChanged: boolean;
  readonly resourceSubscriptions: readonly string[];
};

function readFilter(value: JsonValue | undefined): Filter | undefined {
  if (!isJsonObject(value)) return undefined;
  const { toolsListChanged, promptsListChanged, resourcesListChanged, resourceSubscriptions = [] } = value;
  const flags = [toolsListChanged, promptsListChanged, resourcesListChanged];
  if (flags.some((flag) => flag !== undefined && typeof flag !== 'boolean')) return undefined;
  if (!Array.isArray(resourceSubscriptions) || resourceSubscriptions.length > mostUris) return undefined;
  if (resourceSubscriptions.some((uri) => typeof uri !== 'string')) return undefined;
  return {
    toolsListChanged: toolsListChanged === true,
    promptsListChanged: promptsListChanged === true,
    resourcesListChanged: resourcesListChanged === true,
    resourceSubscriptions: resourceSubscriptions as readonly string[],
  };
}
