import { expect, test } from 'vitest';
import { type AnswerCircumstances, type GivenAnswer, whyNotApproved } from '../../../main/approvals/check-answer.ts';
import { approvalRequest, deletionView } from '../../support/approvals.ts';
import { nowMs } from '../../support/operations.ts';

const write = approvalRequest();
const deletion = approvalRequest({}, deletionView);
const holding = approvalRequest({}, { ...deletionView, confirmation: { kind: 'hold', holdMs: 1500 } });
const broken = approvalRequest({}, { ...deletionView, confirmation: { kind: 'none' } });
const permissions = approvalRequest({
  permissionOffers: [{ choiceId: 'c1', offer: { effect: 'write', constraints: {} as never, sentence: 'May' } }],
});
const given: GivenAnswer = { approvalId: 'a1', nonce: 'n', answer: 'approve-once', sawEverything: true };
const fine = {
  nonce: 'n',
  arming: { state: 'armed', armedInMs: 0 },
  windowFullyOnDisplay: true,
  screenLocked: false,
  nowMs,
} as const;

test.each<[string, Partial<GivenAnswer>, Partial<AnswerCircumstances>, RegExp | undefined]>([
  ['an armed, seen write is approved', {}, {}, undefined],
  ['a forged nonce is refused (DG-14)', { nonce: 'guess' }, {}, /another request/],
  ['an answer for another request is refused', { approvalId: 'a2' }, {}, /another request/],
  ['an answer at the deadline is too late (MC-28)', {}, { nowMs: nowMs + 300_000 }, /run out/],
  ['an answer while the screen is locked is refused (DG-18)', {}, { screenLocked: true }, /locked/],
  ['an answer while arming is refused (DG-11)', {}, { arming: { state: 'arming', armedInMs: 1 } }, /in front/],
  ['an answer without focus is refused (DG-11)', {}, { arming: { state: 'waiting', armedInMs: 1000 } }, /in front/],
  ['a window that is partly off the screen cannot approve (DG-13)', {}, { windowFullyOnDisplay: false }, /on a screen/],
  ['what was not scrolled through cannot be approved (DG-06)', { sawEverything: false }, {}, /been seen/],
  ['a deletion without the typed name is refused', {}, { request: deletion }, /second gesture/],
  ['a deletion with another name is refused', { typedName: 'Exports' }, { request: deletion }, /second gesture/],
  ['a deletion with a trailing space is refused', { typedName: 'exports ' }, { request: deletion }, /second gesture/],
  ['a deletion with the exact name is approved', { typedName: 'exports' }, { request: deletion }, undefined],
  ['a hold that is too short is refused', { heldMs: 1499 }, { request: holding }, /second gesture/],
  ['a full hold is approved', { heldMs: 1500 }, { request: holding }, undefined],
  ['a typed name is no substitute for a hold', { typedName: 'exports' }, { request: holding }, /second gesture/],
  ['a deletion whose view asks for no gesture is refused (I8)', {}, { request: broken }, /second gesture/],
  ['a session that was not offered is refused (DG-24)', { answer: 'approve-session' }, {}, /not offered/],
  ['a request for permissions with nothing ticked is refused', {}, { request: permissions }, /ticked/],
  ['a tick that was not offered is refused', { tickedChoices: ['c1', 'c9'] }, { request: permissions }, /ticked/],
  ['a tick that was offered is accepted', { tickedChoices: ['c1'] }, { request: permissions }, undefined],
  ['a call with ticks is refused', { tickedChoices: ['c1'] }, {}, /ticked/],
])('%s', (_name, answer, circumstances, expected) => {
  const reason = whyNotApproved({ ...given, ...answer }, { request: write, ...fine, ...circumstances });
  if (expected) expect(reason).toMatch(expected);
  else expect(reason).toBeUndefined();
});
