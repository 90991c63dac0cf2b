/**
 * The ledger's files belong to one person and are what they seem: a regular file of ours, one link, mode 0600, in a
 * folder that nobody else can write to. Anything else was planted or misplaced, and is refused (LO-08, LO-13).
 */
import { closeSync, constants, fchmodSync, fstatSync, lstatSync, mkdirSync, openSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../core/errors.ts';

const WRITABLE_BY_OTHERS = 0o022;

/** Creates the folder (0700) and the file (0600) where missing, and checks both. */
export function ensurePrivateFile(path: string): void {
  ensurePrivateFolder(dirname(path));
  // SECURITY(LO-13): O_NOFOLLOW, then checks on the open file, so that no link can be swapped in between.
  const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  let descriptor: number;
  try {
    descriptor = openSync(path, flags, 0o600);
  } catch (cause) {
    throw new AppError('ledger.unavailable', 'a ledger file is a symbolic link or cannot be opened', { cause });
  }
  try {
    checkOurs(fstatSync(descriptor), 'file');
    fchmodSync(descriptor, 0o600);
  } finally {
    closeSync(descriptor);
  }
}

/** SQLite makes these itself with the mode of the main file; a planted one must not be there before. */
export function checkSideFile(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats !== undefined) checkOurs(stats, 'file');
}

function ensurePrivateFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new AppError('ledger.unavailable', 'the ledger folder cannot be made', { cause });
  }
  checkOurs(lstatSync(path), 'folder');
}

function checkOurs(stats: Stats, kind: 'file' | 'folder'): void {
  const refuse = (problem: string) => {
    throw new AppError('ledger.unavailable', `the ledger ${kind} ${problem}`);
  };
  if (kind === 'file' ? !stats.isFile() : !stats.isDirectory()) refuse(`is not a plain ${kind}`);
  if (kind === 'file' && stats.nlink !== 1) refuse('has more than one name');
  if (process.getuid === undefined) return; // Windows: the profile folder's access list stands in for modes
  if (stats.uid !== process.getuid()) refuse('belongs to another user');
  if ((stats.mode & WRITABLE_BY_OTHERS) !== 0) refuse('is writable by others');
}
