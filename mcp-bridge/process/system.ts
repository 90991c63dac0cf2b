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

/** UUID version 7 (RFC 9562 §5.7): 74 random bits after the time, so that what is made later sorts later. */
export function newId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  // Version 4 holds its random bits where version 7 has them, and Node draws those many at a time.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** SHA-256 of UTF-8 text, lower-case hex. `hash` is twice as fast, and Node 18 lacks it. */
export function sha256(text: string): string {
  return typeof hash === 'function'
    ? hash('sha256', text, 'hex')
    : createHash('sha256').update(text, 'utf8').digest('hex');
}
