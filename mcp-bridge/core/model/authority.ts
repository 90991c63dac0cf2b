import type { Effect } from './effect.ts';
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
  /** The person's own word about single tools; the strongest evidence there is. */
  readonly effectPins: readonly EffectPin[];
  /** True after "Stop everything", while locked, or when something is broken: every call is refused. */
  readonly stopped?: { readonly reason: string } | undefined;
};

/** Holds for exactly one definition: a tool that changes is rated anew. */
export type EffectPin = {
  readonly serverId: string;
  readonly toolName: string;
  readonly definitionHash: string;
  readonly effect: Effect;
};

export function pinnedEffect(effectPins: readonly EffectPin[], tool: Omit<EffectPin, 'effect'>): Effect | undefined {
  return effectPins.find(
    (pin) =>
      pin.serverId === tool.serverId && pin.toolName === tool.toolName && pin.definitionHash === tool.definitionHash,
  )?.effect;
}
