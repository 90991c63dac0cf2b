/** Which servers each AI client is offered: all, or those the person ticked. One that is not known is offered none. */
import type { McpClientKey } from './contract.ts';

export type ServerOffers = {
  isOffered(mcpClientId: string, serverId: string): boolean;
  /** @param serverIds those there are */
  replace(mcpClients: readonly McpClientKey[], serverIds: readonly string[]): OfferChanges;
};

export type OfferChanges = {
  /** AI clients that see less than before. */
  readonly narrowed: readonly string[];
  /** Servers that an AI client sees now and did not before. */
  readonly newlyOffered: readonly string[];
};

/** SECURITY(I8): authority is shown by presence; only a missing list means all servers, never an empty one. */
type Offer = 'all' | ReadonlySet<string>;

export function createServerOffers(mcpClients: readonly McpClientKey[]): ServerOffers {
  let offers = offersOf(mcpClients);
  return {
    isOffered: (mcpClientId, serverId) => includes(offers.get(mcpClientId), serverId),
    replace(next, serverIds) {
      const before = offers;
      offers = offersOf(next);
      const known = [...offers].filter(([mcpClientId]) => before.has(mcpClientId));
      return {
        narrowed: known
          .filter(([mcpClientId, now]) => losesAny(before.get(mcpClientId), now, serverIds))
          .map(([mcpClientId]) => mcpClientId),
        newlyOffered: serverIds.filter((serverId) =>
          known.some(([mcpClientId, now]) => includes(now, serverId) && !includes(before.get(mcpClientId), serverId)),
        ),
      };
    },
  };
}

function includes(offer: Offer | undefined, serverId: string): boolean {
  return offer === 'all' || (offer?.has(serverId) ?? false);
}

function losesAny(before: Offer | undefined, now: Offer, serverIds: readonly string[]): boolean {
  return serverIds.some((serverId) => includes(before, serverId) && !includes(now, serverId));
}

function offersOf(mcpClients: readonly McpClientKey[]): ReadonlyMap<string, Offer> {
  return new Map(
    mcpClients.map(({ mcpClientId, serverIds }) => [mcpClientId, serverIds === undefined ? 'all' : new Set(serverIds)]),
  );
}
