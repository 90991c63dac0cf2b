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
  /** Rejects when the record is not in the ledger. */
  readonly audit: (event: AuditEvent) => Promise<void>;
  /** For what only takes authority away, which must not wait for a ledger: recorded now, or as soon as that is possible. */
  readonly auditSoon: (event: AuditEvent) => Promise<void>;
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
  stored: {
    readonly guardrails: readonly Guardrail[];
    readonly effectPins: readonly EffectPin[];
    /** Since when everything is stopped: that outlives a restart, because only the person resumes it. */
    readonly stopped?: { readonly at: string } | undefined;
  },
) {
  let epoch = 0;
  let sessionGrants: readonly Grant[] = [];
  let readGrants: readonly Grant[] = [];
  let guardrails: readonly Guardrail[] = stored.guardrails;
  let effectPins: readonly EffectPin[] = stored.effectPins;
  let stopped: { readonly reason: string; readonly at: string } | undefined = stored.stopped && {
    reason: stoppedReason,
    at: stored.stopped.at,
  };
  const held = createHeldApprovals(deps);

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

  /**
   * Audited, then given, all of them or none. SECURITY(MC-24): what was denied, withdrawn or stopped while the record was
   * written or the bridge was told leaves nothing.
   *
   * @returns the ids, in the order of the offers
   */
  async function give(
    offers: readonly GrantOffer[],
    approvalId: string,
    stillAsked: () => boolean,
  ): Promise<readonly string[]> {
    if (offers.some(({ effect }) => effect !== 'write')) throw new TypeError('only writes are granted for a session');
    const made = offers.map((offer) => grantOf(offer, approvalId, deps.nowMs()));
    for (const { grantId, sentence } of made) await deps.audit({ kind: 'grant.created', grantId, sentence });
    const mayStand = (): boolean => stopped === undefined && stillAsked();
    try {
      if (!mayStand()) throw new TypeError('the request ended before its grant was written');
      dropExpired();
      sessionGrants = [...sessionGrants, ...made];
      await changed();
      if (!mayStand()) throw new TypeError('the request ended while its grant was told');
    } catch (error) {
      const isLeft = sessionGrants.some((grant) => made.includes(grant));
      sessionGrants = sessionGrants.filter((grant) => !made.includes(grant));
      if (isLeft) await changed();
      for (const { grantId, sentence } of made) await deps.auditSoon({ kind: 'grant.revoked', grantId, sentence });
      throw error;
    }
    return made.map(({ grantId }) => grantId);
  }

  async function grantSession(request: ApprovalRequest, stillAsked = () => true): Promise<string> {
    if (request.sessionGrant === undefined) throw new TypeError('no session grant was offered');
    const [grantId] = await give([request.sessionGrant], request.approvalId, stillAsked);
    if (grantId === undefined) throw new TypeError('no grant was made');
    return grantId;
  }

  /** Exactly what was ticked, each as its own grant that can be revoked alone. */
  async function grantTicked(
    request: ApprovalRequest,
    tickedChoices: readonly string[],
    stillAsked = () => true,
  ): Promise<void> {
    const ticked = (request.permissionOffers ?? []).filter(({ choiceId }) => tickedChoices.includes(choiceId));
    await give(
      ticked.map(({ offer }) => offer),
      request.approvalId,
      stillAsked,
    );
  }

  async function revoke(grantId: string): Promise<void> {
    const grant = [...sessionGrants, ...readGrants].find((candidate) => candidate.grantId === grantId);
    if (!grant) return;
    // SECURITY(I6): gone from main at once, so that no release can use it while the bridge is being told.
    sessionGrants = sessionGrants.filter((candidate) => candidate.grantId !== grantId);
    readGrants = readGrants.filter((candidate) => candidate.grantId !== grantId);
    await changed();
    await deps.auditSoon({ kind: 'grant.revoked', grantId, sentence: grant.sentence });
  }

  async function stopEverything(reason: string): Promise<void> {
    stopped ??= { reason: stoppedReason, at: new Date(deps.nowMs()).toISOString() };
    sessionGrants = [];
    held.clear();
    await changed();
    await deps.auditSoon({ kind: 'stop-everything', reason });
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
    forgetApproval: (approvalId: string): void => held.drop(approvalId),
    /** The bridge is gone, and with it every session and every caller that could use what was approved. */
    async bridgeLost(): Promise<void> {
      held.clear();
      const ended = sessionGrants;
      sessionGrants = [];
      if (ended.length > 0) await changed();
      for (const { grantId, sentence } of ended) await deps.auditSoon({ kind: 'grant.revoked', grantId, sentence });
    },
    /** Recorded first. `keep` stores it. */
    async resume(keep: () => void = () => {}): Promise<void> {
      if (stopped === undefined) return;
      await deps.audit({ kind: 'resumed' });
      keep();
      stopped = undefined;
      await changed();
    },
    async replaceReadGrants(grants: readonly Grant[]): Promise<void> {
      readGrants = grants;
      await changed();
    },
    /** `keep` stores them. Recorded first: a pin can make a call less guarded. */
    async replaceEffectPins(next: readonly EffectPin[], audited: AuditEvent, keep = () => {}): Promise<void> {
      await deps.audit(audited);
      keep();
      effectPins = next;
      await changed();
    },
    /**
     * `keep` stores them. What only adds a guardrail is in force at once and recorded as soon as possible; what takes
     * one away or changes it is recorded first (AU-07).
     */
    async replaceGuardrails(next: readonly Guardrail[], audited: AuditEvent, keep = () => {}): Promise<void> {
      const onlyAdds = guardrails.every((guardrail) => !guardrail.enabled || next.includes(guardrail));
      if (!onlyAdds) await deps.audit(audited);
      keep();
      guardrails = next;
      await changed();
      if (onlyAdds) await deps.auditSoon(audited);
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

function grantOf(offer: GrantOffer, approvalId: string, createdMs: number): Grant {
  return {
    ...offer,
    grantId: randomUUID(),
    createdAt: new Date(createdMs).toISOString(),
    expiresAt: new Date(createdMs + sessionGrantMs).toISOString(),
    approvalId,
  };
}
