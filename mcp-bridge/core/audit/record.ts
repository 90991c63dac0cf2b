/**
 * What the ledger remembers, one entry each, chained by hash. No tool argument, result or secret is in an entry:
 * a call is named by its digest and by facts that the person was shown.
 */
import type { Basis, Domain } from '../model/classification.ts';
import type { Decision } from '../model/decision.ts';
import type { Effect } from '../model/effect.ts';

export type AuditEvent = CallEvent | ApprovalEvent | AuthorityEvent | LifecycleEvent | InboundWatchEvent;

type CallIdentity = {
  /** UUID of this one call; a retry is another call with the same digest. */
  readonly callId: string;
  readonly callDigest: string;
  readonly mcpClientId: string;
  readonly mcpSessionId: string;
  readonly serverId: string;
  readonly toolName: string;
};

export type CallEvent =
  | (CallIdentity & {
      readonly kind: 'call.decided';
      readonly effect: Effect;
      readonly basis: Basis;
      readonly domain: Domain;
      readonly decision: Decision['decision'];
      readonly reasons: readonly string[];
      readonly policies: readonly string[];
      /** The headline the person was or would be shown. */
      readonly headline: string;
    })
  | (CallIdentity & {
      /** Durable before anything is sent (I3). Consumes its approval: a second intent for one approval is refused. */
      readonly kind: 'call.intent';
      readonly effect: Effect;
      readonly authorizedBy: CallAuthorization;
    })
  | (CallIdentity & {
      readonly kind: 'call.outcome';
      readonly outcome: CallOutcome;
      readonly detail?: string | undefined;
      readonly durationMs: number;
    });

export type CallAuthorization =
  | { readonly kind: 'approval'; readonly approvalId: string }
  | { readonly kind: 'grant'; readonly grantId: string }
  | { readonly kind: 'rule'; readonly ruleId: string };

/**
 * succeeded and failed: the upstream answered. refused: policy forbade. denied, expired, withdrawn: the approval ended
 * so and nothing was sent. pending: answered "call again". not-sent: authorized, but it never left.
 * unknown: sent, and no answer came; never repeated by itself (AU-09).
 */
export const CALL_OUTCOMES = [
  'succeeded',
  'failed',
  'refused',
  'denied',
  'expired',
  'withdrawn',
  'pending',
  'not-sent',
  'unknown',
] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

export type ApprovalEvent =
  | {
      readonly kind: 'approval.asked';
      readonly approvalId: string;
      readonly callDigest: string;
      readonly mcpClientId: string;
      readonly effect: Effect;
      readonly headline: string;
    }
  | {
      readonly kind: 'approval.answered';
      readonly approvalId: string;
      readonly callDigest: string;
      readonly answer: 'approved' | 'denied' | 'expired' | 'withdrawn';
      readonly reason: string;
    };

export type AuthorityEvent =
  | {
      readonly kind: 'grant.created' | 'grant.revoked' | 'grant.expired';
      readonly grantId: string;
      readonly sentence: string;
    }
  | {
      readonly kind: 'guardrail.switched';
      readonly guardrailId: string;
      readonly name: string;
      readonly enabled: boolean;
    }
  | { readonly kind: 'stop-everything'; readonly reason: string }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'identity.signed-in' | 'identity.signed-out'; readonly subject: string; readonly issuer: string }
  | {
      readonly kind: 'mcp-client.paired' | 'mcp-client.removed' | 'mcp-client.key-rotated';
      readonly mcpClientId: string;
    }
  | { readonly kind: 'server.added' | 'server.removed'; readonly serverId: string; readonly endpoint: string }
  | {
      /** The person signed in to an upstream server, or what they signed in with has ended. */
      readonly kind: 'server.signed-in' | 'server.signed-out';
      readonly serverId: string;
      readonly issuer: string;
    }
  | {
      /** The person's own word about what a tool does, or that it was taken back. */
      readonly kind: 'tool.pinned';
      readonly serverId: string;
      readonly toolName: string;
      readonly definitionHash: string;
      readonly effect: Effect | 'as found';
    }
  | {
      readonly kind: 'tool.reviewed';
      readonly serverId: string;
      readonly toolName: string;
      readonly definitionHash: string;
    };

export type LifecycleEvent = { readonly kind: 'bridge.started' | 'bridge.stopped'; readonly version: string };

/** What happened at the bridge's door, each at most once a minute, so that nobody can fill the disk with it (LO-06). */
export type InboundWatchEvent =
  /** Keys and proofs that opened nothing, since the record before. */
  | { readonly kind: 'inbound.wrong-keys'; readonly tries: number }
  /** Requests that the bridge itself could not serve, since the record before; what: the last of them. */
  | { readonly kind: 'inbound.failed'; readonly times: number; readonly what: string };

/** One link of the chain: `hash` = SHA-256 over the RFC 8785 form of the other members. */
export type AuditRecord = {
  readonly sequence: number;
  /** Wall clock, ISO 8601 with milliseconds, UTC. */
  readonly at: string;
  readonly event: AuditEvent;
  /** Hash of the record before; 64 zeros for the first. */
  readonly previousHash: string;
  readonly hash: string;
};
