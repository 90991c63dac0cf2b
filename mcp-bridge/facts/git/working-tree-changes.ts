/**
 * What `git add -- PATHS` would put into the index, read with our own eyes: git only names the files, contents are
 * read and hashed here. Asking git for the difference would run the filters that a repository configures.
 */
import { createHash } from 'node:crypto';
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readBounded } from '../read-bounded.ts';
import type { FileChange, FileContent } from '../text-diff.ts';
import { Unreadable } from '../unreadable.ts';
import { readBlobs } from './objects.ts';
import type { Git } from './run-git.ts';
import type { IndexSide } from './staged-changes.ts';

type WorkingTreeChanges = {
  /** Against the commit that the new one is compared with; unchanged paths are not in it. */
  readonly changes: readonly FileChange[];
  /** Every path that the call names a file of, changed or not. */
  readonly paths: ReadonlySet<string>;
  /** Paths whose content a configured filter changes on its way into the repository. */
  readonly filtered: readonly string[];
};

const MAX_FILES = 5000;
const MAX_BYTES = 32 * 1024 * 1024;

export async function readWorkingTreeChanges(
  git: Git,
  where: { readonly folder: string; readonly topLevel: string; readonly base: string | undefined },
  pathspecs: readonly string[],
  { untracked = true }: { readonly untracked?: boolean } = {},
): Promise<WorkingTreeChanges> {
  const { folder, topLevel, base } = where;
  const others = untracked ? ['--others', '--exclude-standard'] : [];
  const [listed, inBase] = await Promise.all([
    git({
      folder,
      arguments: ['ls-files', '-z', '--full-name', '--cached', ...others, '--', ...pathspecs],
    }),
    base === undefined ? undefined : git({ folder: topLevel, arguments: ['ls-tree', '-r', '-z', '--full-tree', base] }),
  ]);
  const paths = [...new Set(listed.output.toString('utf8').split('\0').filter(Boolean))].sort();
  if (paths.length > MAX_FILES) throw new Unreadable(`The call stages more than ${MAX_FILES} files.`);
  const before = parseTree(inBase?.output.toString('utf8') ?? '');
  const after = await readAll(topLevel, paths);
  const changed = paths.filter((path) => !isSame(before.get(path), after.get(path)));
  const ids = changed.flatMap((path) => before.get(path)?.id ?? []);
  const blobs = await readBlobs(git, topLevel, ids);
  const changes = changed.map((path) => change(path, before.get(path), blobs, after.get(path)));
  return { changes, paths: new Set(paths), filtered: await readFiltered(git, topLevel, changed) };
}

function change(
  path: string,
  old: IndexSide | undefined,
  blobs: ReadonlyMap<string, Buffer>,
  after: FileContent | undefined,
): FileChange {
  const before = old === undefined ? undefined : { bytes: blobs.get(old.id) ?? Buffer.alloc(0), mode: old.mode };
  return { path, status: before === undefined ? 'added' : after === undefined ? 'deleted' : 'modified', before, after };
}

async function readAll(topLevel: string, paths: readonly string[]): Promise<ReadonlyMap<string, FileContent>> {
  const contents = new Map<string, FileContent>();
  let bytes = 0;
  for (const path of paths) {
    const stats = await lstat(join(topLevel, path)).catch(() => undefined);
    if (stats === undefined) continue;
    bytes += stats.size;
    if (bytes > MAX_BYTES) throw new Unreadable('The files to stage are too large to be read.');
    if (stats.isSymbolicLink()) {
      contents.set(path, { bytes: Buffer.from(await readlink(join(topLevel, path))), mode: '120000' });
    } else if (stats.isFile()) {
      const mode = (stats.mode & 0o100) === 0 ? '100644' : '100755';
      contents.set(path, { bytes: await readBounded(join(topLevel, path), MAX_BYTES), mode });
    } else {
      throw new Unreadable('The call stages a folder with a repository of its own.');
    }
  }
  return contents;
}

function isSame(before: IndexSide | undefined, after: FileContent | undefined): boolean {
  if (before === undefined || after === undefined) return before === undefined && after === undefined;
  return before.mode === after.mode && before.id === blobId(after.bytes, before.id.length === 64 ? 'sha256' : 'sha1');
}

/** An object's name (gitformat-pack: `blob SIZE NUL CONTENT`, in the repository's hash). */
function blobId(bytes: Buffer, algorithm: 'sha1' | 'sha256'): string {
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** The format of `git ls-tree -z`: `MODE TYPE ID TAB PATH NUL`. */
function parseTree(text: string): ReadonlyMap<string, IndexSide> {
  const entries = text.split('\0').filter(Boolean);
  return new Map(
    entries.map((entry) => {
      const tab = entry.indexOf('\t');
      const [mode = '', , id = ''] = entry.slice(0, tab).split(' ');
      return [entry.slice(tab + 1), { mode, id }] as const;
    }),
  );
}

async function readFiltered(git: Git, topLevel: string, paths: readonly string[]): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const { output } = await git({
    folder: topLevel,
    arguments: ['check-attr', '-z', '--stdin', 'filter'],
    input: paths.map((path) => `${path}\0`).join(''),
  });
  const fields = output.toString('utf8').split('\0');
  return paths.filter((_, index) => !['unspecified', 'unset', ''].includes(fields[index * 3 + 2] ?? ''));
}
