import { createHash, hash, randomUUID } from 'node:crypto';
import type { ClockPort } from '../pipeline/ports.ts';

/** Wall clock with a high-water mark: a clock that is set back does not revive what has ended (AU-11). */
export function createClock(): ClockPort {
  let highest = 0;
  return {
    nowMs() {
      highest = Math.max(highest, Date.now());
      return highest;
    },
    monotonicMs: () => performance.now(),
  };
}

export const newId = (): string => randomUUID();

/** SHA-256 of UTF-8 text, lower-case hex. `hash` is twice as fast, and Node 18 lacks it. */
export function sha256(text: string): string {
  return typeof hash === 'function'
    ? hash('sha256', text, 'hex')
    : createHash('sha256').update(text, 'utf8').digest('hex');
}
