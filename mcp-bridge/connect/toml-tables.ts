/** Where the tables of a TOML text begin and end; strings and arrays over several lines are walked over. */
import { parse } from 'smol-toml';

/** [start, end) of whole lines, without the blank and comment lines that follow. */
export type TableSpan = { readonly start: number; readonly end: number };

/** The table of this path and the tables below it. */
export function tablesUnder(text: string, path: readonly string[]): readonly TableSpan[] {
  const headers = headersOf(text);
  return headers.flatMap(({ offset, keys }, position) => {
    if (!path.every((key, depth) => keys[depth] === key)) return [];
    return [{ start: offset, end: endOfTable(text, offset, headers[position + 1]?.offset ?? text.length) }];
  });
}

type Header = { readonly offset: number; readonly keys: readonly string[] };

/** The text is valid TOML. */
function headersOf(text: string): readonly Header[] {
  const headers: Header[] = [];
  let at = 0;
  while (at < text.length) {
    const lineEnd = endOfLine(text, at);
    if (/^[ \t]*\[/.test(text.slice(at, lineEnd))) {
      headers.push({ offset: at, keys: keysOf(text.slice(at, lineEnd)) });
      at = lineEnd;
    } else {
      at = endOfStatement(text, at);
    }
  }
  return headers;
}

/** `[a."b.c"]` → a, b.c; also of `[[a]]`. */
function keysOf(header: string): readonly string[] {
  const keys: string[] = [];
  let value: unknown = parse(header);
  for (;;) {
    if (Array.isArray(value)) value = value[0];
    const [entry] = Object.entries(value as object);
    if (!entry) return keys;
    keys.push(entry[0]);
    value = entry[1];
  }
}

/** After the line end of the key and value that begin here, or of the blank or comment line. */
function endOfStatement(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; ) {
    const character = text[at];
    if (character === '#') {
      at = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at);
    } else if (character === '"' || character === "'") {
      at = endOfString(text, at, character);
    } else {
      if (character === '[' || character === '{') depth += 1;
      if (character === ']' || character === '}') depth -= 1;
      at += 1;
      if (character === '\n' && depth === 0) return at;
    }
  }
  return text.length;
}

function endOfString(text: string, start: number, quote: '"' | "'"): number {
  const triple = quote.repeat(3);
  const closing = text.startsWith(triple, start) ? triple : quote;
  let at = start + closing.length;
  while (at < text.length && !text.startsWith(closing, at)) at += quote === '"' && text[at] === '\\' ? 2 : 1;
  at += closing.length;
  // Up to two quotes may stand before the closing three (TOML 1.0, Multi-line basic strings).
  while (closing === triple && text[at] === quote) at += 1;
  return at;
}

function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline < 0 ? text.length : newline + 1;
}

/** What is blank or a comment before the next table belongs to that one. */
function endOfTable(text: string, start: number, next: number): number {
  const lines = text.slice(start, next).split(/(?<=\n)/);
  while (lines.length > 1 && /^[ \t]*(#.*)?\r?\n?$/.test(lines.at(-1) ?? '')) lines.pop();
  return start + lines.join('').length;
}
