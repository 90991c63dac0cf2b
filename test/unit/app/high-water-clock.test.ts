import { expect, test } from 'vitest';
import { highWaterClock } from '../../../main/app/high-water-clock.ts';

test('AU-11, AU-12: a wall clock that is set back, or forward and back, never takes time back', () => {
  const readings = [1_000, 500, 86_400_000, 2_000, 86_400_001];
  const now = highWaterClock(() => readings.shift() ?? 0);
  expect(Array.from({ length: 5 }, now)).toEqual([1_000, 1_000, 86_400_000, 86_400_000, 86_400_001]);
});
