/**
 * Does a standing consent cover this call now? Every constraint must match, an absent attribute never matches (CL-18),
 * a delete is never covered, and the grant is dead at its expiry instant.
 */
import type { Effect } from '../model/effect.ts';
import type { Attributes } from '../model/facts.ts';
import type { Grant } from '../model/grant.ts';
import type { Operation } from '../model/operation.ts';

/** What a grant is matched against; the bridge decides by it and main checks it again at the release. */
export type GrantTarget = {
  readonly mcpClientId: string;
  readonly mcpSessionId: string;
  readonly serverId: string;
  readonly toolName: string;
  readonly definitionHash: string;
  readonly attributes: Attributes;
};

export function grantTarget({ call, gathered }: Operation): GrantTarget {
  const { caller, serverId, toolName, definitionHash } = call;
  const { mcpClientId, mcpSessionId } = caller;
  return { mcpClientId, mcpSessionId, serverId, toolName, definitionHash, attributes: gathered.attributes };
}

export function grantCovers(grant: Grant, target: GrantTarget, effect: Effect, nowMs: number): boolean {
  const { constraints } = grant;
  return (
    effect !== 'delete' &&
    grant.effect === effect &&
    constraints.mcpClientId === target.mcpClientId &&
    constraints.serverId === target.serverId &&
    (grant.effect === 'read' || hasWriteConstraints(grant)) &&
    matches(constraints.mcpSessionId, target.mcpSessionId) &&
    matches(constraints.toolName, target.toolName) &&
    matches(constraints.definitionHash, target.definitionHash) &&
    Object.entries(constraints.attributes).every(([name, value]) => target.attributes[name] === value) &&
    isLive(grant, nowMs) // last, since reading the date costs more than all the rest
  );
}

/** An unreadable expiry is a dead grant. */
export function isLive(grant: Grant, nowMs: number): boolean {
  return nowMs < Date.parse(grant.expiresAt);
}

/** INVARIANT: a write grant names its session, tool and definition; one that does not covers nothing. */
function hasWriteConstraints({ constraints }: Grant): boolean {
  return (
    constraints.mcpSessionId !== undefined &&
    constraints.toolName !== undefined &&
    constraints.definitionHash !== undefined
  );
}

function matches(constraint: string | undefined, actual: string): boolean {
  return constraint === undefined || constraint === actual;
}
