/** Names of the two protocol eras, as spoken to upstreams. */
import type { JsonObject } from '../core/model/json.ts';

export const STATELESS_VERSION = '2026-07-28';
export const INITIALIZE_VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const;

export const META = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
} as const;

export type UpstreamEra = 'initialize' | 'stateless';

/** Who an upstream says it is. Untrusted. */
export type UpstreamIdentity = {
  readonly era: UpstreamEra;
  readonly protocolVersion: string;
  readonly serverInfo: JsonObject;
  readonly capabilities: JsonObject;
  readonly instructions?: string | undefined;
};

/** How the bridge names itself to upstreams. */
export type BridgeIdentity = { readonly name: string; readonly version: string; readonly title: string };
