/**
 * Somebody else's file: read without following a link out of the home folder, saved aside before it is changed,
 * replaced in one step or not at all (LO-13).
 *
 * A link is written through to the real file when that lies inside the home folder, as dotfile managers have it; a link
 * that leads elsewhere is refused, and said so.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { AppError } from '../core/errors.ts';

export type ConfigurationFile = {
  /** As the AI client knows it. */
  readonly path: string;
  /** Where its bytes are. */
  readonly realPath: string;
  /** undefined when there is no file yet. */
  readonly bytes: Buffer | undefined;
  /** Without the byte order mark; empty when there is no file. */
  readonly text: string;
  readonly hasByteOrderMark: boolean;
  readonly mode: number;
};

const isWindows = process.platform === 'win32';
const mostBytes = 64 * 1024 * 1024;
const byteOrderMark = '\ufeff';

/** @param root real files outside this folder are refused @throws AppError 'config.invalid', with the file's name */
export function openConfiguration(path: string, root: string): ConfigurationFile {
  const realPath = realPathOf(path, root);
  const absent = { path, realPath, bytes: undefined, text: '', hasByteOrderMark: false, mode: 0o600 };
  let descriptor: number;
  try {
    // A pipe would keep us waiting; it is seen for what it is below.
    descriptor = openSync(
      realPath,
      isWindows ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return absent;
    throw refused(path, `it cannot be read (${codeOf(error)})`);
  }
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) throw refused(path, 'it is not a file');
    if (!isWindows && found.uid !== process.getuid?.()) throw refused(path, 'it belongs to another user');
    // replacing it in one step would get around the protection that somebody gave it
    if ((found.mode & 0o200) === 0) throw refused(path, 'it is write-protected');
    if (found.size > mostBytes) throw refused(path, 'it is too large for a configuration');
    const bytes = readFileSync(descriptor);
    const decoded = decode(bytes, path);
    const hasByteOrderMark = decoded.startsWith(byteOrderMark);
    return {
      path,
      realPath,
      bytes,
      text: hasByteOrderMark ? decoded.slice(1) : decoded,
      hasByteOrderMark,
      mode: found.mode & 0o777,
    };
  } finally {
    closeSync(descriptor);
  }
}

/** Keeps the mode, unless a key is in it now. @returns the copy of what was there, undefined when there was nothing */
export function replaceConfiguration(
  file: ConfigurationFile,
  text: string,
  now: Date,
  holdsKey = false,
): string | undefined {
  // SECURITY(LO-08): the bridge's port is open to every user of this machine, so the key must not be
  const mode = holdsKey ? file.mode & 0o700 : file.mode;
  const folder = dirname(file.realPath);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const backup = saveAside(file, now);
  const fresh = join(folder, `.${basename(file.realPath)}.${randomBytes(6).toString('hex')}`);
  try {
    writeDurably(fresh, Buffer.from((file.hasByteOrderMark ? byteOrderMark : '') + text, 'utf8'), mode);
    checkUnchanged(file);
    renameSync(fresh, file.realPath);
  } catch (error) {
    rmSync(fresh, { force: true });
    if (backup !== undefined) rmSync(backup, { force: true });
    throw error instanceof AppError ? error : refused(file.path, `it cannot be written (${codeOf(error)})`);
  }
  syncFolder(folder);
  return backup;
}

/** For a file that was made by connecting and holds nothing any more. */
export function deleteConfiguration(file: ConfigurationFile, now: Date): string | undefined {
  const backup = saveAside(file, now);
  checkUnchanged(file);
  rmSync(file.realPath);
  syncFolder(dirname(file.realPath));
  return backup;
}

/** The name keeps it from being taken for a configuration, and the mode from being read: others' keys may be in it. */
function saveAside({ path, realPath, bytes }: ConfigurationFile, now: Date): string | undefined {
  if (bytes === undefined) return undefined;
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('.', '');
  const backup = `${realPath}.countersign-${stamp}.bak`;
  try {
    writeDurably(backup, bytes, 0o600);
  } catch (error) {
    throw refused(path, `no copy could be kept beside it (${codeOf(error)})`);
  }
  return backup;
}

function writeDurably(path: string, bytes: Buffer, mode: number): void {
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(descriptor, bytes);
    if (!isWindows) fchmodSync(descriptor, mode);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** AI clients write these files too, some of them often. */
function checkUnchanged({ path, realPath, bytes }: ConfigurationFile): void {
  let present: Buffer | undefined;
  try {
    present = readFileSync(realPath);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  const same = bytes === undefined ? present === undefined : present !== undefined && bytes.equals(present);
  if (!same) throw refused(path, 'it was changed by another program at this moment; try again');
}

function syncFolder(folder: string): void {
  if (isWindows) return; // folders cannot be opened there
  const descriptor = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The path with every link resolved, as far as it exists. */
function realPathOf(path: string, root: string): string {
  const missing: string[] = [];
  let existing = path;
  while (!exists(existing)) {
    missing.unshift(basename(existing));
    if (dirname(existing) === existing) break;
    existing = dirname(existing);
  }
  let real: string;
  try {
    real = realpathSync(existing);
  } catch {
    throw refused(path, `${existing} is a link to something that is not there`);
  }
  const resolved = join(real, ...missing);
  // SECURITY(LO-13): a planted link would have us write where whoever planted it cannot.
  if (!isInside(resolved, realRoot(root)))
    throw refused(path, `it is a link that leads out of ${root}, to ${resolved}`);
  return resolved;
}

function realRoot(root: string): string {
  try {
    return realpathSync(root);
  } catch {
    throw new AppError(
      'config.invalid',
      `${root} is not there; give the home or project folder that holds the configuration`,
    );
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !isAbsolute(way) && way !== '..' && !/^\.\.[\\/]/.test(way);
}

function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw refused(path, `it cannot be looked at (${codeOf(error)})`);
  }
}

function decode(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refused(path, 'it is not UTF-8 text');
  }
}

function refused(path: string, why: string): AppError {
  return new AppError('config.invalid', `${path}: ${why}. Nothing was changed.`);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
