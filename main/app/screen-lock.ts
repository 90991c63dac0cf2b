/**
 * Tells when nobody sits in front of the screen: what waits is denied, and nothing can be approved (DG-18). Three things
 * can keep the person away, and each ends by itself: a machine that wakes up is still locked.
 */
export type PowerEvents = { on(event: PowerEvent, listener: () => void): unknown };
type PowerEvent = keyof typeof away | keyof typeof back;

const away = {
  'lock-screen': ['lock', 'The screen was locked.'],
  suspend: ['sleep', 'The computer went to sleep.'],
  'user-did-resign-active': ['other-user', 'Another user is at the screen.'],
} as const;
const back = {
  'unlock-screen': 'lock',
  resume: 'sleep',
  'user-did-become-active': 'other-user',
} as const;

export function watchScreenLock(events: PowerEvents, onAway: (reason: string) => void): { locked(): boolean } {
  const reasons = new Set<string>();
  for (const [event, [kind, sentence]] of Object.entries(away)) {
    events.on(event as PowerEvent, () => {
      reasons.add(kind);
      onAway(sentence);
    });
  }
  for (const [event, kind] of Object.entries(back)) events.on(event as PowerEvent, () => void reasons.delete(kind));
  return { locked: () => reasons.size > 0 };
}
