/** Where a path really leads, links resolved, and whether that is inside the folders the server was given (CL-13). */
import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileTarget } from '../../core/model/facts.ts';
import { Unreadable } from '../unreadable.ts';

export type Roots = {
  /** As configured; a relative path of a file server counts from the first that contains it. */
  readonly configured: readonly string[];
  readonly canonical: readonly string[];
};

export async function canonicalRoots(configured: readonly string[]): Promise<Roots> {
  const canonical = await Promise.all(configured.map((root) => realpath(root).catch(() => resolve(root))));
  return { configured, canonical };
}

/** The absolute path that the server will understand; throws where only the server could know. */
export function absolutePath(text: string, roots: Roots): string {
  if (text.includes('\0')) throw new Unreadable('A path holds a NUL character.');
  if (text.startsWith('file://')) return fileURLToPath(text);
  if (text === '~' || text.startsWith('~/')) return join(homedir(), text.slice(1));
  if (isAbsolute(text)) return resolve(text);
  const candidates = roots.configured.map((root) => ({ root, path: resolve(root, text) }));
  const found = candidates.find(({ root, path }) => isInside(path, root)) ?? candidates[0];
  if (found === undefined)
    throw new Unreadable('A path is relative, and only the server knows the folder it counts from.');
  return found.path;
}

/**
 * `follow`: the call acts on what a link leads to; otherwise on the link itself, as a removal does. Of a path that does
 * not exist the part that does is resolved: the rest will be made below it.
 */
export async function readTarget(path: string, roots: Roots, follow: boolean): Promise<FileTarget> {
  const canonical = follow ? await resolveExisting(path) : join(await resolveExisting(dirname(path)), basename(path));
  const stats = await (follow ? stat : lstat)(canonical).catch(() => undefined);
  const outside = roots.canonical.length > 0 && !roots.canonical.some((root) => isInside(canonical, root));
  return {
    path: canonical,
    exists: stats !== undefined,
    ...(stats === undefined
      ? {}
      : { entryKind: entryKind(stats), bytes: stats.size, modifiedAt: stats.mtime.toISOString() }),
    ...(outside ? { outsideRoots: true } : {}),
  };
}

export function entryKind(entry: {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}): NonNullable<FileTarget['entryKind']> {
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isDirectory()) return 'folder';
  return entry.isFile() ? 'file' : 'other';
}

export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

async function resolveExisting(path: string, linksLeft = 40): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    // A link to nothing: a write through it makes what it points at.
    const aim = await readlink(path).catch(() => undefined);
    if (aim !== undefined && linksLeft > 0) return resolveExisting(resolve(dirname(path), aim), linksLeft - 1);
    if (aim !== undefined) throw new Unreadable('A path is a loop of links.');
    const parent = dirname(path);
    return parent === path ? path : join(await resolveExisting(parent, linksLeft), basename(path));
  }
}
