/** Where things are: the checkout, and the folder outside it that outlives a `git clean`. */
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Downloaded runtimes, shared by all checkouts of one user.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 * @param {string} [home]
 */
export function cacheFolder(env = process.env, platform = process.platform, home = homedir()) {
  // An empty or relative XDG_CACHE_HOME must be ignored (XDG Base Directory Specification).
  const xdg = env['XDG_CACHE_HOME'];
  if (xdg?.startsWith('/')) return join(xdg, 'countersign');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'countersign');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'countersign', 'Cache');
  return join(home, '.cache', 'countersign');
}
