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
import { isClientId } from './socket-proof.ts';

const isWindows = process.platform === 'win32';
const mostBytes = 16 * 1024;

/** Creates it 0700 if need be. @throws Error when it is a link, another user's, or open to others */
export function ensurePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  checkPrivateFolder(path);
}

/** @throws Error as `ensurePrivateFolder`, and when it does not exist */
export function checkPrivateFolder(path: string): void {
  const found = lstatSync(path);
  if (!found.isDirectory()) throw new Error(`${path} is not a folder`);
  if (!isWindows && (found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0)) {
    throw new Error(`${path} must belong to you alone: chmod 700 it`);
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

/** @throws Error as `readPrivateFile` */
export function readClientKey(dataDir: string, mcpClientId: string): string {
  return readPrivateFile(clientKeyPath(dataDir, mcpClientId)).trim();
}

/** @throws Error when it is missing, a link, another user's, or open to others */
export function readPrivateFile(path: string): string {
  const descriptor = openSync(path, constants.O_RDONLY | (isWindows ? 0 : constants.O_NOFOLLOW));
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) throw new Error(`${path} is not a file`);
    if (!isWindows && (found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0)) {
      throw new Error(`${path} must belong to you alone: chmod 600 it`);
    }
    const bytes = Buffer.alloc(mostBytes);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, mostBytes, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** Replaces it in one step; its folder is created if need be. */
export function writePrivateFile(path: string, text: string): void {
  ensurePrivateFolder(dirname(path));
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
  renameSync(temporary, path);
}
