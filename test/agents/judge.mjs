// @ts-check
/**
 * What one AI client did, held against what must have happened: the read at once, the write once and only after the
 * person's yes, the denied deletion never, and the model told the truth about all three.
 *
 * The journal is written by the upstream and by the person who is played; of what the AI client says, only what it told
 * its model counts.
 */

/**
 * @typedef {{ atMs: number, event: string, arguments?: unknown }} JournalEntry
 * @typedef {{ id: string, text: string, isError: boolean | undefined }} Told undefined: the dialect has no word for it
 * @typedef {{ journal: readonly JournalEntry[], told: readonly Told[], script: readonly (readonly [string, unknown])[],
 *   waitMs: number, firstCallAtMs: number, status: number | string, leftBehind: readonly string[] }} Run
 */

/** A read that took longer than this was not answered at once, whatever the machine has to do besides. */
const atOnceMs = 4_000;

const expectedEvents = [
  'executed read_note',
  'asked write',
  'approved write',
  'executed create_note',
  'asked delete',
  'denied delete',
];

/** @type {readonly { holds: (told: Told) => boolean, what: string }[]} */
const expectedTold = [
  { what: 'the result of the read', holds: ({ text, isError }) => /done: read_note/.test(text) && !isError },
  { what: 'the result of the write', holds: ({ text, isError }) => /done: create_note/.test(text) && !isError },
  {
    what: 'that the deletion was denied',
    holds: ({ text, isError }) => /denied/i.test(text) && !/done:/.test(text) && isError !== false,
  },
];

/** @param {Told} told */
export const isPending = ({ text }) => /approval pending/i.test(text);

/** @param {Run} run @returns {string[]} what is wrong; empty when all is as it must be */
export function judge({ journal, told, script, waitMs, firstCallAtMs, status, leftBehind }) {
  const events = journal.map(({ event }) => event);
  const timeOf = (/** @type {string} */ event) => journal.find((entry) => entry.event === event)?.atMs;
  const wrong = [];
  if (events.join() !== expectedEvents.join()) wrong.push(`what happened was: ${events.join(', ') || 'nothing'}`);
  const [readAtMs, askedAtMs, writtenAtMs] = ['executed read_note', 'asked write', 'executed create_note'].map(timeOf);
  if (readAtMs !== undefined && readAtMs - firstCallAtMs > atOnceMs) {
    wrong.push(`the read reached the server ${readAtMs - firstCallAtMs} ms after the model asked for it`);
  }
  if (writtenAtMs !== undefined && (askedAtMs === undefined || writtenAtMs - askedAtMs < waitMs)) {
    wrong.push('the write reached the server before the person had answered');
  }
  for (const [tool, args] of script) {
    const sent = journal.find(({ event }) => event === `executed ${tool}`);
    if (sent && JSON.stringify(sent.arguments) !== JSON.stringify(args)) wrong.push(`other arguments for ${tool}`);
  }
  const answers = told.filter((one) => !isPending(one));
  if (answers.length !== expectedTold.length) wrong.push(`the model was told ${answers.length} results`);
  expectedTold.forEach(({ what, holds }, index) => {
    const one = answers[index];
    if (one && !holds(one)) wrong.push(`the model was not told ${what}, but: ${one.text.slice(0, 300)}`);
  });
  if (status !== 0) wrong.push(`it ended with ${status}`);
  for (const command of leftBehind) wrong.push(`it left a process behind: ${command}`);
  return wrong;
}

/** @param {Run} run @returns {string} one line about a run in which nothing is wrong */
export function summary({ journal, told, firstCallAtMs }) {
  const timeOf = (/** @type {string} */ event) => journal.find((entry) => entry.event === event)?.atMs ?? Number.NaN;
  const read = timeOf('executed read_note') - firstCallAtMs;
  const wait = (timeOf('executed create_note') - timeOf('asked write')) / 1000;
  const repeats = told.filter(isPending).length;
  const repeated = repeats > 0 ? ` (told ${repeats} × to call again)` : '';
  return `read after ${read} ms, write ${wait.toFixed(1)} s after it was asked${repeated}, deletion denied`;
}
