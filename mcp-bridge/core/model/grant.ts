import type { Effect } from './effect.ts';

/**
 * A standing consent. Authority is shown by presence: every constraint here must match, an attribute constraint
 * lists what is covered, and an empty list never means "all". No grant ever covers a delete.
 */
export type Grant = {
  readonly grantId: string;
  readonly effect: Exclude<Effect, 'delete'>;
  readonly constraints: GrantConstraints;
  /** The sentence the person agreed to, word for word. */
  readonly sentence: string;
  /** ISO 8601; the grant is dead at its expiry instant. */
  readonly createdAt: string;
  readonly expiresAt: string;
  /** The approval that left it; undefined for the read grant made when a server was added. */
  readonly approvalId?: string | undefined;
};

export type GrantConstraints = {
  readonly mcpClientId: string;
  /** Undefined only for a read grant: reads are granted per AI client and server, not per session. */
  readonly mcpSessionId?: string | undefined;
  readonly serverId: string;
  /** Undefined only for a read grant. */
  readonly toolName?: string | undefined;
  readonly definitionHash?: string | undefined;
  /** Each named attribute must be present on the operation and equal. */
  readonly attributes: { readonly [name: string]: string | number | boolean };
};

/** What the approval window offers beyond "once". Never offered for a delete. */
export type GrantOffer = Pick<Grant, 'effect' | 'constraints' | 'sentence'>;
