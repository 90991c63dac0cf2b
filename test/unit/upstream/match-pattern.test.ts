import { expect, test } from 'vitest';
import { createMatchPattern } from '../../../mcp-bridge/upstream/match-pattern.ts';

const matches = createMatchPattern();

test.each<[string, string, string, boolean | undefined]>([
  ['an anchored class', '^[a-z]+$', 'abc', true],
  ['is searched for, not matched whole', 'b', 'abc', true],
  ['a date', '^\\d{4}-\\d{2}-\\d{2}$', '2026-11-21', true],
  ['a date that is none', '^\\d{4}-\\d{2}-\\d{2}$', '2026-11-2x', false],
  ['alternatives', '^(?:GET|POST)$', 'PUT', false],
  [
    'an e-mail address with a look-ahead',
    '^(?!\\.)(?!.*\\.\\.)([A-Za-z0-9_+.-]*)@([A-Za-z0-9-]+\\.)+[A-Za-z]{2,}$',
    'a@b.org',
    true,
  ],
  ['a reference back', '^(a+)-\\1$', 'aa-aa', true],
  ['letters beyond the first plane', '^.$', '😀', true],
  ['what only the old syntax knows', '^[\\w-.]+$', 'a-b.c', true],
  ['no pattern', '(', 'x', undefined],
  ['a pattern of three thousand letters', 'a'.repeat(3_000), 'a', undefined],
])('%s', (_name, pattern, text, expected) => expect(matches(pattern, text)).toBe(expected));

test.each([
  ['nested', '^(a+)+$', `${'a'.repeat(60)}!`],
  ['alternatives that overlap', '^(a|aa)*$', `${'a'.repeat(80)}!`],
  ['many in a row', '^a*a*a*a*a*a*$', `${'a'.repeat(3_000)}!`],
  ['bounded, many in a row', '^a{0,256}a{0,256}a{0,256}a{0,256}a{0,256}$', `${'a'.repeat(1_000)}!`],
  ['optional, many in a row', `^${'a?'.repeat(40)}${'a'.repeat(40)}$`, `${'a'.repeat(39)}!`],
  ['bounded groups', '^((a{0,30}){0,30}){0,30}$', `${'a'.repeat(60)}!`],
  ['without an anchor', 'a+a+a+b', 'a'.repeat(20_000)],
])('MC-16: a pattern that would take for ever (%s) ends undecided', (_name, pattern, text) => {
  const startedMs = performance.now();
  expect(matches(pattern, text)).not.toBe(true);
  expect(performance.now() - startedMs).toBeLessThan(500);
});
