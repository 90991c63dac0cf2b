import type { CataloguePort } from './ports.ts';

/**
 * The catalogue as one AI client sees it. Lists, calls, resources and prompts all go through it, so a server that is not
 * offered to this AI client is for it as if it did not exist, whatever name it calls.
 */
export function offeredCatalogue(catalogue: CataloguePort, isOffered: (serverId: string) => boolean): CataloguePort {
  const nothing = { prompts: [], resources: [], resourceTemplates: [] };
  return {
    serverIds: () => catalogue.serverIds().filter(isOffered),
    facts: (serverId) => (isOffered(serverId) ? catalogue.facts(serverId) : undefined),
    resolve: (serverId, toolName) => (isOffered(serverId) ? catalogue.resolve(serverId, toolName) : undefined),
    listTools: (serverId) => (isOffered(serverId) ? catalogue.listTools(serverId) : []),
    listed: (serverId) => (isOffered(serverId) ? catalogue.listed(serverId) : nothing),
    exposedName: (endpoint, serverId, toolName) => catalogue.exposedName(endpoint, serverId, toolName),
    parseExposedName(endpoint, name) {
      const named = catalogue.parseExposedName(endpoint, name);
      return named && isOffered(named.serverId) ? named : undefined;
    },
    validateArguments: (tool, toolArguments) => catalogue.validateArguments(tool, toolArguments),
  };
}
