/**
 * What the path of a call needs from outside, and nothing more. Adapters implement these; tests do too.
 */
import type { ApprovalAnswer, ApprovalRequest } from '../core/approval/approval-request.ts';
import type { AuditEvent, CallAuthorization } from '../core/audit/record.ts';
import type { AuthoritySnapshot } from '../core/model/authority.ts';
import type { Classification } from '../core/model/classification.ts';
import type { Effect } from '../core/model/effect.ts';
import type { GatheredFacts } from '../core/model/facts.ts';
import type { JsonObject } from '../core/model/json.ts';
import type { Caller } from '../core/model/operation.ts';
import type { PinnedTool, ReviewState } from '../core/model/tool.ts';
import type { GrantTarget } from '../core/policy/grant-covers.ts';

/** What the person's configuration says about an upstream server; never what the server says of itself. */
export type ServerFacts = {
  readonly serverId: string;
  /** Command line or address, exactly as configured and resolved. */
  readonly endpoint: string;
  /** npm package, image or host that ties it to a profile, e.g. `@modelcontextprotocol/server-memory`. */
  readonly profileName?: string | undefined;
  readonly environment?: string | undefined;
  /** Annotations of this server count. */
  readonly trusted: boolean;
  readonly dialect?: string | undefined;
  /** Folders that a file or git server was given; canonical absolute paths. */
  readonly roots: readonly string[];
};

export type ResolvedTool = {
  readonly server: ServerFacts;
  readonly pinned: PinnedTool;
  readonly review: ReviewState;
};

/** The pinned copy of every upstream's definitions; the only source that mcp clients are served from (MC-05). */
export type CataloguePort = {
  resolve(serverId: string, toolName: string): ResolvedTool | undefined;
  /** Problems as sentences, empty when the arguments fit the pinned input schema. No coercion, no remote refs (MC-16). */
  validateArguments(tool: ResolvedTool, toolArguments: JsonObject): readonly string[];
  /** Reviewed tools only. */
  listTools(serverId: string): readonly PinnedTool[];
  serverIds(): readonly string[];
  facts(serverId: string): ServerFacts | undefined;
  /** `server__tool` where all servers are offered, unchanged where one is. Injective (MC-07). */
  exposedName(endpoint: BridgeEndpoint, serverId: string, toolName: string): string;
  parseExposedName(
    endpoint: BridgeEndpoint,
    name: string,
  ): { readonly serverId: string; readonly toolName: string } | undefined;
  /** The server's other lists as last read: untrusted, not reviewed. */
  listed(serverId: string): {
    readonly prompts: readonly JsonObject[];
    readonly resources: readonly JsonObject[];
    readonly resourceTemplates: readonly JsonObject[];
  };
};

export type ClassifierPort = {
  classify(tool: ResolvedTool, toolArguments: JsonObject): Classification;
  /** The worst the tool can do, whatever its arguments. */
  worstCase(tool: ResolvedTool): Classification;
};

export type FactsPort = {
  /** Never throws and never takes longer than a few seconds: what could not be read is `unavailable`. */
  gather(
    tool: ResolvedTool,
    toolArguments: JsonObject,
    classification: Classification,
    signal: AbortSignal,
  ): Promise<GatheredFacts>;
};

export type ReleaseRequest = {
  readonly callDigest: string;
  readonly effect: Effect;
  readonly authorizedBy: CallAuthorization;
  /** What main matches its own grant against. */
  readonly target: GrantTarget;
};
export type ReleaseAnswer =
  | { readonly released: true; readonly credential?: UpstreamCredential | undefined }
  | { readonly released: false; readonly reason: string };
/** Held for one forward and dropped; never logged, never journalled. */
export type UpstreamCredential = { readonly scheme: 'Bearer' | 'DPoP'; readonly value: string };

