import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { watchScreenLock } from '../../../main/app/screen-lock.ts';

test.each<[string, readonly string[], boolean]>([
  ['nothing happened', [], false],
  ['the screen is locked', ['lock-screen'], true],
  ['the screen is unlocked again', ['lock-screen', 'unlock-screen'], false],
  ['the machine sleeps', ['suspend'], true],
  ['the machine woke up', ['suspend', 'resume'], false],
  ['the machine woke up behind a locked screen', ['lock-screen', 'suspend', 'resume'], true],
  ['it was locked while it went to sleep', ['suspend', 'lock-screen', 'resume'], true],
  ['it is unlocked after it woke up', ['suspend', 'lock-screen', 'resume', 'unlock-screen'], false],
  ['another user is at the screen', ['user-did-resign-active'], true],
  ['another user unlocks', ['lock-screen', 'user-did-resign-active', 'unlock-screen'], true],
  ['the user came back', ['user-did-resign-active', 'user-did-become-active'], false],
])('DG-18: when %s, somebody is away: %s', (_name, events, away) => {
  const power = new EventEmitter();
  const told: string[] = [];
  const lock = watchScreenLock(power, (reason) => void told.push(reason));
  for (const event of events) power.emit(event);
  expect(lock.locked()).toBe(away);
  expect(told).toHaveLength(events.filter((event) => /^(lock|suspend|.*resign)/.test(event)).length);
});
