import { expect, test } from 'vitest';
import { mostNames, mostValues, whyTooManyParts } from '../../../mcp-bridge/pipeline/call-size.ts';

const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]));
const rows = (count: number) => Array.from({ length: count }, (_, id) => ({ id, name: 'x', 'e-mail': 'y' }));
const names = /more than 50,000 names of members/;
const values = /more than 250,000 values/;

test.each([
  ['nothing', {}, undefined],
  ['as many names as may be', named(mostNames), undefined],
  ['one name more', named(mostNames + 1), names],
  ['names in objects of a list count together', { rows: rows(17_000) }, names],
  ['a bulk insert of ten thousand rows', { rows: rows(10_000) }, undefined],
  ['names of objects within objects', { a: named(mostNames / 2), b: { c: named(mostNames / 2) } }, names],
  ['as many values as may be', { list: Array(mostValues - 2).fill(0) }, undefined],
  ['one value more', { list: Array(mostValues - 1).fill(0) }, values],
  ['lists of nothing in lists of nothing', { list: Array(mostValues / 2).fill([[]]) }, values],
  ['a text of four megabytes is one value', { text: 'x'.repeat(4_000_000) }, undefined],
])('LO-12 %s', (_name, params, expected) => {
  if (expected === undefined) expect(whyTooManyParts(params)).toBeUndefined();
  else expect(whyTooManyParts(params)).toMatch(expected);
});
