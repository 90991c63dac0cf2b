/**
 * When the approval window may answer, as a pure function of what happened (DESIGN 7, THREATS DG-06, DG-11…DG-16).
 *
 * An approval needs all of: main says armed; everything was scrolled through; the second gesture; and a press that
 * began after arming, on a button that the pointer moved over, or that Tab or the pointer focused, after arming.
 * A denial needs nothing. Main checks again; this is the first of two locks.
 *
 * INVARIANT: total; at most one answer leaves between two refusals; after a refusal arming must begin anew.
 */
import type { Confirmation } from '../../mcp-bridge/core/model/effect-view.ts';

export type ApprovingAnswer = 'approve-once' | 'approve-session';
export type Answer = {
  readonly answer: 'deny' | ApprovingAnswer;
  readonly heldMs?: number;
};

export type AnswerState = {
  readonly arming: 'waiting' | 'arming' | 'armed';
  /** Counts how often arming began, so that its line starts anew each time. */
  readonly armingRound: number;
  readonly sawEverything: boolean;
  readonly typedName: string;
  /** Of a request for permissions; undefined for a call, which has nothing to tick. */
  readonly ticked: readonly string[] | undefined;
  /** The button the pointer moved over, and the one focused by Tab or pointer, since arming ended. */
  readonly pointerOn: ApprovingAnswer | undefined;
  readonly focusOn: ApprovingAnswer | undefined;
  readonly press: { readonly button: ApprovingAnswer; readonly by: PressedBy; readonly sinceMs: number } | undefined;
  readonly sent: Answer | undefined;
  readonly refusal: string | undefined;
  /** After a refusal: not until main has said something other than armed. */
  readonly mustRearm: boolean;
  readonly expired: boolean;
};
export type PressedBy = 'pointer' | 'Enter' | ' ';

export type AnswerEvent =
  | { readonly type: 'arming'; readonly state: AnswerState['arming'] }
  | { readonly type: 'saw-end' }
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'ticked'; readonly choiceId: string; readonly isTicked: boolean }
  | { readonly type: 'pointer-moved'; readonly button: ApprovingAnswer }
  | { readonly type: 'focused'; readonly button: ApprovingAnswer; readonly by: 'tab' | 'pointer' | 'other' }
  | { readonly type: 'blurred'; readonly button: ApprovingAnswer }
  | { readonly type: 'press-began'; readonly button: ApprovingAnswer; readonly by: PressedBy; readonly atMs: number }
  | { readonly type: 'press-ended'; readonly button: ApprovingAnswer; readonly by: PressedBy; readonly atMs: number }
  | { readonly type: 'press-lasted'; readonly atMs: number }
  | { readonly type: 'press-broken' }
  | { readonly type: 'deny' }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'expired' };

export function initialAnswerState(arming: AnswerState['arming'], hasChoices = false): AnswerState {
  return {
    arming,
    armingRound: 0,
    sawEverything: false,
    typedName: '',
    ticked: hasChoices ? [] : undefined,
    pointerOn: undefined,
    focusOn: undefined,
    press: undefined,
    sent: undefined,
    refusal: undefined,
    mustRearm: false,
    expired: false,
  };
}

export type Blocker = 'sent' | 'expired' | 'not-armed' | 'unseen' | 'name' | 'nothing-ticked';

/** The first reason why nothing can be approved now; undefined when a press would count. */
export function blocker(state: AnswerState, confirmation: Confirmation): Blocker | undefined {
  if (state.sent !== undefined) return 'sent';
  if (state.expired) return 'expired';
  if (!state.sawEverything) return 'unseen';
  // Exact, code unit by code unit: no trimming, folding or normalising of what names a thing to be destroyed.
  if (confirmation.kind === 'type-name' && state.typedName !== confirmation.name) return 'name';
  if (state.ticked?.length === 0) return 'nothing-ticked';
  if (state.arming !== 'armed' || state.mustRearm) return 'not-armed';
  return undefined;
}

export function nextAnswerState(state: AnswerState, event: AnswerEvent, confirmation: Confirmation): AnswerState {
  if (state.expired || (state.sent !== undefined && event.type !== 'refused' && event.type !== 'expired')) return state;
  switch (event.type) {
    case 'arming':
      if (event.state === 'armed') return { ...state, arming: 'armed' };
      return { ...state, ...untouched, arming: event.state, armingRound: state.armingRound + 1, mustRearm: false };
    case 'saw-end':
      // What scrolls by before the window was in front of a person was not seen by one.
      return state.arming === 'waiting' ? state : { ...state, sawEverything: true };
    case 'typed':
      return { ...state, typedName: event.text, press: undefined };
    case 'ticked':
      return { ...state, ticked: tickedAfter(state.ticked, event), press: undefined };
    case 'pointer-moved':
      return state.arming === 'armed' ? { ...state, pointerOn: event.button } : state;
    case 'focused':
      return state.arming === 'armed' && event.by !== 'other' ? { ...state, focusOn: event.button } : state;
    case 'blurred':
      return {
        ...state,
        focusOn: state.focusOn === event.button ? undefined : state.focusOn,
        press: state.press?.button === event.button ? undefined : state.press,
      };
    case 'press-began':
      return { ...state, press: begins(state, event, confirmation) ? pressOf(event) : undefined };
    case 'press-ended':
      return { ...state, press: undefined, ...answerOfPress(state, event, confirmation) };
    case 'press-lasted':
      return { ...state, ...answerOfHold(state, event.atMs, confirmation) };
    case 'press-broken':
      return { ...state, press: undefined };
    case 'deny':
      return { ...state, press: undefined, refusal: undefined, sent: { answer: 'deny' } };
    case 'refused':
      return { ...state, ...untouched, sent: undefined, refusal: event.reason, mustRearm: true };
    case 'expired':
      return { ...state, ...untouched, expired: true };
  }
}

function tickedAfter(
  ticked: AnswerState['ticked'],
  { choiceId, isTicked }: Extract<AnswerEvent, { type: 'ticked' }>,
): AnswerState['ticked'] {
  const others = ticked?.filter((id) => id !== choiceId);
  return isTicked ? others && [...others, choiceId] : others;
}

const untouched = { pointerOn: undefined, focusOn: undefined, press: undefined } as const;

type Press = { readonly button: ApprovingAnswer; readonly by: PressedBy; readonly atMs: number };

function begins(state: AnswerState, press: Press, confirmation: Confirmation): boolean {
  const touched = press.by === 'pointer' ? state.pointerOn : state.focusOn;
  return touched === press.button && blocker(state, confirmation) === undefined;
}

function pressOf({ button, by, atMs }: Press): AnswerState['press'] {
  return { button, by, sinceMs: atMs };
}

function answerOfPress(state: AnswerState, end: Press, confirmation: Confirmation): { readonly sent?: Answer } {
  if (confirmation.kind === 'hold' || blocker(state, confirmation) !== undefined) return {};
  const isSamePress = state.press?.button === end.button && state.press.by === end.by;
  return isSamePress ? { sent: { answer: end.button } } : {};
}

function answerOfHold(state: AnswerState, atMs: number, confirmation: Confirmation): { readonly sent?: Answer } {
  if (confirmation.kind !== 'hold' || state.press === undefined) return {};
  if (blocker(state, confirmation) !== undefined) return {};
  const heldMs = atMs - state.press.sinceMs;
  return heldMs >= confirmation.holdMs ? { sent: { answer: state.press.button, heldMs } } : {};
}
