/**
 * Does what the bridge asks hang together? Main shows a request only when it fits what main knows itself: who is paired,
 * which servers there are and what environment the person gave them. A bridge that hostile data has broken can then
 * neither borrow another AI client's name, nor offer more than the window says, nor set the clock of an approval.
 *
 * A list of named checks; the first that fails says why. Pure.
 */
import type { ApprovalRequest } from '../../mcp-bridge/core/approval/approval-request.ts';
import { isProduction } from '../../mcp-bridge/core/approval/confirmation.ts';
import type { GrantOffer } from '../../mcp-bridge/core/model/grant.ts';

/** What main knows without the bridge. */
export type KnownParties = {
  readonly mcpClients: readonly {
    readonly mcpClientId: string;
    readonly name: string;
    /** The servers it is offered; all where this is left out. */
    readonly serverIds?: readonly string[] | undefined;
  }[];
  /** The environment that each server's configuration names, or undefined. */
  readonly environments: ReadonlyMap<string, string | undefined>;
};

export type Admission =
  | { readonly admitted: true; readonly request: ApprovalRequest }
  | { readonly admitted: false; readonly reason: string };

/** As long as anybody has to answer, whatever the bridge says. */
export const longestAnswerMs = 5 * 60_000;
const mostCharacters = 32 * 1024 * 1024;
const permissionsAsked = { serverId: 'countersign', toolName: 'request_permissions' } as const;

type Check = readonly [reason: string, passes: (request: ApprovalRequest, known: KnownParties) => boolean];

const checks: readonly Check[] = [
  ['It names an AI client that is not connected here.', isFromPairedClient],
  ['It is about a server that this AI client is not offered here.', isAboutKnownServer],
  ['It names another environment than the server has.', namesOwnEnvironment],
  ['Reading is never asked about.', ({ view }) => view.effect !== 'read'],
  ['It is dangerous and asks for no second gesture.', isConfirmedWhenDangerous],
  ['It offers a permission that is wider than the call, or that is never given.', offersFitCall],
  ['What could be ticked is not what would be granted.', choicesAreOffers],
  ['It is too large to be read by anybody.', isReadable],
];

export function admitRequest(request: ApprovalRequest, known: KnownParties, nowMs: number): Admission {
  const failed = checks.find(([, passes]) => !passes(request, known));
  if (failed) return { admitted: false, reason: `Countersign did not show this request. ${failed[0]}` };
  // SECURITY(MC-28): main's own clock runs; the bridge can shorten the time, never lengthen it.
  const askedForMs = Date.parse(request.expiresAt) - Date.parse(request.askedAt);
  const answerWithinMs = Math.min(Math.max(0, askedForMs), longestAnswerMs);
  const times = { askedAt: instant(nowMs), expiresAt: instant(nowMs + answerWithinMs) };
  return { admitted: true, request: { ...request, ...times } };
}

/** SECURITY(MC-08): the name is the person's own for this AI client. */
function isFromPairedClient({ caller }: ApprovalRequest, { mcpClients }: KnownParties): boolean {
  return mcpClients.some(
    ({ mcpClientId, name }) => mcpClientId === caller.mcpClientId && name === caller.mcpClientName,
  );
}

function isAboutKnownServer(request: ApprovalRequest, { mcpClients, environments }: KnownParties): boolean {
  const offered = mcpClients.find(({ mcpClientId }) => mcpClientId === request.caller.mcpClientId)?.serverIds;
  const isKnown = (id: string): boolean => environments.has(id) && (offered?.includes(id) ?? true);
  if (!request.permissionOffers) return isKnown(request.serverId);
  const { serverId, toolName } = permissionsAsked;
  return (
    request.serverId === serverId &&
    request.toolName === toolName &&
    request.permissionOffers.every(({ offer }) => isKnown(offer.constraints.serverId))
  );
}

/** SECURITY(DG-23) */
function namesOwnEnvironment({ serverId, view, permissionOffers }: ApprovalRequest, known: KnownParties): boolean {
  return view.environment === (permissionOffers ? undefined : known.environments.get(serverId));
}

function isConfirmedWhenDangerous({ serverId, view }: ApprovalRequest, { environments }: KnownParties): boolean {
  const isDangerous = view.effect === 'delete' || view.irreversible || isProduction(environments.get(serverId));
  return !isDangerous || view.confirmation.kind !== 'none';
}

/** SECURITY(DG-24): for this AI client, in this session, and never for what is asked about each time. */
function offersFitCall(request: ApprovalRequest, { environments }: KnownParties): boolean {
  const { view, caller, sessionGrant, permissionOffers } = request;
  const offers = [...(sessionGrant ? [sessionGrant] : []), ...(permissionOffers ?? []).map(({ offer }) => offer)];
  const isCallers = ({ constraints }: GrantOffer): boolean =>
    constraints.mcpClientId === caller.mcpClientId && constraints.mcpSessionId === caller.mcpSessionId;
  const isOrdinary = ({ effect, constraints }: GrantOffer): boolean =>
    effect === 'write' && !isProduction(environments.get(constraints.serverId));
  const isOfCall =
    !sessionGrant ||
    (!permissionOffers &&
      sessionGrant.constraints.serverId === request.serverId &&
      sessionGrant.constraints.toolName === request.toolName);
  const mayOffer = offers.length === 0 || (view.effect === 'write' && !view.irreversible);
  return mayOffer && isOfCall && offers.every((offer) => isCallers(offer) && isOrdinary(offer));
}

/** Each choice on screen is one offer, with its very sentence; a call has no choices. */
function choicesAreOffers({ view, permissionOffers }: ApprovalRequest): boolean {
  const choices = view.sections.flatMap((section) => (section.kind === 'choices' ? section.choices : []));
  const offered = (permissionOffers ?? []).map(({ choiceId, offer }) => ({ choiceId, sentence: offer.sentence }));
  const ids = new Set(offered.map(({ choiceId }) => choiceId));
  return (
    ids.size === offered.length &&
    (permissionOffers === undefined || offered.length > 0) &&
    choices.length === offered.length &&
    choices.every(({ choiceId, sentence }, at) => {
      return offered[at]?.choiceId === choiceId && offered[at]?.sentence === sentence;
    })
  );
}

/** SECURITY(EL-22) */
function isReadable(request: ApprovalRequest): boolean {
  return JSON.stringify(request).length <= mostCharacters;
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
