/** A text as rows short enough to lay out one by one: a line of a megabyte must not hang the window (EL-22). */
const LONGEST_ROW = 1000;

export type TextRow = {
  readonly text: string;
  /** Offset of the row in the whole text, UTF-16 units. */
  readonly start: number;
  /** True when this row goes on with the line of the row before. */
  readonly continues: boolean;
};

export function textRows(text: string): readonly TextRow[] {
  const rows: TextRow[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    for (const piece of pieces(line)) rows.push({ text: piece.text, start: start + piece.at, continues: piece.at > 0 });
    start += line.length + 1;
  }
  return rows;
}

function pieces(line: string): readonly { readonly text: string; readonly at: number }[] {
  if (line.length <= LONGEST_ROW) return [{ text: line, at: 0 }];
  const cut: { text: string; at: number }[] = [];
  for (let at = 0; at < line.length; ) {
    let end = Math.min(line.length, at + LONGEST_ROW);
    // A surrogate pair stays whole, otherwise one character would be drawn as two escapes.
    if (end < line.length && /[\uD800-\uDBFF]/.test(line.charAt(end - 1))) end -= 1;
    cut.push({ text: line.slice(at, end), at });
    at = end;
  }
  return cut;
}
