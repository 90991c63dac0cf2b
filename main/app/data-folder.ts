import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Where everything of Countersign is kept; the stdio shim looks in the same places. `COUNTERSIGN_DATA_FOLDER` moves it,
 * for trying things out beside a real installation.
 */
export function dataFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  const moved = environment['COUNTERSIGN_DATA_FOLDER'];
  if (moved) return path.resolve(moved);
  const home = os.homedir();
  switch (platform) {
    case 'darwin':
      return path.join(home, 'Library', 'Application Support', 'Countersign');
    case 'win32':
      return path.join(home, 'AppData', 'Roaming', 'Countersign');
    default: {
      const xdg = environment['XDG_DATA_HOME'];
      return path.join(xdg?.startsWith('/') ? xdg : path.join(home, '.local', 'share'), 'countersign');
    }
  }
}

/** 0700 and ours, or an error that says what to change (LO-13). */
export function ensureDataFolder(folder: string): void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = fs.lstatSync(folder);
  const ours = process.getuid === undefined || stats.uid === process.getuid();
  if (!stats.isDirectory() || stats.isSymbolicLink() || !ours) {
    throw new TypeError(
      `${folder} must be a folder that belongs to you and is not a link. Move it away and start again.`,
    );
  }
  if ((stats.mode & 0o077) !== 0) fs.chmodSync(folder, 0o700);
}
