/** Words and numbers of the approval window; the same in every locale (DG-26). */
import type { Fact, Span } from '../../model/effect-view.ts';

/** A machine-made word in a headline: a branch, a path, a name. */
export function code(text: string): Span {
  return { text, style: 'code' };
}

type Piece = string | Span;

/** headline`Commit ${n} to ${code(branch)}`: text in the template is ours, values are plain unless `code`. */
export function headline(
  texts: TemplateStringsArray,
  ...values: readonly (Piece | readonly Piece[])[]
): readonly Span[] {
  const spans: Span[] = [];
  const add = (span: Span) => {
    const last = spans.at(-1);
    if (span.text === '') return;
    if (last?.style === 'plain' && span.style === 'plain') spans[spans.length - 1] = plain(last.text + span.text);
    else spans.push(span);
  };
  texts.forEach((text, index) => {
    add(plain(text));
    const value = values[index];
    for (const piece of value === undefined ? [] : isPieces(value) ? value : [value])
      add(typeof piece === 'string' ? plain(piece) : piece);
  });
  return spans;
}

function isPieces(value: Piece | readonly Piece[]): value is readonly Piece[] {
  return Array.isArray(value);
}

const MOST_NAMES = 3;

/** "`a`, `b` and 4 more": the rest stands in a list below. */
export function nameList(names: readonly string[]): readonly Piece[] {
  const shown = names.slice(0, MOST_NAMES).flatMap((name, index) => (index === 0 ? [code(name)] : [', ', code(name)]));
  const rest = names.length - MOST_NAMES;
  return rest > 0 ? [...shown, ` and ${rest} more`] : shown;
}

/** `find-and-modify` becomes "Find and modify". */
export function actionWords(action: string): string {
  const words = action.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function counted(count: number, noun: string, plural = pluralOf(noun)): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

export function pluralOf(noun: string): string {
  if (/(s|sh|ch|x)$/.test(noun)) return `${noun}es`;
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}

/** Decimal units, one digit after the point: 3.1 GB. */
export function byteSize(bytes: number): string {
  const units = ['KB', 'MB', 'GB', 'TB', 'PB'];
  if (bytes < 1000) return counted(bytes, 'byte');
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1]}`;
}

export function machineFact(label: string, value: string): Fact {
  return { label, value, machineMade: true };
}

export function plainFact(label: string, value: string): Fact {
  return { label, value, machineMade: false };
}

/** Last segment and the rest of an absolute path of either kind. */
export function splitPath(path: string): { readonly name: string; readonly folder: string } {
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return { name: path.slice(at + 1) || path, folder: at <= 0 ? path.slice(0, at + 1) : path.slice(0, at) };
}

function plain(text: string): Span {
  return { text, style: 'plain' };
}
