import { expect, test } from 'vitest';
import { newId } from '../../../mcp-bridge/process/system.ts';

test('ids are UUIDs of version 7 with the time in front, and differ', () => {
  const ids = Array.from({ length: 1_000 }, newId);
  const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(ids.filter((id) => !pattern.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(1_000);
  const times = ids.map((id) => Number.parseInt(id.slice(0, 13).replace('-', ''), 16));
  expect([...times].sort((a, b) => a - b)).toEqual(times);
  expect(Math.abs((times[0] ?? 0) - Date.now())).toBeLessThan(60_000);
});
