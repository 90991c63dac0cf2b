/** One member of a JSON object put in or taken out, with the comments, commas and blanks around it left where they are. */
import type { Node } from 'jsonc-parser';
import type { JsonObject } from '../core/model/json.ts';
import { lineEndOf } from './configuration-format.ts';

export type Layout = {
  readonly multiline: boolean;
  readonly memberIndent: string;
  readonly closingIndent: string;
  /** One level of indentation. */
  readonly unit: string;
  readonly eol: string;
};

export function layoutOf(text: string, root: Node, object: Node): Layout {
  const rootFirst = root.children?.[0];
  const unit = (rootFirst && startsLine(text, rootFirst.offset) && indentAt(text, rootFirst.offset)) || '  ';
  const closingIndent = indentAt(text, object.offset);
  const first = object.children?.[0];
  const inside = text.slice(object.offset, first?.offset ?? object.offset + object.length);
  // An empty object follows the file: one that is written on a single line stays so.
  const multiline = first ? inside.includes('\n') : text.trim().includes('\n') || root.children?.length === 0;
  const memberIndent = first && multiline ? indentAt(text, first.offset) : closingIndent + unit;
  return { multiline, memberIndent, closingIndent, unit, eol: lineEndOf(text) };
}

export function writtenValue(value: JsonObject, { multiline, unit, eol }: Layout, indent: string): string {
  return multiline ? JSON.stringify(value, null, unit).replaceAll('\n', eol + indent) : JSON.stringify(value);
}

export function insertMember(text: string, object: Node, name: string, value: string, layout: Layout): string {
  const { multiline, memberIndent, closingIndent, eol } = layout;
  const member = `${JSON.stringify(name)}:${multiline ? ' ' : ''}${value}`;
  const last = object.children?.at(-1);
  if (last === undefined) {
    const inside = text.slice(object.offset + 1, object.offset + object.length - 1).trimEnd();
    const fresh = multiline || inside !== '' ? `${inside}${eol}${memberIndent}${member}${eol}${closingIndent}` : member;
    return `${text.slice(0, object.offset + 1)}${fresh}${text.slice(object.offset + object.length - 1)}`;
  }
  const lastEnd = last.offset + last.length;
  const { comma, lineEnd, lineComment } = afterMember(text, lastEnd);
  const before = text.slice(0, lastEnd) + (comma === undefined ? ',' : '') + text.slice(lastEnd, lineEnd);
  const separator = multiline || lineComment ? eol + memberIndent : ' ';
  return `${before}${separator}${member}${comma === undefined ? '' : ','}${text.slice(lineEnd)}`;
}

export function removeMember(text: string, object: Node, member: Node): string {
  const members = object.children ?? [];
  const start = member.offset;
  const { comma } = afterMember(text, start + member.length);
  const end = comma === undefined ? start + member.length : comma + 1;
  const previous = members[members.indexOf(member) - 1];
  const withoutIt = cutLine(text, start, end);
  if (comma !== undefined || !previous) return withoutIt;
  // It was the last one, so the comma before it has nothing to divide any more.
  const previousComma = afterMember(text, previous.offset + previous.length).comma;
  return previousComma === undefined
    ? withoutIt
    : withoutIt.slice(0, previousComma) + withoutIt.slice(previousComma + 1);
}

/** Cuts [start, end), and the whole line when nothing else is on it. */
function cutLine(text: string, start: number, end: number): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const blankBefore = text.slice(lineStart, start).trim() === '';
  const blankAfter = /^[^\S\n]*(\r?\n)/.exec(text.slice(end));
  if (blankBefore && blankAfter) return text.slice(0, lineStart) + text.slice(end + blankAfter[0].length);
  const gap = blankBefore ? '' : (/^[ \t]*/.exec(text.slice(end))?.[0] ?? '');
  return text.slice(0, start) + text.slice(end + gap.length);
}

/** Blanks, a line end, a comment or the comma: nothing else stands between a member and what follows it. */
const between =
  /(?<blank>[ \t]+)|(?<lineEnd>\r?\n)|(?<lineComment>\/\/[^\r\n]*)|(?<blockComment>\/\*[\s\S]*?\*\/)|(?<comma>,)/y;

/** What follows a member: its comma, if it has one, and where what is said about it on its line ends. */
function afterMember(
  text: string,
  end: number,
): { readonly comma: number | undefined; readonly lineEnd: number; readonly lineComment: boolean } {
  let comma: number | undefined;
  let lineEnd = end;
  let lineComment = false;
  let sameLine = true;
  for (let at = end; ; ) {
    between.lastIndex = at;
    const groups = between.exec(text)?.groups;
    if (groups === undefined) return { comma, lineEnd, lineComment };
    at = between.lastIndex;
    if (groups['comma'] !== undefined) {
      if (comma !== undefined) return { comma, lineEnd, lineComment };
      comma = at - 1;
      if (!sameLine) return { comma, lineEnd: at, lineComment: false };
      lineEnd = at;
    } else if (groups['lineEnd'] !== undefined) {
      if (comma !== undefined) return { comma, lineEnd, lineComment };
      sameLine = false;
    } else if (sameLine && groups['blank'] === undefined) {
      lineEnd = at;
      lineComment = groups['lineComment'] !== undefined;
    }
  }
}

function indentAt(text: string, offset: number): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? '';
}

function startsLine(text: string, offset: number): boolean {
  return (
    text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim() === '' && text.slice(0, offset).includes('\n')
  );
}
