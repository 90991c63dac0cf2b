/**
 * How many sessions and streams want to hear of a resource, so that the last one to leave ends the upstream's work.
 *
 * At the endpoint of all servers a URI may belong to any of them: it counts together with the same URI at each server's
 * own endpoint, so that nobody who leaves one silences the other.
 */
import type { BridgeEndpoint } from '../pipeline/ports.ts';

export type SubscribedResources = {
  add(endpoint: BridgeEndpoint, uri: string): void;
  /** true when nobody is left, so the upstream can be told. */
  remove(endpoint: BridgeEndpoint, uri: string): boolean;
};

const all = '';

export function createSubscribedResources(): SubscribedResources {
  const byUri = new Map<string, Map<string, number>>();
  const keyOf = (endpoint: BridgeEndpoint): string => (endpoint.kind === 'all' ? all : endpoint.serverId);
  return {
    add(endpoint, uri) {
      const counts = byUri.get(uri) ?? new Map<string, number>();
      byUri.set(uri, counts);
      counts.set(keyOf(endpoint), (counts.get(keyOf(endpoint)) ?? 0) + 1);
    },
    remove(endpoint, uri) {
      const counts = byUri.get(uri);
      if (counts === undefined) return true;
      const key = keyOf(endpoint);
      const left = (counts.get(key) ?? 1) - 1;
      if (left > 0) {
        counts.set(key, left);
        return false;
      }
      counts.delete(key);
      if (counts.size === 0) byUri.delete(uri);
      return key === all ? counts.size === 0 : !counts.has(all);
    },
  };
}
