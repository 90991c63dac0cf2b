import type { BridgeEndpoint, CataloguePort } from './ports.ts';

/** The servers an endpoint offers: all, or the one it is named after, if there is one. */
export function endpointServers(
  endpoint: BridgeEndpoint,
  catalogue: Pick<CataloguePort, 'serverIds'>,
): readonly string[] {
  const all = catalogue.serverIds();
  return endpoint.kind === 'all' ? all : all.filter((serverId) => serverId === endpoint.serverId);
}
