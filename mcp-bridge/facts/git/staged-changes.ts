/** What the index holds against a commit: paths and object ids from git, contents compared here. */
import type { FileDiff } from '../../core/model/facts.ts';
import type { FileChange } from '../text-diff.ts';
import { Unreadable } from '../unreadable.ts';
import { readBlobs } from './objects.ts';
import type { Git } from './run-git.ts';

/** One side of a changed path; `id` undefined: not there. */
export type IndexSide = { readonly mode: string; readonly id: string };
type IndexChange = {
  readonly path: string;
  readonly previousPath?: string | undefined;
  readonly status: FileDiff['status'];
  readonly before?: IndexSide | undefined;
  readonly after?: IndexSide | undefined;
};

const STATUS: { readonly [letter: string]: FileDiff['status'] } = {
  A: 'added',
  C: 'added',
  M: 'modified',
  D: 'deleted',
  R: 'renamed',
  T: 'type-changed',
};

/** `base`: a commit or tree; undefined for the first commit of a repository. */
export async function readIndexChanges(
  git: Git,
  folder: string,
  base: string | undefined,
): Promise<readonly IndexChange[]> {
  const { output } = await git({
    folder,
    arguments: [
      'diff',
      '--cached',
      '--raw',
      '-z',
      '--full-index',
      '--no-abbrev',
      '--find-renames',
      '--no-relative',
      '--no-ext-diff',
      '--no-textconv',
      '--ignore-submodules=dirty',
      ...(base === undefined ? [] : [base]),
      '--',
    ],
  });
  return parseRaw(output.toString('utf8'));
}

/** The format of `git diff --raw -z`: `:mode mode id id STATUS NUL path NUL [path NUL]`. */
function parseRaw(raw: string): readonly IndexChange[] {
  const fields = raw.split('\0');
  const changes: IndexChange[] = [];
  for (let index = 0; (fields[index] ?? '') !== ''; ) {
    const [beforeMode, afterMode, beforeId, afterId, letters = ''] = (fields[index] ?? '').slice(1).split(' ');
    const status = STATUS[letters[0] ?? ''];
    if (status === undefined || !beforeMode || !afterMode || !beforeId || !afterId)
      throw new Unreadable('The index holds conflicts or something that is not understood.');
    const hasTwoPaths = /^[RC]/.test(letters);
    const first = fields[index + 1] ?? '';
    const path = hasTwoPaths ? (fields[index + 2] ?? '') : first;
    changes.push({
      path,
      ...(status === 'renamed' ? { previousPath: first } : {}),
      status,
      before: letters[0] === 'C' ? undefined : side(beforeMode, beforeId),
      after: side(afterMode, afterId),
    });
    index += hasTwoPaths ? 3 : 2;
  }
  return changes;
}

export async function withContents(git: Git, folder: string, changes: readonly IndexChange[]): Promise<FileChange[]> {
  const sides = changes.flatMap(({ before, after }) => [before, after]);
  const ids = sides.flatMap((one) => (one === undefined || isSubmodule(one) ? [] : [one.id]));
  const blobs = await readBlobs(git, folder, ids);
  const content = (one: IndexSide | undefined) => {
    if (one === undefined) return undefined;
    const bytes = isSubmodule(one) ? Buffer.from(`Submodule at commit ${one.id}\n`) : blobs.get(one.id);
    return { bytes: bytes ?? Buffer.alloc(0), mode: one.mode };
  };
  return changes.map((change) => ({ ...change, before: content(change.before), after: content(change.after) }));
}

function side(mode: string, id: string): IndexSide | undefined {
  return mode === '000000' ? undefined : { mode, id };
}

function isSubmodule({ mode }: IndexSide): boolean {
  return mode === '160000';
}
