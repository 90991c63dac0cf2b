import { useMemo } from 'react';
import type { FileDiff } from '../../mcp-bridge/core/model/facts.ts';
import { grouped } from '../lib/numbers.ts';
import { CodeText } from './code-text.tsx';
import { type DiffRow, diffRows } from './diff-rows.ts';
import { Value } from './value.tsx';
import { VirtualRows } from './virtual-rows.tsx';

const SIGNS = { context: ' ', added: '+', removed: '-', 'no-newline': '\\' } as const;

export function Diff({ files }: { readonly files: readonly FileDiff[] }) {
  const rows = useMemo(() => diffRows(files), [files]);
  return (
    <VirtualRows
      count={rows.length}
      rowHeightPx={19}
      renderRow={(index) => {
        const row = rows[index];
        return row === undefined ? null : <Row key={index} row={row} />;
      }}
    />
  );
}

function Row({ row }: { readonly row: DiffRow }) {
  switch (row.row) {
    case 'gap':
      return <div className="diff-gap" />;
    case 'file':
      return <FileHead file={row.file} alone={row.alone} />;
    case 'hunk':
      return (
        <div className={classes('code-row diff-line diff-hunk', row.first && 'diff-first', row.last && 'diff-last')}>
          <Value text={row.text} mono />
        </div>
      );
    case 'line':
      return (
        <div className={classes(`code-row diff-line diff-${row.kind}`, row.last && 'diff-last')}>
          <span>{row.continues ? '' : SIGNS[row.kind]}</span>
          {row.text === '' ? (
            <span />
          ) : (
            <span className="value" dir="ltr">
              <CodeText text={row.text} language={row.language} />
            </span>
          )}
        </div>
      );
  }
}

function FileHead({ file, alone }: { readonly file: FileDiff; readonly alone: boolean }) {
  return (
    <div className={classes('diff-file', alone && 'diff-file-alone')}>
      <span>
        <Value text={file.path} mono />
        {file.previousPath === undefined ? null : (
          <span className="quiet small">
            {' renamed from '}
            <Value text={file.previousPath} mono />
          </span>
        )}
        {file.status === 'modified' || file.status === 'renamed' ? null : (
          <span className="quiet small"> {STATUS_WORDS[file.status]}</span>
        )}
        {file.binary ? <span className="quiet small"> binary, its content is not shown</span> : null}
      </span>
      <span className="diff-counts">
        <span className="diff-added-count">+{grouped(file.addedLines)}</span>
        <span className="diff-removed-count">−{grouped(file.removedLines)}</span>
      </span>
    </div>
  );
}

const STATUS_WORDS = {
  added: 'new file',
  deleted: 'file deleted',
  'type-changed': 'kind of file changed',
} as const;

function classes(...names: readonly (string | false)[]): string {
  return names.filter(Boolean).join(' ');
}
