import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Confirmation } from '../../../mcp-bridge/core/model/effect-view.ts';
import {
  type Answer,
  type AnswerEvent,
  type AnswerState,
  blocker,
  initialAnswerState,
  nextAnswerState,
} from '../../../renderer/approval/answer-state.ts';

const none: Confirmation = { kind: 'none' };
const typeName: Confirmation = { kind: 'type-name', name: 'exports' };
const hold: Confirmation = { kind: 'hold', holdMs: 2000 };

const once = { button: 'approve-once' } as const;
const session = { button: 'approve-session' } as const;
const arming: AnswerEvent = { type: 'arming', state: 'arming' };
const armed: AnswerEvent = { type: 'arming', state: 'armed' };
const waiting: AnswerEvent = { type: 'arming', state: 'waiting' };
const sawEnd: AnswerEvent = { type: 'saw-end' };
const moved: AnswerEvent = { type: 'pointer-moved', ...once };
const tabbed: AnswerEvent = { type: 'focused', ...once, by: 'tab' };
const down: AnswerEvent = { type: 'press-began', ...once, by: 'pointer', atMs: 100 };
const up: AnswerEvent = { type: 'press-ended', ...once, by: 'pointer', atMs: 180 };
const enterDown: AnswerEvent = { type: 'press-began', ...once, by: 'Enter', atMs: 100 };
const enterUp: AnswerEvent = { type: 'press-ended', ...once, by: 'Enter', atMs: 180 };
const deny: AnswerEvent = { type: 'deny' };
const ready = [arming, sawEnd, armed];

function after(events: readonly AnswerEvent[], confirmation: Confirmation): AnswerState {
  return events.reduce((state, event) => nextAnswerState(state, event, confirmation), initialAnswerState('waiting'));
}

const approved: Answer = { answer: 'approve-once' };
const denied: Answer = { answer: 'deny' };

test.each<[string, readonly AnswerEvent[], Confirmation, Answer | undefined]>([
  ['armed, seen, pointed at and clicked approves', [...ready, moved, down, up], none, approved],
  ['armed, seen, reached by Tab and Enter approves', [...ready, tabbed, enterDown, enterUp], none, approved],
  ['a click before arming ends does nothing', [arming, sawEnd, moved, down, up], none, undefined],
  ['a press that began before arming ended does nothing', [arming, sawEnd, moved, down, armed, up], none, undefined],
  ['the pointer must move over the button after arming', [arming, sawEnd, moved, armed, down, up], none, undefined],
  [
    'moving over one button does not unlock the other',
    [...ready, { type: 'pointer-moved', ...session }, down, up],
    none,
    undefined,
  ],
  ['focus gained before arming does not count', [arming, tabbed, sawEnd, armed, enterDown, enterUp], none, undefined],
  [
    'focus that came by itself does not count',
    [...ready, { type: 'focused', ...once, by: 'other' }, enterDown, enterUp],
    none,
    undefined,
  ],
  ['key-up without key-down does nothing', [...ready, tabbed, enterUp], none, undefined],
  [
    'Enter down and Space up is no press',
    [...ready, tabbed, enterDown, { type: 'press-ended', ...once, by: ' ', atMs: 180 }],
    none,
    undefined,
  ],
  ['leaving the button breaks the press', [...ready, moved, down, { type: 'press-broken' }, up], none, undefined],
  [
    'losing focus breaks the press',
    [...ready, tabbed, enterDown, { type: 'blurred', ...once }, enterUp],
    none,
    undefined,
  ],
  [
    'the old button losing focus does not break the new press',
    [...ready, moved, down, { type: 'blurred', ...session }, up],
    none,
    approved,
  ],
  ['re-arming forgets the pointer', [...ready, moved, arming, armed, down, up], none, undefined],
  [
    're-arming in the middle of a press breaks it',
    [...ready, moved, down, waiting, arming, armed, up],
    none,
    undefined,
  ],
  ['unseen content blocks', [arming, armed, moved, down, up], none, undefined],
  ['what scrolled by while waiting was not seen', [waiting, sawEnd, arming, armed, moved, down, up], none, undefined],
  ['the name must be typed', [...ready, moved, down, up], typeName, undefined],
  ['the exact name approves', [...ready, { type: 'typed', text: 'exports' }, moved, down, up], typeName, approved],
  ['a click on a hold button does nothing', [...ready, moved, down, up], hold, undefined],
  [
    'holding long enough approves and says how long',
    [...ready, moved, down, { type: 'press-lasted', atMs: 2105 }],
    hold,
    { answer: 'approve-once', heldMs: 2005 },
  ],
  ['holding too short does nothing', [...ready, moved, down, { type: 'press-lasted', atMs: 2099 }], hold, undefined],
  ['letting go ends the hold', [...ready, moved, down, up, { type: 'press-lasted', atMs: 5000 }], hold, undefined],
  ['deny needs nothing', [deny], typeName, denied],
  ['deny while arming denies', [arming, deny], none, denied],
  ['after an answer nothing else is sent', [deny, ...ready, moved, down, up], none, denied],
  ['a deny after the approval is not sent by the window', [...ready, moved, down, up, deny], none, approved],
  ['nothing is approved after the time is up', [...ready, moved, down, { type: 'expired' }, up], none, undefined],
  ['nothing is denied after the time is up either: main has', [{ type: 'expired' }, deny], none, undefined],
  [
    'after a refusal the same arming does not serve again',
    [...ready, moved, down, up, { type: 'refused', reason: 'r' }, moved, down, up],
    none,
    undefined,
  ],
  [
    'after a refusal main saying armed again is not arming anew',
    [...ready, moved, down, up, { type: 'refused', reason: 'r' }, armed, moved, down, up],
    none,
    undefined,
  ],
  [
    'after a refusal and new arming it approves',
    [...ready, moved, down, up, { type: 'refused', reason: 'r' }, arming, armed, moved, down, up],
    none,
    approved,
  ],
  [
    'after a refusal deny works at once',
    [...ready, moved, down, up, { type: 'refused', reason: 'r' }, deny],
    none,
    denied,
  ],
])('%s', (_name, events, confirmation, expected) => expect(after(events, confirmation).sent).toEqual(expected));

