import { describe, expect, test } from 'vitest';
import { judge } from '../../agents/judge.mjs';

const script = [
  ['read_note', { name: 'plan' }],
  ['create_note', { name: 'plan', text: 'ship it' }],
  ['delete_note', { name: 'plan' }],
] as const;

const journal = [
  { atMs: 1_050, event: 'executed read_note', arguments: { name: 'plan' } },
  { atMs: 1_100, event: 'asked write' },
  { atMs: 6_100, event: 'approved write' },
  { atMs: 6_110, event: 'executed create_note', arguments: { name: 'plan', text: 'ship it' } },
  { atMs: 6_200, event: 'asked delete' },
  { atMs: 6_201, event: 'denied delete' },
];
const told = [
  { id: 'call_0', text: 'done: read_note', isError: false },
  { id: 'call_1', text: 'done: create_note', isError: false },
  { id: 'call_2', text: 'Denied. Nothing was done.', isError: true },
];
const good = { journal, told, script, waitMs: 5_000, firstCallAtMs: 1_000, status: 0, leftBehind: [] };
const withEvents = (events: typeof journal) => ({ ...good, journal: events });
const withTold = (index: number, change: object) => ({
  ...good,
  told: told.map((one, at) => (at === index ? { ...one, ...change } : one)),
});
const changed = (index: number, change: object) =>
  withEvents(journal.map((entry, at) => (at === index ? { ...entry, ...change } : entry)));

describe('a run in which all is as it must be', () => {
  test.each([
    ['answers, flags and order', good],
    ['a dialect without a word for an error', withTold(2, { isError: undefined })],
    [
      'an answer that says to call again, and the call again',
      { ...good, told: [told[0], { id: 'p', text: 'Approval pending: …', isError: true }, ...told.slice(1)] },
    ],
  ] as const)('%s', (_name, run) => expect(judge(run as typeof good)).toEqual([]));
});

describe('what an AI client must not get away with', () => {
  test.each([
    ['nothing was called', { ...withEvents([]), told: [] }, /what happened was: nothing/],
    [
      'the deletion ran',
      withEvents([...journal, { atMs: 6_300, event: 'executed delete_note', arguments: { name: 'plan' } }]),
      /executed delete_note/,
    ],
    ['the write ran twice', withEvents([...journal, journal[3] as (typeof journal)[0]]), /executed create_note, asked/],
    ['the write ran before the answer', changed(3, { atMs: 3_000 }), /before the person had answered/],
    [
      'the write ran and nobody was asked',
      withEvents(journal.filter(({ event }) => !event.endsWith('write'))),
      /before the person had answered/,
    ],
    ['the call was given up', changed(2, { event: 'withdrawn write' }), /withdrawn write/],
    ['the read waited', { ...good, firstCallAtMs: -4_000 }, /read reached the server 5050 ms/],
    ['other arguments were written', changed(3, { arguments: { name: 'plan', text: 'else' } }), /other arguments/],
    ['the model was told that the deletion is done', withTold(2, { text: 'done: delete_note' }), /not told that the/],
    ['the denial came as a success', withTold(2, { isError: false }), /not told that the deletion was denied/],
    ['the write came as an error', withTold(1, { isError: true }), /not told the result of the write/],
    ['a result was swallowed', { ...good, told: told.slice(0, 2) }, /told 2 results/],
    ['it ended badly', { ...good, status: 'SIGKILL' }, /ended with SIGKILL/],
    ['it left a process', { ...good, leftBehind: ['node shim'] }, /left a process behind: node shim/],
  ] as const)('%s', (_name, run, complaint) => {
    const wrong = judge(run as unknown as typeof good);
    expect(wrong.length).toBeGreaterThan(0);
    expect(wrong.join('\n')).toMatch(complaint);
  });
});
