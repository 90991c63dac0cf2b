/**
 * Files that are this person's alone: 0600 in a 0700 folder, never through a link, whole or not at all (LO-13).
 *
 * @throws UnsafePath where something was planted or left open; the caller then neither reads nor writes there
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

export class UnsafePath extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'UnsafePath';
  }
}

const largestFileBytes = 1024 * 1024;
const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL } = fs.constants;
const O_NOFOLLOW = fs.constants.O_NOFOLLOW ?? 0; // Windows has none

export function ensurePrivateFolder(folder: string): void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = fs.lstatSync(folder);
  if (!stats.isDirectory() || !isOurs(stats)) throw new UnsafePath('the folder is a link or belongs to somebody else');
  if (process.platform === 'win32') return;
  // Whoever could write there may have put something in it already.
  if ((stats.mode & 0o022) !== 0) throw new UnsafePath('others may write to the folder');
  if ((stats.mode & 0o077) !== 0) fs.chmodSync(folder, 0o700);
}

/** The bytes, or undefined when there is no such file. */
export function readPrivateFile(file: string): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, O_RDONLY | O_NOFOLLOW);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new UnsafePath(`the file cannot be opened: ${codeOf(error)}`);
  }
  try {
    const stats = fs.fstatSync(descriptor);
    // A second name for the file is a name somebody else may hold.
    if (!stats.isFile() || !isOurs(stats) || stats.nlink !== 1) throw new UnsafePath('not a plain file of ours');
    if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0) throw new UnsafePath('others may open the file');
    if (stats.size > largestFileBytes) throw new UnsafePath('the file is too large');
    return fs.readFileSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Replaces the file at once: after a crash there is the old one or the new one, never half of either. */
export function writePrivateFile(file: string, bytes: string): void {
  stagePrivateFile(file, bytes).commit();
}

/** Bytes that are on disk under another name: what can fail for want of room or rights has been done. */
export type StagedFile = {
  /** Takes the place of the file. */
  commit(): void;
  /** Never throws; nothing happens after a commit. */
  drop(): void;
};

export function stagePrivateFile(file: string, bytes: string): StagedFile {
  const fresh = `${file}.${randomBytes(6).toString('hex')}.new`;
  const drop = (): void => fs.rmSync(fresh, { force: true });
  const orDrop = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      drop();
      throw error;
    }
  };
  orDrop(() => {
    const descriptor = fs.openSync(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      fs.writeSync(descriptor, bytes);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  });
  return {
    commit() {
      orDrop(() => fs.renameSync(fresh, file)); // replaces a planted link itself, not what it points to
      syncFolder(path.dirname(file));
    },
    drop,
  };
}

/** Without this the rename itself may be lost with the power. Windows cannot open folders. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = fs.openSync(folder, O_RDONLY);
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function isOurs(stats: fs.Stats): boolean {
  return process.getuid === undefined || stats.uid === process.getuid();
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
