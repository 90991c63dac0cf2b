import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineDiff } from '../../../renderer/dashboard/parts/line-diff.ts';
import { cutAtMarks } from '../../../renderer/ui/code-block.tsx';
import { diffRows } from '../../../renderer/ui/diff-rows.ts';
import { syntaxPieces } from '../../../renderer/ui/syntax.ts';
import { textRows } from '../../../renderer/ui/text-rows.ts';

describe('text rows', () => {
  test('lines keep their offsets', () => {
    expect(textRows('ab\n\nc')).toEqual([
      { text: 'ab', start: 0, continues: false },
      { text: '', start: 3, continues: false },
      { text: 'c', start: 4, continues: false },
    ]);
  });

  test('a very long line is cut and nothing of it is lost', () => {
    const line = `${'x'.repeat(999)}😀${'y'.repeat(2000)}`;
    const rows = textRows(`a\n${line}`);
    expect(
      rows
        .slice(1)
        .map((row) => row.text)
        .join(''),
    ).toBe(line);
    expect(rows.slice(1).map((row) => row.continues)).toEqual([false, true, true, true]);
    // The pair of surrogates is not torn apart.
    expect(rows.some((row) => /[\uD800-\uDBFF]$/.test(row.text))).toBe(false);
  });
});

describe('marks', () => {
  test.each([
    [
      'within a row',
      'select 1',
      0,
      [{ start: 7, end: 8 }],
      [
        ['select ', false],
        ['1', true],
      ],
    ],
    [
      'from an earlier row into this one',
      'id = id',
      10,
      [{ start: 4, end: 12 }],
      [
        ['id', true],
        [' = id', false],
      ],
    ],
    ['over the whole row', 'x', 10, [{ start: 0, end: 99 }], [['x', true]]],
    ['in another row', 'x', 10, [{ start: 0, end: 9 }], [['x', false]]],
    [
      'overlapping ones',
      'abcd',
      0,
      [
        { start: 0, end: 2 },
        { start: 1, end: 3 },
      ],
      [
        ['a', true],
        ['b', true],
        ['c', true],
        ['d', false],
      ],
    ],
  ] as const)('%s', (_name, text, start, marks, expected) => {
    const pieces = cutAtMarks(
      text,
      start,
      marks.map((mark) => ({ ...mark, reason: 'r' })),
    );
    expect(pieces.map((piece) => [piece.text, piece.marked])).toEqual(expected);
  });
});

test('a difference keeps every line, and says where files begin and end', () => {
  const file = { path: 'a', status: 'modified', binary: false, addedLines: 1, removedLines: 0 } as const;
  const rows = diffRows([
    { ...file, hunks: [{ header: '@@', lines: [{ kind: 'added', text: 'x' }] }] },
    { ...file, path: 'b.bin', binary: true, hunks: [] },
  ]);
  expect(rows.map((row) => row.row)).toEqual(['file', 'hunk', 'line', 'gap', 'file']);
  expect(rows.map((row) => ('last' in row ? row.last : undefined))).toEqual([
    undefined,
    false,
    true,
    undefined,
    undefined,
  ]);
  expect(rows[4]).toMatchObject({ alone: true });
});

test.each([
  ['a changed line', 'a\nb\nc', 'a\nx\nc', [' a', '-b', '+x', ' c']],
  ['added at the end', 'a', 'a\nb', [' a', '+b']],
  ['removed at the beginning', 'a\nb', 'b', ['-a', ' b']],
  ['the same', 'a\nb', 'a\nb', [' a', ' b']],
])('line difference: %s', (_name, before, now, expected) => {
  const signs = { context: ' ', added: '+', removed: '-', 'no-newline': '\\' } as const;
  expect(lineDiff(before, now).map((line) => signs[line.kind] + line.text)).toEqual(expected);
});

test('texts too long to compare are shown whole, both of them', () => {
  const long = Array.from({ length: 3000 }, (_, index) => `line ${index}`).join('\n');
  const lines = lineDiff(long, `${long}\nend`);
  expect(lines.filter((line) => line.kind === 'removed').length).toBe(3000);
  expect(lines.filter((line) => line.kind === 'added').length).toBe(3001);
});

const anyLine = fc
  .array(
    fc.constantFrom(
      '"',
      "'",
      '`',
      '\\',
      '/',
      '*',
      '//',
      '/*',
      '#',
      '--',
      ' ',
      '\t',
      'if',
      'select',
      'x',
      '\u202e',
      '😀',
      '\ud800',
      '\u0301',
    ),
  )
  .map((parts) => parts.join(''));

describe('syntax', () => {
  test.each([
    ['words of the language', 'code', 'return deliver', ['keyword:return', 'plain: deliver']],
    ['not inside a longer word', 'code', 'returned', ['plain:returned']],
    ['not inside a string', 'code', "x = 'if'", ['plain:x = ', "string:'if'"]],
    ['a comment to the end', 'code', 'a; // if b', ['plain:a; ', 'comment:// if b']],
    ['no comment in an address', 'code', 'https://if', ['plain:https://', 'keyword:if']],
    ['SQL in any case', 'sql', 'Delete FROM t', ['keyword:Delete', 'plain: ', 'keyword:FROM', 'plain: t']],
    ['plain text has no words', 'text', 'if this', ['plain:if this']],
  ] as const)('%s', (_name, language, line, expected) => {
    expect(syntaxPieces(line, language).map((piece) => `${piece.kind}:${piece.text}`)).toEqual(expected);
  });

  test.each(['code', 'sql', 'shell', 'json', 'text'] as const)('%s loses nothing of any line', (language) => {
    fc.assert(
      fc.property(anyLine, (line) => {
        expect(
          syntaxPieces(line, language)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(line);
      }),
    );
  });

  test('a very long line stays plain', () => {
    const line = `return ${'"\\'.repeat(300)}`;
    expect(syntaxPieces(line, 'code')).toEqual([{ text: line, kind: 'plain' }]);
  });
});
