/** Can this Electron start on this machine and account? Asked before it does, because its own answer is a crash. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, isRoot, run } from './run.mjs';
import { SetUpError, warn } from './say.mjs';

/** @param {string} lddOutput @returns {string[]} libraries the loader does not find */
export function librariesNotFound(lddOutput) {
  return [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name ?? '');
}

/** @param {import('./electron-runtime.mjs').Runtime} runtime @throws {SetUpError} naming what the loader lacks */
export async function requireLibraries({ electronPath }) {
  if (process.platform !== 'linux' || !findProgram('ldd')) return;
  const absent = librariesNotFound((await run('ldd', [electronPath])).stdout);
  if (absent.length === 0) return;
  throw new SetUpError(
    `Electron cannot start here, these libraries are missing: ${absent.join(', ')}.\n` +
      'Install the packages that hold them (apt-file, dnf provides or pkgfile tell which), then run this again.',
  );
}

/** @param {string} file @returns {boolean} whether Chromium's setuid helper may do its work */
function isSetuidRoot(file) {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && stat.uid === 0 && (stat.mode & 0o4001) === 0o4001;
}

/**
 * SECURITY(EL-01): the sandbox is never switched off to make the app start. Only root, for whom Chromium has none, gets the
 * switch, with a warning; an ordinary user on a system that denies user namespaces is told the one command that helps.
 * @param {import('./electron-runtime.mjs').Runtime} runtime
 * @returns {Promise<readonly string[]>} switches Electron must have on this account
 */
export async function sandboxSwitches({ distPath }) {
  if (process.platform !== 'linux') return [];
  if (isRoot()) {
    warn(
      'Running as root: Chromium runs WITHOUT ITS SANDBOX. Try it out only; for real use start it as an ordinary user.',
    );
    return ['--no-sandbox'];
  }
  const helper = join(distPath, 'chrome-sandbox');
  if (isSetuidRoot(helper) || !findProgram('unshare')) return [];
  if ((await run('unshare', ['--user', '--map-root-user', 'true'])).code === 0) return [];
  throw new SetUpError(
    'This system does not let programs of ordinary users make a sandbox (user namespaces are denied).\n' +
      `Chromium's helper can, once an administrator allows it. Run:\n\n  sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'\n`,
  );
}
