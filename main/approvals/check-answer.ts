/**
 * May this answer approve this request? A list of named checks; the first that fails says why. A denial needs none:
 * deny wins ties.
 */
import type { ApprovalRequest } from '../../mcp-bridge/core/approval/approval-request.ts';
import type { ArmingState } from '../ipc/approval-state.ts';
import type { RequestOf } from '../ipc/contract.ts';

export type GivenAnswer = RequestOf<'approval:answer'>;

export type AnswerCircumstances = {
  readonly request: ApprovalRequest;
  readonly nonce: string;
  readonly arming: ArmingState;
  readonly windowFullyOnDisplay: boolean;
  readonly screenLocked: boolean;
  readonly nowMs: number;
};

type Check = readonly [name: string, passes: (given: GivenAnswer, circumstances: AnswerCircumstances) => boolean];

const approveChecks: readonly Check[] = [
  [
    'The answer is for another request.',
    (given, { request, nonce }) => given.approvalId === request.approvalId && given.nonce === nonce,
  ],
  ['The time to answer has run out.', (_given, { request, nowMs }) => nowMs < Date.parse(request.expiresAt)],
  ['The screen is locked.', (_given, { screenLocked }) => !screenLocked],
  ['The window has not been in front for a second yet.', (_given, { arming }) => arming.state === 'armed'],
  ['The window is not wholly on a screen.', (_given, { windowFullyOnDisplay }) => windowFullyOnDisplay],
  ['Not everything has been seen yet.', (given) => given.sawEverything],
  ['The second gesture is missing.', (given, { request }) => isConfirmed(given, request)],
  ['What was ticked was not offered, or nothing was ticked.', (given, { request }) => ticksFit(given, request)],
  [
    'This session was not offered.',
    (given, { request }) => given.answer !== 'approve-session' || request.sessionGrant !== undefined,
  ],
];

/** Why the answer may not approve, or undefined when it may. */
export function whyNotApproved(given: GivenAnswer, circumstances: AnswerCircumstances): string | undefined {
  return approveChecks.find(([, passes]) => !passes(given, circumstances))?.[0];
}

/** A call has nothing to tick; a request for permissions needs at least one tick, and only of its own choices. */
function ticksFit({ tickedChoices = [] }: GivenAnswer, { permissionOffers }: ApprovalRequest): boolean {
  if (!permissionOffers) return tickedChoices.length === 0;
  const offered = permissionOffers.map(({ choiceId }) => choiceId);
  return tickedChoices.length > 0 && tickedChoices.every((choiceId) => offered.includes(choiceId));
}

function isConfirmed(given: GivenAnswer, { view }: ApprovalRequest): boolean {
  const { confirmation } = view;
  switch (confirmation.kind) {
    case 'none':
      // SECURITY(I8): a deletion without a second gesture is a view that something broke.
      return view.effect !== 'delete';
    case 'type-name':
      return given.typedName === confirmation.name;
    case 'hold':
      return given.heldMs !== undefined && given.heldMs >= confirmation.holdMs;
  }
}
