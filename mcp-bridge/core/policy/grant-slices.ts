/**
 * Of thousands of grants only those that name this AI client, server and, for a write, tool can cover a call: they are
 * found by key, and everything else about them is checked as ever (`grantCovers`).
 *
 * INVARIANT: an authority snapshot is replaced, never edited, so a slice of one list of grants stays right.
 */
import type { Effect } from '../model/effect.ts';
import type { Grant, GrantConstraints } from '../model/grant.ts';
import type { GrantTarget } from './grant-covers.ts';

const slicesOf = new WeakMap<readonly Grant[], ReadonlyMap<string, readonly Grant[]>>();

/** The grants that may cover it, in their own order. */
export function grantsThatMayCover(grants: readonly Grant[], target: GrantTarget, effect: Effect): readonly Grant[] {
  let slices = slicesOf.get(grants);
  if (slices === undefined) {
    slices = slice(grants);
    slicesOf.set(grants, slices);
  }
  return slices.get(keyOf(effect, target)) ?? [];
}

function slice(grants: readonly Grant[]): ReadonlyMap<string, readonly Grant[]> {
  const slices = new Map<string, Grant[]>();
  for (const grant of grants) {
    const key = keyOf(grant.effect, grant.constraints);
    const found = slices.get(key);
    if (found === undefined) slices.set(key, [grant]);
    else found.push(grant);
  }
  return slices;
}

/** A read grant may leave the tool open, so reads are told apart by AI client and server only. */
function keyOf(
  effect: Effect,
  { mcpClientId, serverId, toolName }: Pick<GrantConstraints, 'mcpClientId' | 'serverId' | 'toolName'>,
): string {
  return JSON.stringify(
    effect === 'write' ? [effect, mcpClientId, serverId, toolName] : [effect, mcpClientId, serverId],
  );
}
