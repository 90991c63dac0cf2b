/**
 * The one `subscriptions/listen` stream that is kept to an upstream of the stateless era: list changes where it
 * declares them, and the resources that AI clients watch. Reopened with growing pauses when it ends, and whenever the
 * set of resources changes (MCP 2026-07-28 subscriptions).
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';
import type { UpstreamOutcome } from '../pipeline/ports.ts';
import { META } from './protocol-eras.ts';

export type SubscriptionPorts = {
  readonly listen: (
    params: JsonObject,
    signal: AbortSignal,
    onNotification: (method: string, params: JsonObject) => void,
  ) => Promise<UpstreamOutcome>;
  readonly onNotification: (method: string, params: JsonObject) => void;
};

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export class ServerSubscription {
  readonly #ports: SubscriptionPorts;
  readonly #lists: Record<string, JsonValue>;
  readonly #resources = new Set<string>();
  #current: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #closed = false;

  constructor(capabilities: JsonObject, ports: SubscriptionPorts) {
    this.#ports = ports;
    this.#lists = {
      ...(declaresChanges(capabilities, 'tools') ? { toolsListChanged: true } : {}),
      ...(declaresChanges(capabilities, 'prompts') ? { promptsListChanged: true } : {}),
      ...(declaresChanges(capabilities, 'resources') ? { resourcesListChanged: true } : {}),
    };
    this.#open();
  }

  setResource(uri: string, watched: boolean): void {
    if (watched === this.#resources.has(uri)) return;
    if (watched) this.#resources.add(uri);
    else this.#resources.delete(uri);
    this.#open();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#current?.abort();
  }

  #open(): void {
    clearTimeout(this.#timer);
    this.#current?.abort();
    this.#current = undefined;
    const watchesNothing = Object.keys(this.#lists).length === 0 && this.#resources.size === 0;
    if (this.#closed || watchesNothing) return;
    const controller = new AbortController();
    this.#current = controller;
    const notifications = {
      ...this.#lists,
      ...(this.#resources.size === 0 ? {} : { resourceSubscriptions: [...this.#resources] }),
    };
    void this.#ports
      .listen({ notifications }, controller.signal, (method, params) => this.#deliver(method, params))
      .then(() => {
        if (controller.signal.aborted) return;
        this.#timer = setTimeout(() => this.#open(), this.#pauseMs);
        this.#timer.unref();
        this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
      });
  }

  #deliver(method: string, params: JsonObject): void {
    this.#pauseMs = FIRST_PAUSE_MS;
    if (method === 'notifications/subscriptions/acknowledged') return;
    const { _meta, ...others } = params;
    const { [META.subscriptionId]: _id, ...meta } = isJsonObject(_meta) ? _meta : {};
    this.#ports.onNotification(method, Object.keys(meta).length === 0 ? others : { ...others, _meta: meta });
  }
}

function declaresChanges(capabilities: JsonObject, name: string): boolean {
  const capability = capabilities[name];
  return isJsonObject(capability) && capability['listChanged'] === true;
}
