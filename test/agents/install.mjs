// @ts-check
/**
 * The AI clients' npm packages, each in a folder of its own in the cache: exactly what its lock file in `packages` pins.
 *
 * SECURITY(LO-25): npm compares every package with the digest in that lock file, runs no script of any of them, and what
 * it has installed is held against the lock file once more. Not `npm ci`, because that insists on packages for other
 * platforms, which not every registry has.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rename, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../../main/launch/lock.mjs';
import { ensureNewerNode } from '../../main/launch/newer-node.mjs';
import { outdatedPackages } from '../../main/launch/node-packages.mjs';
import { inWorkFolder, removeLeftovers } from '../../main/launch/npm-archive.mjs';
import { cacheFolder, repositoryRoot } from '../../main/launch/places.mjs';
import { runNpm } from '../../main/launch/run.mjs';
import { SetUpError, step } from '../../main/launch/say.mjs';

/** @typedef {import('./clients.mjs').Agent} Agent */

const pinned = (/** @type {Agent} */ { id }) => join(repositoryRoot, 'test', 'agents', 'packages', id);

/** @param {Agent} agent @returns {string} as its package.json pins it */
export function versionOf(agent) {
  const { dependencies } = JSON.parse(readFileSync(join(pinned(agent), 'package.json'), 'utf8'));
  return String(Object.values(dependencies)[0]);
}

/** Another lock file is another place, so what is there is always what was asked for. @param {Agent} agent */
function place(agent) {
  const digest = createHash('sha256').update(readFileSync(join(pinned(agent), 'package-lock.json')));
  return join(cacheFolder(), 'agents', `${agent.id}-${digest.digest('hex').slice(0, 16)}`);
}

/** @param {Agent} agent @returns {string} the program to start */
export const programOf = (agent) => join(place(agent), 'node_modules', agent.program);

/**
 * @param {readonly Agent[]} missing @param {number} freeMegabytes
 * @returns {string | undefined} what to tell the person when there is not enough room
 */
export function roomComplaint(missing, freeMegabytes) {
  // npm keeps the archives in its own cache too, and they are about a third of what they unpack to.
  const needed = Math.ceil(missing.reduce((sum, { megabytes }) => sum + megabytes, 0) * 1.5);
  if (freeMegabytes >= needed) return undefined;
  return (
    `Installing ${missing.map(({ id }) => id).join(', ')} takes ${needed} MB in ${cacheFolder()}, ` +
    `and ${Math.floor(freeMegabytes)} MB are free: make room, or name fewer with --only.`
  );
}

/** @param {readonly Agent[]} agents */
export async function installAgents(agents) {
  await withLock(cacheFolder(), async () => {
    if (agents.some(({ newerNode }) => newerNode)) await ensureNewerNode();
    const missing = agents.filter((agent) => !existsSync(programOf(agent)));
    if (missing.length === 0) return;
    await mkdir(join(cacheFolder(), 'agents'), { recursive: true });
    const { bavail, bsize } = await statfs(cacheFolder());
    const complaint = roomComplaint(missing, (bavail * bsize) / 1e6);
    if (complaint) throw new SetUpError(complaint);
    await removeLeftovers();
    for (const agent of missing) {
      await step(`Installing ${agent.id} ${versionOf(agent)} (${agent.megabytes} MB)`, () => install(agent));
    }
  });
}

/** @param {Agent} agent @returns {Promise<void>} */
function install(agent) {
  return inWorkFolder(async (work) => {
    for (const name of ['package.json', 'package-lock.json'])
      await copyFile(join(pinned(agent), name), join(work, name));
    const npmrc = join(repositoryRoot, '.npmrc'); // may name a mirror
    if (existsSync(npmrc)) await copyFile(npmrc, join(work, '.npmrc'));
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
    const npm = await runNpm(['install', ...flags], { cwd: work });
    const installed = readLock(join(work, 'node_modules', '.package-lock.json'));
    const others = differences(readLock(join(pinned(agent), 'package-lock.json')), installed);
    if (npm.code !== 0 || others.length > 0 || !existsSync(join(work, 'node_modules', agent.program))) {
      const told = npm.code === 0 ? `not what is pinned: ${others.join(', ')}` : npm.stderr.trim().slice(-1_000);
      throw new SetUpError(
        `npm could not install ${agent.id} (exit ${npm.code}):\n${told}\n` +
          'Check that the npm registry can be reached, then run the same command again.',
      );
    }
    await rename(work, place(agent));
  });
}

/** @param {string} file @returns {import('../../main/launch/node-packages.mjs').LockFile} */
const readLock = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});

/**
 * @param {import('../../main/launch/node-packages.mjs').LockFile} wanted
 * @param {import('../../main/launch/node-packages.mjs').LockFile} installed
 * @returns {string[]} packages that are missing, are others than the pinned ones, or are not pinned at all
 */
export function differences(wanted, installed) {
  const unpinned = Object.keys(installed.packages ?? {}).filter((path) => !wanted.packages?.[path]);
  return [...outdatedPackages(wanted, installed), ...unpinned];
}
