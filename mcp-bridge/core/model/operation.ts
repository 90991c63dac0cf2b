import type { Classification } from './classification.ts';
import type { GatheredFacts } from './facts.ts';
import type { JsonObject } from './json.ts';

/** Who is calling: an authenticated AI client, and the stretch of work that "for this session" means. */
export type Caller = {
  readonly mcpClientId: string;
  /** The person's name for this AI client, e.g. "Claude Code". Never what the client says of itself. */
  readonly mcpClientName: string;
  /** Random and bound to the key; it identifies, it never authenticates. */
  readonly mcpSessionId: string;
  /** Wall clock, ISO 8601. */
  readonly mcpSessionStartedAt: string;
};

/** A tool call frozen at the moment of decision: what is shown, digested, journalled and forwarded is this object. */
export type FrozenCall = {
  readonly caller: Caller;
  readonly serverId: string;
  /** Command line or address of the upstream; part of the digest, so that a moved server is another call. */
  readonly serverEndpoint: string;
  readonly toolName: string;
  readonly definitionHash: string;
  readonly arguments: JsonObject;
  /** RFC 8785 form of `arguments`: the bytes that go to the upstream. */
  readonly canonicalArguments: string;
  /** Answers to an earlier `input_required` result of this very call (MCP 2026-07-28), forwarded with it. */
  readonly continuation?: JsonObject | undefined;
  /** SHA-256 over the RFC 8785 form of the members above, lower-case hex. */
  readonly callDigest: string;
};

/** A frozen call with what it would do and what is true about its target. */
export type Operation = {
  readonly call: FrozenCall;
  readonly classification: Classification;
  readonly gathered: GatheredFacts;
  /** Label from the server's pinned configuration, never from arguments (DG-23). */
  readonly environment?: string | undefined;
};
