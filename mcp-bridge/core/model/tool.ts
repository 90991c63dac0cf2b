import type { JsonObject } from './json.ts';

/** A tool as an upstream server's `tools/list` describes it. Every member is untrusted (MCP 2026-07-28 Tool). */
export type ToolDefinition = {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject | undefined;
  readonly annotations?: ToolAnnotations | undefined;
  readonly [member: string]: unknown;
};

/** MCP 2026-07-28 ToolAnnotations. Hints from an untrusted party: they may raise an effect, never lower it. */
export type ToolAnnotations = {
  readonly title?: string | undefined;
  readonly readOnlyHint?: boolean | undefined;
  readonly destructiveHint?: boolean | undefined;
  readonly idempotentHint?: boolean | undefined;
  readonly openWorldHint?: boolean | undefined;
};

/**
 * A definition as a person reviewed it. Mcp clients are served from this copy only (MC-05).
 * `definitionHash` covers the whole definition, the server's identity and its command or address, lower-case hex.
 */
export type PinnedTool = {
  readonly serverId: string;
  readonly definition: ToolDefinition;
  readonly definitionHash: string;
};

/** Where a definition stands between an upstream's word and a person's review. */
export type ReviewState = 'reviewed' | 'new' | 'changed' | 'refused';
