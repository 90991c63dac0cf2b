/**
 * Files and folders that nobody but this user may read or replace (LO-08, LO-13): owner and mode are looked at on the
 * thing itself, links are not followed. On Windows the user's profile folder carries that protection.
 */

import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../core/errors.ts';
import { isClientId } from './socket-proof.ts';

const isWindows = process.platform === 'win32';
const mostBytes = 16 * 1024;

/** Creates it 0700 if need be. @throws AppError 'files.not-private' when it is a link, another user's, or open to others */
export function ensurePrivateFolder(path: string): void {
  // a link to nothing cannot be made a folder; the check below says what it is
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) mkdirSync(path, { recursive: true, mode: 0o700 });
  checkPrivateFolder(path);
}

/** @throws AppError as `ensurePrivateFolder`; Error when it does not exist */
export function checkPrivateFolder(path: string): void {
  const found = lstatSync(path);
  if (!found.isDirectory()) throw unsafe(path, found.isSymbolicLink() ? 'is a link' : 'is not a folder');
  if (!isWindows && (found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0)) {
    throw unsafe(path, 'must belong to you alone: chmod 700 it');
  }
}

export function clientKeyPath(dataDir: string, mcpClientId: string): string {
  if (!isClientId(mcpClientId)) throw new RangeError('this is not the id of an AI client');
  return join(dataDir, 'clients', `${mcpClientId}.key`);
}

/** For whoever pairs an AI client: the only place a key is kept outside the AI client itself. */
export function writeClientKey(dataDir: string, mcpClientId: string, key: string): void {
  writePrivateFile(clientKeyPath(dataDir, mcpClientId), `${key}\n`);
}

/** @throws as `readPrivateFile` */
export function readClientKey(dataDir: string, mcpClientId: string): string {
  return readPrivateFile(clientKeyPath(dataDir, mcpClientId)).trim();
}

/** @throws AppError 'files.not-private' when it is a link, another user's, or open to others; Error when it is missing */
export function readPrivateFile(path: string): string {
  const descriptor = openNoLink(path);
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) throw unsafe(path, 'is not a file');
    if (!isWindows && (found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0)) {
      throw unsafe(path, 'must belong to you alone: chmod 600 it');
    }
    const bytes = Buffer.alloc(mostBytes);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, mostBytes, 0));
  } finally {
    closeSync(descriptor);
  }
}

function openNoLink(path: string): number {
  if (isWindows) return openSync(path, constants.O_RDONLY);
  try {
    // SECURITY(LO-13): O_NONBLOCK, since a pipe planted under the name would keep us waiting for ever
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ELOOP' ? unsafe(path, 'is a link') : error;
  }
}

function unsafe(path: string, why: string): AppError {
  return new AppError('files.not-private', `${path} ${why}`);
}

/** Replaces it in one step; its folder is created if need be. */
export function writePrivateFile(path: string, text: string): void {
  ensurePrivateFolder(dirname(path));
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
  renameSync(temporary, path);
}
