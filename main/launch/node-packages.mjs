/**
 * npm packages: are those in node_modules the ones package-lock.json names?
 *
 * npm writes node_modules/.package-lock.json as the very last thing of an install, so an interrupted one has none, and
 * comparing it entry by entry also accepts a tree that `npm install` brought up to date.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from './run.mjs';
import { SetUpError, step } from './say.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockEntry
 * @typedef {{ packages?: Record<string, LockEntry> }} LockFile
 */

/**
 * @param {LockFile} wanted package-lock.json
 * @param {LockFile | undefined} installed node_modules/.package-lock.json, undefined when there is none
 * @returns {string[]} the packages that are missing or differ; optional ones may be absent (other platforms)
 */
export function outdatedPackages(wanted, installed) {
  const found = installed?.packages ?? {};
  return Object.entries(wanted.packages ?? {})
    .filter(([path, entry]) => {
      if (path === '') return false;
      const present = found[path];
      if (!present) return !(entry.optional || entry.devOptional);
      return present.version !== entry.version || present.integrity !== entry.integrity;
    })
    .map(([path]) => path);
}

/** @param {string} file @returns {LockFile | undefined} */
function readLock(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // half written: the same as absent
  }
}

/** @param {string} root of the checkout */
export function packagesAreCurrent(root) {
  const wanted = readLock(join(root, 'package-lock.json'));
  if (!wanted) throw new SetUpError(`package-lock.json is missing or unreadable in ${root}: take a fresh checkout.`);
  return outdatedPackages(wanted, readLock(join(root, 'node_modules', '.package-lock.json'))).length === 0;
}

/** @param {string} root of the checkout */
export async function installPackages(root) {
  await step('Installing the npm packages of package-lock.json', async () => {
    // Install scripts stay off (.npmrc): nothing the packages bring runs before we call it. Engine warnings of
    // packages that we run on an older Node on purpose say nothing to the person, so only errors are shown.
    const npm = await runNpm(['ci', '--loglevel=error', '--no-progress'], { cwd: root });
    if (npm.code !== 0) {
      throw new SetUpError(
        `npm ci failed (exit ${npm.code}):\n${`${npm.stdout}${npm.stderr}`.trim().split('\n').slice(0, 25).join('\n')}\n` +
          'Check that the npm registry can be reached, then run the same command again.',
      );
    }
  });
}
