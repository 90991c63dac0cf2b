import fc from 'fast-check';
import { expect, test } from 'vitest';
import { armingState, disarmed, onWindowEvent, type WindowEvent } from '../../../main/approvals/arming.ts';

type Step = readonly [event: WindowEvent['event'], atMs: number];
const after = (steps: readonly Step[]) =>
  steps.reduce((arming, [event, atMs]) => onWindowEvent(arming, { event }, atMs), disarmed);
const ready: readonly Step[] = [
  ['content-changed', 0],
  ['painted', 0],
  ['shown', 0],
  ['focused', 0],
];

test.each<[string, readonly Step[], number, string]>([
  [
    'waits while nothing was painted',
    [
      ['shown', 0],
      ['focused', 0],
    ],
    9000,
    'waiting',
  ],
  [
    'waits while it has no focus',
    [
      ['painted', 0],
      ['shown', 0],
    ],
    9000,
    'waiting',
  ],
  [
    'waits while it is hidden',
    [
      ['painted', 0],
      ['focused', 0],
    ],
    9000,
    'waiting',
  ],
  ['is arming during the first second', ready, 999, 'arming'],
  ['is armed after one second', ready, 1000, 'armed'],
  ['starts again when it moves', [...ready, ['moved', 900]], 1500, 'arming'],
  ['starts again when it is resized after it was armed', [...ready, ['resized', 2000]], 2500, 'arming'],
  ['loses it on blur', [...ready, ['blurred', 2000]], 9000, 'waiting'],
  ['starts again on refocus', [...ready, ['blurred', 2000], ['focused', 3000]], 3999, 'arming'],
  ['loses it when the content changes', [...ready, ['content-changed', 2000]], 9000, 'waiting'],
  ['starts again with new content', [...ready, ['content-changed', 2000], ['painted', 2100]], 3099, 'arming'],
  ['loses focus with visibility', [...ready, ['hidden', 2000], ['shown', 2100]], 9000, 'waiting'],
])('an approval %s', (_name, steps, atMs, expected) => {
  expect(armingState(after(steps), atMs).state).toBe(expected);
});

test('it is never armed within a second of any event', () => {
  const event = fc.constantFrom<WindowEvent['event']>(
    'content-changed',
    'painted',
    'shown',
    'hidden',
    'focused',
    'blurred',
    'moved',
    'resized',
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.nat(3000)), { minLength: 1 }), fc.nat(999), (gaps, laterMs) => {
      let atMs = 0;
      const steps = gaps.map(([name, gapMs]): Step => {
        atMs += gapMs;
        return [name, atMs];
      });
      expect(armingState(after(steps), atMs + laterMs).state).not.toBe('armed');
    }),
  );
});
