/**
 * Where Countersign keeps its files, found without relying on the environment: some AI clients start the shim with an
 * emptied one, so the home folder of the user database counts as well.
 */
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve, win32 } from 'node:path';

/** In the order of preference; the app uses the first, the shim the first that holds its key. */
export function dataDirCandidates(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  const xdg = environment['XDG_DATA_HOME'];
  const fromXdg =
    platform !== 'win32' && platform !== 'darwin' && xdg?.startsWith('/') ? [join(xdg, 'countersign')] : [];
  return [...new Set([...fromXdg, ...homes().map((home) => join(home, ...underHome(platform)))])];
}

export function defaultDataDir(): string {
  const [first] = dataDirCandidates();
  if (first === undefined) throw new Error('this user has no home folder');
  return first;
}

function underHome(platform: NodeJS.Platform): readonly string[] {
  if (platform === 'darwin') return ['Library', 'Application Support', 'Countersign'];
  if (platform === 'win32') return ['AppData', 'Roaming', 'Countersign'];
  return ['.local', 'share', 'countersign'];
}

function homes(): readonly string[] {
  const found: string[] = [];
  for (const read of [homedir, () => userInfo().homedir]) {
    try {
      const home = read();
      // a relative one would be looked for in the folder that the AI client happens to be started in
      if (isAbsolute(home)) found.push(home);
    } catch {
      // a user id without an entry in the user database has no second home
    }
  }
  return found;
}

/** The longest path a Unix socket address holds on every system is 103 bytes (macOS `sun_path`). */
const longestSocketPath = 103;

/** A named pipe on Windows, else a socket in a folder of its own; the same however the data folder is written. */
export function socketPathOf(given: string, platform: NodeJS.Platform = process.platform): string {
  const dataDir = platform === 'win32' ? win32.resolve(given) : resolve(given);
  const digest = createHash('sha256').update(dataDir, 'utf8').digest('hex').slice(0, 24);
  if (platform === 'win32') return win32.join('\\\\.\\pipe', `countersign-${digest}`);
  const path = join(dataDir, 'run', 'bridge.sock');
  if (Buffer.byteLength(path) <= longestSocketPath) return path;
  return join('/tmp', `countersign-${process.getuid?.() ?? 0}-${digest}`, 'bridge.sock');
}

/** What both sides of the proof put into their transcript: the path with its folder's links resolved. */
export function socketName(path: string): string {
  return path.startsWith('\\\\') ? path : join(realpathSync(dirname(path)), basename(path));
}