/** Main, seen from the bridge: the authority that shows approvals, keeps grants and releases credentials. */
export type AuthorityPort = {
  snapshot(): AuthoritySnapshot;
  /** Resolves when main has decided. Aborting withdraws the request and closes its window. */
  ask(approvalRequest: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer>;
  /** Main checks its own grant or approval against the digest; without its yes nothing that changes anything is sent. */
  release(releaseRequest: ReleaseRequest): Promise<ReleaseAnswer>;
};

export type LedgerPort = {
  /** Appends in one transaction; throws AppError 'ledger.unavailable' when the records are not in the file. */
  append(...events: readonly AuditEvent[]): void;
  /** As append, and on disk when it returns (synchronous=FULL). Throws also when the approval was consumed already (MC-18). */
  appendDurably(...events: readonly AuditEvent[]): void;
};

export type UpstreamRequest = {
  readonly serverId: string;
  readonly method: string;
  readonly params: JsonObject;
  readonly credential?: UpstreamCredential | undefined;
  /** Aborting cancels at the upstream. */
  readonly signal: AbortSignal;
  /** Progress, log lines and the like that belong to this request. */
  readonly onNotification?: ((method: string, params: JsonObject) => void) | undefined;
  /**
   * The AI client's id, for a caller of the stateless era: what the upstream asks becomes an `input_required` result,
   * and the retry by the same AI client goes on with the same call.
   */
  readonly statelessMcpClientId?: string | undefined;
  /** Sampling, elicitation and roots requests that the upstream sends while serving this one. */
  readonly onUpstreamRequest?: ((method: string, params: JsonObject) => Promise<JsonObject>) | undefined;
};

/**
 * answered: a JSON-RPC result. failed: a JSON-RPC error by the upstream. not-sent: it certainly never reached the
 * upstream. unknown: it was written to the upstream and no answer came, so it may have been executed.
 */
export type UpstreamOutcome =
  | { readonly kind: 'answered'; readonly result: JsonObject }
  | { readonly kind: 'failed'; readonly code: number; readonly message: string; readonly data?: unknown }
  | { readonly kind: 'not-sent' | 'unknown'; readonly reason: string };

export type UpstreamPort = {
  /** Never rejects. */
  request(upstreamRequest: UpstreamRequest): Promise<UpstreamOutcome>;
  /** What a server says it can do; undefined while it is not connected. Untrusted. */
  capabilities(serverId: string): JsonObject | undefined;
  /** A sentence, while nothing can be sent before the person has done something: a sign-in. */
  obstacle(serverId: string): string | undefined;
};

export type RedactorPort = {
  /** A copy without secrets; `redactions` counts what was taken out. */
  redact(result: JsonObject): { readonly result: JsonObject; readonly redactions: number };
};

export type ClockPort = {
  /** Wall clock, milliseconds since the Unix epoch; never goes back within a run (AU-11). */
  nowMs(): number;
  /** Monotonic, milliseconds from an arbitrary start. */
  monotonicMs(): number;
};

export type PipelinePorts = {
  readonly catalogue: CataloguePort;
  readonly classifier: ClassifierPort;
  readonly facts: FactsPort;
  readonly authority: AuthorityPort;
  readonly ledger: LedgerPort;
  readonly upstream: UpstreamPort;
  readonly redactor: RedactorPort;
  readonly clock: ClockPort;
  readonly newId: () => string;
  /** SHA-256 of UTF-8 text, lower-case hex. */
  readonly sha256: (text: string) => string;
};

// What the inbound side calls ------------------------------------------------------------------------------------

export type BridgeEndpoint = { readonly kind: 'all' } | { readonly kind: 'server'; readonly serverId: string };

/** One JSON-RPC request of an authenticated AI client, with the stream it came on. */
export type InboundRequest = {
  readonly caller: Caller;
  readonly endpoint: BridgeEndpoint;
  readonly era: 'initialize' | 'stateless';
  readonly protocolVersion: string;
  readonly clientCapabilities: JsonObject;
  readonly method: string;
  readonly params: JsonObject;
  /** How long this caller may be kept waiting for a person, in milliseconds (DESIGN §6: 50 s, with progress 280 s). */
  readonly patienceMs: number;
  readonly hasProgressToken: boolean;
  /** Aborted when the caller cancelled, closed its stream or vanished. */
  readonly signal: AbortSignal;
  /** Sends a notification on the stream of this request. */
  readonly notify: (method: string, params: JsonObject) => void;
  /** Sends a request to the AI client on the stream of this one; absent where the client cannot take any. */
  readonly requestMcpClient?: ((method: string, params: JsonObject) => Promise<JsonObject>) | undefined;
};

export type InboundAnswer =
  | { readonly kind: 'result'; readonly result: JsonObject }
  | { readonly kind: 'error'; readonly code: number; readonly message: string; readonly data?: JsonObject | undefined };

/** What the bridge says about itself on an endpoint: `initialize` and `server/discover` answer from this. */
export type BridgeDescription = {
  readonly serverInfo: { readonly name: string; readonly version: string; readonly title: string };
  readonly capabilities: JsonObject;
  readonly instructions: string;
};

export type BridgeHandler = {
  describe(endpoint: BridgeEndpoint, mcpClientId: string): BridgeDescription | undefined;
  /** Every method but the handshake, ping and stream management of the transport. Never rejects. */
  handle(inboundRequest: InboundRequest): Promise<InboundAnswer>;
  /** Pinned input schema of a tool of an endpoint, to hold `Mcp-Param-*` headers against (MCP 2026-07-28). */
  inputSchemaOf?(endpoint: BridgeEndpoint, toolName: string, mcpClientId: string): JsonObject | undefined;
  /** Whether news of this server are for this AI client; all are where it is left out. */
  isOffered?(mcpClientId: string, serverId: string): boolean;
  /** `notifications/*_changed` and resource updates for open streams; returns the unsubscribe function. */
  subscribe(
    listener: (change: {
      readonly endpointServerId: string;
      readonly method: string;
      readonly params: JsonObject;
    }) => void,
  ): () => void;
};
