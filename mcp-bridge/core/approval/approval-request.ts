/**
 * What the bridge asks main to show, and how main answers. The request is complete when it is made: nothing in it
 * changes while a window is open (DG-16).
 */
import type { EffectView } from '../model/effect-view.ts';
import type { GrantOffer } from '../model/grant.ts';
import type { Caller } from '../model/operation.ts';

export type ApprovalRequest = {
  readonly approvalId: string;
  readonly callDigest: string;
  readonly caller: Caller;
  readonly serverId: string;
  readonly toolName: string;
  /** RFC 8785 form of the arguments: exactly what would be sent. */
  readonly canonicalArguments: string;
  readonly view: EffectView;
  /** Offered beside "once"; absent for every delete. */
  readonly sessionGrant?: GrantOffer | undefined;
  /** A request for permissions instead of a call: what each choice of the view would leave. */
  readonly permissionOffers?: readonly PermissionOffer[] | undefined;
  /** How often the person denied the same tool and target before, in the last ten minutes (DG-25). */
  readonly deniedBefore: number;
  /** ISO 8601. */
  readonly askedAt: string;
  readonly expiresAt: string;
};

export type PermissionOffer = { readonly choiceId: string; readonly offer: GrantOffer };

export type ApprovalAnswer =
  | { readonly outcome: 'approved'; readonly approvalId: string; readonly grantId?: string | undefined }
  | { readonly outcome: 'denied' | 'expired' | 'withdrawn'; readonly approvalId: string; readonly reason: string };
