import { useMemo } from 'react';
import type { Mark } from '../../mcp-bridge/core/model/effect-view.ts';
import { CodeText } from './code-text.tsx';
import type { SyntaxLanguage } from './syntax.ts';
import { textRows } from './text-rows.ts';
import { Value, VisibleText } from './value.tsx';
import { VirtualRows } from './virtual-rows.tsx';

type CodeBlockProps = { readonly text: string; readonly marks: readonly Mark[]; readonly language?: SyntaxLanguage };

/** SQL, shell, JSON or text, line by line; what is dangerous in it is marked and the reasons stand below. */
export function CodeBlock({ text, marks, language = 'text' }: CodeBlockProps) {
  const rows = useMemo(() => textRows(text), [text]);
  return (
    <>
      <div className="code-body">
        <VirtualRows
          count={rows.length}
          rowHeightPx={19}
          renderRow={(index) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <div key={index} className="code-row">
                <span className="value" dir="ltr">
                  {cutAtMarks(row.text, row.start, marks).map((piece) =>
                    piece.marked ? (
                      <mark key={piece.start} className="mark value">
                        <VisibleText text={piece.text} lines="multi-line" />
                      </mark>
                    ) : (
                      <CodeText key={piece.start} text={piece.text} language={language} />
                    ),
                  )}
                </span>
              </div>
            );
          }}
        />
      </div>
      {marks.length === 0 ? null : (
        <ul className="mark-reasons">
          {marks.map((mark) => (
            <li key={`${mark.start}-${mark.end}-${mark.reason}`}>
              <Value text={text.slice(mark.start, mark.end)} mono /> <Value text={mark.reason} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

type Piece = { readonly text: string; readonly start: number; readonly marked: boolean };

/** Cuts one row where marks begin and end; offsets are those of the whole text. */
export function cutAtMarks(text: string, start: number, marks: readonly Mark[]): readonly Piece[] {
  const end = start + text.length;
  const edges = new Set([start, end]);
  for (const mark of marks) {
    for (const edge of [mark.start, mark.end]) if (edge > start && edge < end) edges.add(edge);
  }
  const sorted = [...edges].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((from, index) => {
    const to = sorted[index + 1] ?? end;
    const marked = marks.some((mark) => mark.start < to && mark.end > from);
    return { text: text.slice(from - start, to - start), start: from, marked };
  });
}
