/** Flattens the files of a difference into rows that can be drawn one by one. */
import type { DiffLine, FileDiff } from '../../mcp-bridge/core/model/facts.ts';
import { languageOfPath, type SyntaxLanguage } from './syntax.ts';
import { textRows } from './text-rows.ts';

export type DiffRow =
  | { readonly row: 'file'; readonly file: FileDiff; readonly alone: boolean }
  | { readonly row: 'hunk'; readonly text: string; readonly first: boolean; readonly last: boolean }
  | {
      readonly row: 'line';
      readonly kind: DiffLine['kind'];
      readonly text: string;
      readonly continues: boolean;
      readonly language: SyntaxLanguage;
      readonly last: boolean;
    }
  | { readonly row: 'gap' };

export function diffRows(files: readonly FileDiff[]): readonly DiffRow[] {
  return files.flatMap((file, index): readonly DiffRow[] => {
    const body = bodyRows(file);
    const head: DiffRow = { row: 'file', file, alone: body.length === 0 };
    return index === 0 ? [head, ...body] : [{ row: 'gap' }, head, ...body];
  });
}

function bodyRows(file: FileDiff): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  const language = languageOfPath(file.path);
  for (const hunk of file.hunks) {
    rows.push({ row: 'hunk', text: hunk.header, first: rows.length === 0, last: false });
    for (const line of hunk.lines) {
      for (const piece of textRows(line.text)) {
        rows.push({
          row: 'line',
          kind: line.kind,
          text: piece.text,
          continues: piece.continues,
          language,
          last: false,
        });
      }
    }
  }
  const last = rows.pop();
  return last === undefined ? [] : [...rows, { ...last, last: true } as DiffRow];
}
