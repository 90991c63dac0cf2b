/**
 * What a person's review of a tool is bound to: SHA-256 over the RFC 8785 form of the whole definition, of who the
 * server is, and of what runs it. A change of any character of any of them is another tool (MC-02, MC-04).
 */
import { canonicalJson } from '../canonical-json.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';

export type DefinitionSource = {
  readonly serverId: string;
  readonly endpoint: string;
  readonly executableHash?: string | undefined;
  /** The name and version that the server gives itself. */
  readonly serverName: string;
  readonly serverVersion: string;
};

/** Throws RangeError for a definition that has no canonical form. */
export function definitionHash(
  definition: JsonValue,
  definitionSource: DefinitionSource,
  sha256: (text: string) => string,
): string {
  return sha256(
    canonicalJson({
      definition,
      endpoint: definitionSource.endpoint,
      executableHash: definitionSource.executableHash ?? null,
      serverId: definitionSource.serverId,
      serverName: definitionSource.serverName,
      serverVersion: definitionSource.serverVersion,
    }),
  );
}

export function definitionSourceOf(
  serverId: string,
  endpoint: { readonly endpoint: string; readonly executableHash?: string | undefined },
  serverInfo: JsonObject,
): DefinitionSource {
  const text = (value: JsonValue | undefined) => (typeof value === 'string' ? value : '');
  return {
    serverId,
    endpoint: endpoint.endpoint,
    executableHash: endpoint.executableHash,
    serverName: text(serverInfo['name']),
    serverVersion: text(serverInfo['version']),
  };
}
