/**
 * The difference between two contents of one file, line by line, complete. Where the contents are too different for
 * an exact comparison in the time there is, everything between their common beginning and end is shown as replaced:
 * longer, and just as true.
 */
import { structuredPatch } from 'diff';
import type { DiffHunk, DiffLine, FileDiff } from '../core/model/facts.ts';

export type FileContent = { readonly bytes: Buffer; readonly mode?: string | undefined };
export type FileChange = {
  readonly path: string;
  readonly previousPath?: string | undefined;
  readonly status: FileDiff['status'];
  readonly before?: FileContent | undefined;
  readonly after?: FileContent | undefined;
};

const CONTEXT_LINES = 3;
const MAX_EDIT_LENGTH = 3000;
const TIMEOUT_MS = 150;

export function diffFile({ path, previousPath, status, before, after }: FileChange): FileDiff {
  const named = { path, ...(previousPath === undefined ? {} : { previousPath }), status };
  const modes = modeHunk(before?.mode, after?.mode);
  if (isBinary(before) || isBinary(after))
    return { ...named, binary: true, addedLines: 0, removedLines: 0, hunks: modes };
  const hunks = diffText(before?.bytes.toString('utf8') ?? '', after?.bytes.toString('utf8') ?? '');
  const count = (kind: DiffLine['kind']) =>
    hunks.reduce((sum, hunk) => sum + hunk.lines.filter((line) => line.kind === kind).length, 0);
  return {
    ...named,
    binary: false,
    addedLines: count('added'),
    removedLines: count('removed'),
    hunks: [...modes, ...hunks],
  };
}

/** As git judges: a NUL in the first 8000 bytes. */
function isBinary(content: FileContent | undefined): boolean {
  return content?.bytes.subarray(0, 8000).includes(0) ?? false;
}

/** A changed mode has no lines, and making a file executable must not go unseen. */
function modeHunk(before: string | undefined, after: string | undefined): readonly DiffHunk[] {
  if (before !== undefined && after !== undefined && before !== after)
    return [{ header: `mode ${before} → ${after}`, lines: [] }];
  return after === '100755' && before === undefined ? [{ header: 'mode 100755 (executable)', lines: [] }] : [];
}

function diffText(before: string, after: string): readonly DiffHunk[] {
  if (before === after) return [];
  const patch = structuredPatch('', '', before, after, '', '', {
    context: CONTEXT_LINES,
    maxEditLength: MAX_EDIT_LENGTH,
    timeout: TIMEOUT_MS,
  });
  return (patch?.hunks ?? [replacedBlock(before, after)]).map((hunk) => ({
    header: `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`,
    lines: hunk.lines.map(diffLine),
  }));
}

/** An empty side is named by the line before it, as diff(1) does. */
function range(start: number, count: number): string {
  return `${count === 0 ? start - 1 : start},${count}`;
}

const KINDS: { readonly [mark: string]: DiffLine['kind'] } = {
  '+': 'added',
  '-': 'removed',
  ' ': 'context',
  '\\': 'no-newline',
};

function diffLine(line: string): DiffLine {
  const kind = KINDS[line[0] ?? ' '] ?? 'context';
  return { kind, text: kind === 'no-newline' ? line.slice(2) : line.slice(1) };
}

function replacedBlock(before: string, after: string) {
  const old = lines(before);
  const now = lines(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const removed = old.slice(start, old.length - end);
  const added = now.slice(start, now.length - end);
  return {
    oldStart: start + 1,
    oldLines: removed.length,
    newStart: start + 1,
    newLines: added.length,
    lines: [...marked('-', removed), ...marked('+', added)],
  };
}

/** Lines with their ends, so that a missing last line end is a difference. */
function lines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function marked(mark: '-' | '+', block: readonly string[]): readonly string[] {
  return block.flatMap((line) =>
    line.endsWith('\n') ? [mark + line.slice(0, -1)] : [mark + line, '\\ No newline at end of file'],
  );
}