test.each([
  ['shorter', 'export'],
  ['longer', 'exports2'],
  ['a space behind', 'exports '],
  ['a space before', ' exports'],
  ['other case', 'Exports'],
  ['a look-alike letter', 'exроrts'],
  ['an invisible character within', 'exp\u200borts'],
  ['full-width letters', 'ｅｘｐｏｒｔｓ'],
  ['empty', ''],
])('a typed name that is not exact blocks: %s', (_name, text) => {
  expect(blocker(after([...ready, { type: 'typed', text }], typeName), typeName)).toBe('name');
});

test('a name in composed and decomposed form is not the same name', () => {
  const composed: Confirmation = { kind: 'type-name', name: 'caf\u00e9' };
  expect(blocker(after([...ready, { type: 'typed', text: 'cafe\u0301' }], composed), composed)).toBe('name');
});

const anyButton = fc.constantFrom('approve-once', 'approve-session');
const anyKey = fc.constantFrom('pointer', 'Enter', ' ');
const anyEvent = fc.oneof(
  fc.record({ type: fc.constant('arming'), state: fc.constantFrom('waiting', 'arming', 'armed') }),
  fc.record({ type: fc.constant('typed'), text: fc.constantFrom('exports', 'export', '') }),
  fc.record({ type: fc.constant('focused'), button: anyButton, by: fc.constantFrom('tab', 'pointer', 'other') }),
  fc.record({ type: fc.constantFrom('pointer-moved', 'blurred'), button: anyButton }),
  fc.record({ type: fc.constantFrom('press-began', 'press-ended'), button: anyButton, by: anyKey, atMs: fc.nat(9000) }),
  fc.record({ type: fc.constant('press-lasted'), atMs: fc.nat(9000) }),
  fc.constantFrom({ type: 'saw-end' }, { type: 'press-broken' }, { type: 'refused', reason: 'r' }),
) as fc.Arbitrary<AnswerEvent>;

test.each([none, typeName, hold])('whatever happens, $kind approves only armed, seen and confirmed', (confirmation) => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      let state = initialAnswerState('waiting');
      for (const event of events) {
        const next = nextAnswerState(state, event, confirmation);
        if (state.sent === undefined && next.sent !== undefined) {
          expect(blocker(state, confirmation)).toBeUndefined();
          expect(state.press?.button).toBe(next.sent.answer);
          if (confirmation.kind === 'hold') expect(next.sent.heldMs).toBeGreaterThanOrEqual(confirmation.holdMs);
        }
        state = next;
      }
    }),
    { numRuns: 2000 },
  );
});
