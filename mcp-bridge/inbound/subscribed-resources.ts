/** How many sessions and streams want to hear of a resource, so that the last one to leave ends the upstream's work. */
import type { BridgeEndpoint } from '../pipeline/ports.ts';

export type SubscribedResources = {
  add(endpoint: BridgeEndpoint, uri: string): void;
  /** true when nobody is left, so the upstream can be told. */
  remove(endpoint: BridgeEndpoint, uri: string): boolean;
};

export function createSubscribedResources(): SubscribedResources {
  const counts = new Map<string, number>();
  const keyOf = (endpoint: BridgeEndpoint, uri: string): string =>
    `${endpoint.kind === 'all' ? '' : endpoint.serverId}\u0000${uri}`;
  return {
    add(endpoint, uri) {
      const key = keyOf(endpoint, uri);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    remove(endpoint, uri) {
      const key = keyOf(endpoint, uri);
      const left = (counts.get(key) ?? 1) - 1;
      if (left > 0) counts.set(key, left);
      else counts.delete(key);
      return left <= 0;
    },
  };
}
