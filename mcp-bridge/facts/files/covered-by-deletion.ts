/** Everything that a deletion would take with it. Links are counted, never followed. */
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileFacts, FileTarget } from '../../core/model/facts.ts';
import { Unreadable } from '../unreadable.ts';
import { entryKind } from './canonical-path.ts';

const MAX_ITEMS = 50_000;

export async function readCovered(
  targets: readonly FileTarget[],
  signal: AbortSignal,
): Promise<NonNullable<FileFacts['covers']>> {
  const items: FileTarget[] = [];
  const folders = targets.filter((target) => target.entryKind === 'folder').map((target) => target.path);
  items.push(...targets.filter((target) => target.exists));
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const handle = await opendir(folder).catch(() => {
      throw new Unreadable('A folder that would be deleted cannot be read.');
    });
    for await (const entry of handle) {
      if (signal.aborted) throw new Unreadable('Counting what would be deleted took too long.');
      if (items.length >= MAX_ITEMS) throw new Unreadable(`More than ${MAX_ITEMS} files and folders would be deleted.`);
      const path = join(folder, entry.name);
      const kind = entryKind(entry);
      const stats = await lstat(path).catch(() => undefined);
      items.push({ path, exists: true, entryKind: kind, ...(stats === undefined ? {} : { bytes: stats.size }) });
      if (kind === 'folder') folders.push(path);
    }
  }
  const sorted = items.sort((a, b) => (a.path < b.path ? -1 : 1));
  const files = sorted.filter((item) => item.entryKind !== 'folder');
  return {
    files: files.length,
    folders: sorted.length - files.length,
    bytes: files.reduce((sum, item) => sum + (item.bytes ?? 0), 0),
    items: sorted,
  };
}
