/** A command line: short ones stand in the headline whole, long ones by their worst command; never cut (DG-06, DG-07). */
import type { Span } from '../../model/effect-view.ts';
import type { Operation } from '../../model/operation.ts';
import { isTexts, type ShownCode, shellWord } from './shown-code.ts';
import type { ViewPart } from './view-part.ts';
import { code, counted, headline, machineFact } from './words.ts';

/** Two lines of a headline. */
const SHORT = 72;
const MOST_REASONS = 6;

export function shellView(codes: readonly ShownCode[], operation: Operation): ViewPart {
  const { call, classification, environment } = operation;
  const isDelete = classification.effect === 'delete';
  const acts = codes.flatMap((each) => each.acts ?? []).filter(({ effect }) => !isDelete || effect === 'delete');
  const objects = [...new Set(acts.flatMap((act) => act.objects ?? []).map(({ name }) => name))];
  const where = environment === undefined ? call.serverId : `${call.serverId} (${environment})`;
  const unread = classification.uninterpreted === true || codes.some(({ uninterpreted }) => uninterpreted);
  const reasons = isDelete ? [...new Set(acts.map(({ reason }) => reason))] : [];
  return {
    headline: headline`Run ${commandSpans(codes, unread)} on ${where}`,
    consequence: unread
      ? 'What it does is not known, so the worst is assumed.'
      : isDelete
        ? 'What it deletes or overwrites does not come back.'
        : 'Changes something where it runs.',
    warnings: reasons.slice(0, MOST_REASONS),
    facts: objects.length === 0 ? [] : [machineFact('Acts on', objects.map(shellWord).join(' '))],
    names: objects,
    confirmName: acts.length === 1 && objects.length === 1 ? objects[0] : undefined,
    ...(isDelete ? { approveLabel: 'Run the command' } : {}),
  };
}

function commandSpans(codes: readonly ShownCode[], unread: boolean): readonly (string | Span)[] {
  const [first] = codes;
  const text = textOf(first?.value);
  if (unread) return ['a command that could not be interpreted'];
  if (codes.length !== 1 || text === undefined) return [counted(codes.length, 'command')];
  if (isShort(text)) return [code(text)];
  const marks = first?.marks ?? [];
  const mark = marks.find(({ reason }) => reason.includes('destroys')) ?? marks[0];
  const worst = mark && text.slice(mark.start, mark.end);
  const lines = text.trimEnd().split('\n').length;
  const extent = lines > 1 ? counted(lines, 'line') : counted(text.length, 'character');
  return worst !== undefined && isShort(worst)
    ? [code(worst), ` in a command of ${extent}`]
    : [`a command of ${extent}`];
}

function textOf(value: ShownCode['value'] | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return isTexts(value) ? value.map(shellWord).join(' ') : undefined;
}

function isShort(text: string): boolean {
  return text.length > 0 && text.length <= SHORT && !/[\r\n\u2028\u2029\u0085]/.test(text);
}
