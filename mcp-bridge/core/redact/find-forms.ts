/**
 * Finds many fixed texts in one pass (Aho and Corasick, 1975): the time depends on the text alone, not on how many
 * secrets there are or how cunningly the text nearly repeats one.
 */
import type { TextRange } from './key-formats.ts';

export type FormFinder = (text: string) => readonly TextRange[];

/** Longer forms are found by their beginning and then compared in full, which keeps the table small. */
const TABLE_LENGTH = 48;

export function createFormFinder(forms: readonly string[], label: string): FormFinder {
  if (forms.length === 0) return () => [];
  const automaton = buildAutomaton(forms);
  return (text) => run(automaton, text, label);
}

type Automaton = {
  readonly classes: Uint16Array;
  readonly width: number;
  readonly next: Int32Array;
  /** Forms whose beginning ends in a state, longest first. */
  readonly found: readonly (readonly string[])[];
};

function buildAutomaton(forms: readonly string[]): Automaton {
  const heads = forms.map((form) => form.slice(0, TABLE_LENGTH));
  const classes = new Uint16Array(65536);
  let width = 1;
  for (const head of heads)
    for (let index = 0; index < head.length; index++)
      if (classes[head.charCodeAt(index)] === 0) classes[head.charCodeAt(index)] = width++;

  const next = new Int32Array((heads.reduce((sum, head) => sum + head.length, 0) + 1) * width);
  const found: string[][] = [[]];
  heads.forEach((head, index) => {
    let state = 0;
    for (let at = 0; at < head.length; at++) {
      const slot = state * width + (classes[head.charCodeAt(at)] ?? 0);
      if (next[slot] === 0) next[slot] = found.push([]) - 1;
      state = next[slot] ?? 0;
    }
    found[state]?.push(forms[index] ?? '');
  });
  linkFailures(next, width, found);
  return { classes, width, next, found: found.map((ends) => [...ends].sort((a, b) => b.length - a.length)) };
}

/** Fills the table so that every state knows its successor for every class; breadth first. */
function linkFailures(next: Int32Array, width: number, found: string[][]): void {
  const failure = new Int32Array(found.length);
  const queue = [0];
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] ?? 0;
    const fallback = failure[state] ?? 0;
    if (state !== 0) found[state]?.push(...(found[fallback] ?? []));
    for (let letter = 0; letter < width; letter++) {
      const slot = state * width + letter;
      const child = next[slot] ?? 0;
      const other = state === 0 ? 0 : (next[fallback * width + letter] ?? 0);
      if (child === 0) next[slot] = other;
      else {
        failure[child] = other;
        queue.push(child);
      }
    }
  }
}

function run({ classes, width, next, found }: Automaton, text: string, label: string): readonly TextRange[] {
  const ranges: TextRange[] = [];
  let state = 0;
  for (let index = 0; index < text.length; index++) {
    state = next[state * width + (classes[text.charCodeAt(index)] ?? 0)] ?? 0;
    const forms = found[state];
    if (state === 0 || forms === undefined || forms.length === 0) continue;
    for (const form of forms) {
      const start = index + 1 - Math.min(form.length, TABLE_LENGTH);
      // The beginning of a long secret is taken out even where its end is missing.
      const whole = form.length <= TABLE_LENGTH || text.startsWith(form, start);
      ranges.push({ start, end: whole ? start + form.length : index + 1, label });
      if (whole) break;
    }
  }
  return ranges;
}
