import type { KnownParties } from '../approvals/admit-request.ts';
import type { Settings } from './settings-store.ts';

/** Who may ask for approvals and about what, from the person's own settings alone. */
export function knownParties({ mcpClients, servers }: Pick<Settings, 'mcpClients' | 'servers'>): KnownParties {
  return {
    mcpClients,
    environments: new Map(Object.entries(servers).map(([serverId, { server }]) => [serverId, environmentOf(server)])),
  };
}

function environmentOf(server: unknown): string | undefined {
  if (typeof server !== 'object' || server === null || !('environment' in server)) return undefined;
  return typeof server.environment === 'string' ? server.environment : undefined;
}
