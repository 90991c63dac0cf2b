import type { Grant } from './grant.ts';
import type { Guardrail } from './guardrail.ts';

/**
 * What main lets the bridge decide with: a whole replacement each time, numbered. A revoke is acknowledged to the
 * person only after the bridge has confirmed the epoch that no longer holds the grant (I6).
 */
export type AuthoritySnapshot = {
  readonly epoch: number;
  readonly grants: readonly Grant[];
  readonly guardrails: readonly Guardrail[];
  /** True after "Stop everything", while locked, or when something is broken: every call is refused. */
  readonly stopped?: { readonly reason: string } | undefined;
};
