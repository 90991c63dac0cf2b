/**
 * Main's authority: grants, guardrails and "Stop everything". Every change makes a new numbered snapshot for the
 * bridge; a revoke counts as done only when the bridge has confirmed the epoch without the grant (I6).
 */
import { randomUUID } from 'node:crypto';
import type { ApprovalRequest } from '../../mcp-bridge/core/approval/approval-request.ts';
import type { AuditEvent, CallAuthorization } from '../../mcp-bridge/core/audit/record.ts';
import type { AuthoritySnapshot, EffectPin } from '../../mcp-bridge/core/model/authority.ts';
import type { Effect } from '../../mcp-bridge/core/model/effect.ts';
import type { Grant, GrantOffer } from '../../mcp-bridge/core/model/grant.ts';
import type { Guardrail } from '../../mcp-bridge/core/model/guardrail.ts';
import { type GrantTarget, grantCovers, isLive } from '../../mcp-bridge/core/policy/grant-covers.ts';
import { createHeldApprovals } from './held-approvals.ts';

export type AuthorityDeps = {
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  /** Resolves when the bridge decides by this snapshot and no older one. */
  readonly publish: (snapshot: AuthoritySnapshot) => Promise<void>;
  readonly audit: (event: AuditEvent) => Promise<void>;
  readonly onChange: () => void;
};

export type Release = { readonly released: true } | { readonly released: false; readonly reason: string };

export type ReleaseClaim = {
  readonly callDigest: string;
  readonly effect: Effect;
  readonly authorizedBy: CallAuthorization;
  readonly target: GrantTarget;
};

export type Authority = ReturnType<typeof createAuthority>;

/** A session grant ends with the session, and at the latest after this. */
export const sessionGrantMs = 8 * 60 * 60_000;
const stoppedReason = 'Everything is stopped in Countersign. The person has to resume it first.';

export function createAuthority(
  deps: AuthorityDeps,
  stored: { readonly guardrails: readonly Guardrail[]; readonly effectPins: readonly EffectPin[] },
) {
  let epoch = 0;
  let sessionGrants: readonly Grant[] = [];
  let readGrants: readonly Grant[] = [];
  let guardrails: readonly Guardrail[] = stored.guardrails;
  let effectPins: readonly EffectPin[] = stored.effectPins;
  let stopped: { readonly reason: string; readonly at: string } | undefined;
  const held = createHeldApprovals(deps.monotonicMs);

  function snapshot(): AuthoritySnapshot {
    return {
      epoch,
      grants: [...readGrants, ...sessionGrants],
      guardrails,
      effectPins,
      ...(stopped === undefined ? {} : { stopped: { reason: stopped.reason } }),
    };
  }

  async function changed(): Promise<void> {
    epoch += 1;
    deps.onChange();
    await deps.publish(snapshot());
    deps.onChange();
  }

  function dropExpired(): void {
    sessionGrants = sessionGrants.filter((grant) => isLive(grant, deps.nowMs()));
  }

  async function grant(offer: GrantOffer, approvalId: string): Promise<string> {
    if (offer.effect !== 'write') throw new TypeError('only writes are granted for a session');
    const createdMs = deps.nowMs();
    const made: Grant = {
      ...offer,
      grantId: randomUUID(),
      createdAt: new Date(createdMs).toISOString(),
      expiresAt: new Date(createdMs + sessionGrantMs).toISOString(),
      approvalId,
    };
    await deps.audit({ kind: 'grant.created', grantId: made.grantId, sentence: made.sentence });
    dropExpired();
    sessionGrants = [...sessionGrants, made];
    return made.grantId;
  }

  async function grantSession(request: ApprovalRequest): Promise<string> {
    if (request.sessionGrant === undefined) throw new TypeError('no session grant was offered');
    const grantId = await grant(request.sessionGrant, request.approvalId);
    await changed();
    return grantId;
  }

  /** Exactly what was ticked, each as its own grant that can be revoked alone. */
  async function grantTicked(request: ApprovalRequest, tickedChoices: readonly string[]): Promise<void> {
    const ticked = (request.permissionOffers ?? []).filter(({ choiceId }) => tickedChoices.includes(choiceId));
    for (const { offer } of ticked) await grant(offer, request.approvalId);
    await changed();
  }

  async function revoke(grantId: string): Promise<void> {
    const grant = [...sessionGrants, ...readGrants].find((candidate) => candidate.grantId === grantId);
    if (!grant) return;
    // SECURITY(I6): gone from main at once, so that no release can use it while the bridge is being told.
    sessionGrants = sessionGrants.filter((candidate) => candidate.grantId !== grantId);
    readGrants = readGrants.filter((candidate) => candidate.grantId !== grantId);
    await changed();
    await deps.audit({ kind: 'grant.revoked', grantId, sentence: grant.sentence });
  }

  async function stopEverything(reason: string): Promise<void> {
    stopped = { reason: stoppedReason, at: new Date(deps.nowMs()).toISOString() };
    sessionGrants = [];
    held.clear();
    await changed();
    await deps.audit({ kind: 'stop-everything', reason });
  }

  /** The last gate before anything that changes the world: main's own grants and approvals, not the bridge's word. */
  function release({ callDigest, effect, authorizedBy, target }: ReleaseClaim): Release {
    if (stopped) return { released: false, reason: stopped.reason };
    switch (authorizedBy.kind) {
      case 'approval':
        return held.use(authorizedBy.approvalId, callDigest, effect)
          ? { released: true }
          : { released: false, reason: 'There is no unused approval for exactly this call.' };
      case 'grant':
        return sessionGrants.some(
          (grant) => grant.grantId === authorizedBy.grantId && grantCovers(grant, target, effect, deps.nowMs()),
        )
          ? { released: true }
          : { released: false, reason: 'The permission was revoked, has ended, or does not cover this call.' };
      case 'rule':
        return { released: false, reason: 'There is no such rule.' };
    }
  }

  return {
    snapshot,
    release,
    revoke,
    grantSession,
    grantTicked,
    stopEverything,
    stopped: () => stopped,
    sessionGrants: () => sessionGrants,
    readGrants: () => readGrants,
    guardrails: () => guardrails,
    rememberApproval(request: ApprovalRequest): void {
      held.hold(request.approvalId, request.callDigest, request.view.effect);
    },
    async resume(): Promise<void> {
      stopped = undefined;
      await changed();
    },
    async replaceReadGrants(grants: readonly Grant[]): Promise<void> {
      readGrants = grants;
      await changed();
    },
    async replaceEffectPins(next: readonly EffectPin[]): Promise<void> {
      effectPins = next;
      await changed();
    },
    async replaceGuardrails(next: readonly Guardrail[], audited: AuditEvent): Promise<void> {
      guardrails = next;
      await changed();
      await deps.audit(audited);
    },
    /** Grants of a session or an AI client that is gone. */
    async endGrants(ends: (grant: Grant) => boolean): Promise<void> {
      const kept = sessionGrants.filter((grant) => !ends(grant));
      if (kept.length === sessionGrants.length) return;
      sessionGrants = kept;
      await changed();
    },
  };
}
