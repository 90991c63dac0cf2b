/**
 * Does a standing consent cover this operation now? Every constraint must match, an absent attribute never matches
 * (CL-18), a delete is never covered, and the grant is dead at its expiry instant.
 */
import type { Grant } from '../model/grant.ts';
import type { Operation } from '../model/operation.ts';

export function grantCovers(grant: Grant, operation: Operation, nowMs: number): boolean {
  const { call, classification, gathered } = operation;
  const { constraints } = grant;
  return (
    classification.effect !== 'delete' &&
    grant.effect === classification.effect &&
    isLive(grant, nowMs) &&
    constraints.mcpClientId === call.caller.mcpClientId &&
    constraints.serverId === call.serverId &&
    (grant.effect === 'read' || hasWriteConstraints(grant)) &&
    matches(constraints.mcpSessionId, call.caller.mcpSessionId) &&
    matches(constraints.toolName, call.toolName) &&
    matches(constraints.definitionHash, call.definitionHash) &&
    Object.entries(constraints.attributes).every(([name, value]) => gathered.attributes[name] === value)
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
