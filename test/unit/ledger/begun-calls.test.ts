import { expect, test } from 'vitest';
import type { AuditEvent } from '../../../mcp-bridge/core/audit/record.ts';
import { createBegunCalls } from '../../../mcp-bridge/ledger/begun-calls.ts';
import { answered, asked, decided, intent, outcome } from '../../support/ledger-records.ts';

const cases: readonly (readonly [string, readonly AuditEvent[], readonly AuditEvent[], boolean])[] = [
  ['a new call', [], [decided('a')], true],
  ['a new call with its intent', [], [decided('a'), intent('a')], true],
  ['a whole new call', [], [decided('a'), intent('a'), outcome('a')], true],
  ['a refused call, whole', [], [decided('a'), outcome('a')], true],
  ['the intent of a call that began here', [decided('a')], [intent('a')], true],
  ['the end of a call that was sent', [decided('a'), intent('a')], [outcome('a')], true],
  ['a new call beside another', [decided('a')], [decided('b'), intent('b')], true],
  ['a second decision', [decided('a')], [decided('a')], false],
  ['a second intent', [decided('a'), intent('a')], [intent('a')], false],
  ['a second decision in one go', [], [decided('a'), decided('a')], false],
  ['the intent of a call from elsewhere', [], [intent('a')], false],
  ['the end of a call from elsewhere', [], [outcome('a')], false],
  ['a second end', [decided('a'), outcome('a')], [outcome('a')], false],
  ['a second intent after a decision that came late', [intent('a'), decided('a')], [intent('a')], false],
  ['a second end after a decision that came late', [outcome('a'), decided('a')], [outcome('a')], false],
  ['an intent after the end', [decided('a'), outcome('a')], [intent('a')], false],
  ['an intent that uses up an approval', [decided('a')], [intent('a', 'approval')], false],
  ['two new calls in one go', [], [decided('a'), decided('b'), decided('a')], false],
  ['a second intent after a late decision', [intent('a'), decided('a')], [intent('a')], false],
  ['what becomes of an approval', [], [asked('a'), answered('a')], true],
  ['anything else', [], [{ kind: 'bridge.started', version: '1' }], false],
];

test.each(cases)('%s', (_name, before, events, mayWait) => {
  const calls = createBegunCalls();
  for (const event of before) calls.take([event]);
  expect(calls.areNext(events)).toBe(mayWait);
});

test.each([
  ['nothing', [], true],
  ['a call that ended', [decided('a'), intent('a'), outcome('a')], true],
  ['a call that was decided', [decided('a')], false],
  ['a call that was sent', [decided('a'), intent('a')], false],
  ['an approval that was answered', [asked('a'), answered('a')], true],
  ['an approval that was asked', [asked('a')], false],
  ['one that ended and one that did not', [decided('a'), outcome('a'), decided('b')], false],
] as const)('what has ended after %s', (_name, events, ended) => {
  const calls = createBegunCalls();
  calls.take(events);
  expect(calls.allEnded()).toBe(ended);
});

test('calls that never end are forgotten in time, and nobody calls them ended', () => {
  const calls = createBegunCalls();
  for (let index = 0; index < 12_000; index++) calls.take([decided(`c${index}`), asked(`a${index}`)]);
  expect(calls.areNext([outcome('c11999')])).toBe(true);
  expect(calls.areNext([outcome('c0')])).toBe(false);
  for (let index = 0; index < 12_000; index++) calls.take([outcome(`c${index}`), answered(`a${index}`)]);
  expect(calls.allEnded()).toBe(false);
});

test('calls of the run before are known as ended', () => {
  expect(createBegunCalls(['a']).areNext([decided('a')])).toBe(false);
});
