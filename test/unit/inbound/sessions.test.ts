import { expect, test } from 'vitest';
import { createActivitySessions } from '../../../mcp-bridge/inbound/activity-sessions.ts';
import { createMcpSessions } from '../../../mcp-bridge/inbound/mcp-sessions.ts';
import { createWrongKeyBackoff } from '../../../mcp-bridge/inbound/wrong-key-backoff.ts';

const minute = 60_000;

function settableClock() {
  let at = Date.UTC(2026, 0, 1);
  return {
    nowMs: () => at,
    advance: (ms: number) => {
      at += ms;
    },
  };
}

test.each([
  ['at once', 0, true],
  ['a moment before it is idle', 30 * minute - 1, true],
  ['at the instant it is idle', 30 * minute, false],
  ['long after', 24 * 60 * minute, false],
])('an activity session touched again %s', (_name, pauseMs, same) => {
  const clock = settableClock();
  let count = 0;
  const activity = createActivitySessions(clock, () => `s${++count}`);
  const first = activity.touch('a');
  clock.advance(pauseMs);
  expect(activity.touch('a').id === first.id).toBe(same);
});

test('an activity session ends 12 hours after its start however busy it is', () => {
  const clock = settableClock();
  let count = 0;
  const activity = createActivitySessions(clock, () => `s${++count}`);
  const seen = new Set<string>();
  for (let passed = 0; passed < 12 * 60; passed += 20) {
    seen.add(activity.touch('a').id);
    clock.advance(20 * minute);
  }
  expect([...seen]).toEqual(['s1']);
  expect(activity.touch('a')).toEqual({
    id: 's2',
    startedAtMs: clock.nowMs(),
    startedAt: new Date(clock.nowMs()).toISOString(),
  });
});

test('activity sessions of two AI clients, and of one that was ended, are never the same', () => {
  let count = 0;
  const activity = createActivitySessions(settableClock(), () => `s${++count}`);
  const ids = [activity.touch('a').id, activity.touch('b').id];
  activity.end('a');
  ids.push(activity.touch('a').id);
  expect(new Set(ids).size).toBe(3);
});

test.each([
  ['its owner', 'a', (id: string) => id, 'own'],
  ['another AI client', 'b', (id: string) => id, 'foreign'],
  ['an id that was never given', 'a', (id: string) => `${id}x`, 'unknown'],
  ['an empty id', 'a', () => '', 'unknown'],
])('an MCP session looked up by %s', (_name, mcpClientId, change, kind) => {
  const sessions = createMcpSessions(settableClock(), 10);
  const { id } = sessions.open('a', '2025-11-25', {});
  expect(sessions.find(change(id), mcpClientId).kind).toBe(kind);
});

test.each([
  ['ended by its owner', (sessions: ReturnType<typeof createMcpSessions>, id: string) => sessions.end(id), 'ended'],
  [
    'closed with its connection',
    (sessions: ReturnType<typeof createMcpSessions>, id: string) => sessions.close(id),
    'unknown',
  ],
  ['closed with its AI client', (sessions: ReturnType<typeof createMcpSessions>) => sessions.closeAll('a'), 'unknown'],
])('an MCP session that was %s', (_name, change, kind) => {
  const sessions = createMcpSessions(settableClock(), 10);
  const { id } = sessions.open('a', '2025-11-25', {});
  change(sessions, id);
  expect(sessions.find(id, 'a').kind).toBe(kind);
});

test('an MCP session lives 12 hours from its last use', () => {
  const clock = settableClock();
  const sessions = createMcpSessions(clock, 10);
  const { id } = sessions.open('a', '2025-11-25', {});
  clock.advance(12 * 60 * minute - 1);
  expect(sessions.find(id, 'a').kind).toBe('own');
  clock.advance(12 * 60 * minute - 1);
  expect(sessions.find(id, 'a').kind).toBe('own');
  clock.advance(12 * 60 * minute);
  expect(sessions.find(id, 'a').kind).toBe('unknown');
});

test('beyond the limit the longest unused session goes, and only of the same AI client', () => {
  const sessions = createMcpSessions(settableClock(), 2);
  const ofOther = sessions.open('b', '2025-11-25', {});
  const [first, second] = [sessions.open('a', '2025-11-25', {}), sessions.open('a', '2025-11-25', {})];
  sessions.find(first.id, 'a');
  const third = sessions.open('a', '2025-11-25', {});
  expect([first, second, third].map(({ id }) => sessions.find(id, 'a').kind)).toEqual(['own', 'unknown', 'own']);
  expect(sessions.find(ofOther.id, 'b').kind).toBe('own');
});

test('refusals of wrong keys come at once, then ever later, and at once again after a minute', () => {
  const backoff = createWrongKeyBackoff();
  const delays = Array.from({ length: 14 }, (_, index) => {
    const delayMs = backoff.refusalDelayMs(index);
    backoff.answered();
    return delayMs;
  });
  expect(delays).toEqual([0, 0, 0, 0, 0, 50, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  expect(backoff.refusalDelayMs(100_000)).toBe(0);
});

test('more refusals than can be held back are dropped', () => {
  const backoff = createWrongKeyBackoff();
  const delays = Array.from({ length: 70 }, () => backoff.refusalDelayMs(0));
  expect(delays.filter((delayMs) => delayMs === undefined).length).toBe(6);
});
