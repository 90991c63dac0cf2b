/**
 * Set-up from a checkout: everything `npm start` and `npm test` need, on a machine that has Node and npm and nothing
 * else. Node built-ins only, because it runs before there are packages. Each step looks before it acts, so a second run
 * costs next to nothing; all of it runs under one lock, so two at a time cannot disturb each other.
 */
import { pathToFileURL } from 'node:url';
import { ensureElectron } from './electron-runtime.mjs';
import { ensureInspector } from './inspector.mjs';
import { withLock } from './lock.mjs';
import { ensureNewerNode } from './newer-node.mjs';
import { installPackages, packagesAreCurrent } from './node-packages.mjs';
import { cacheFolder, repositoryRoot } from './places.mjs';
import { requireLibraries } from './runtime-health.mjs';
import { fail, SetUpError, say } from './say.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';

const oldestNode = /** @type {const} */ ([20, 19]);

/** @param {string} version as process.versions.node has it */
export function nodeIsNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
}

/**
 * @param {{ profile: import('./system-libraries.mjs').Profile, build?: boolean }} wanted
 * @returns {Promise<import('./electron-runtime.mjs').Runtime>} the Electron to run the app with
 * @throws {SetUpError} when something is missing that only the person can mend; it says how
 */
export async function setUp({ profile, build = true }) {
  if (!nodeIsNewEnough(process.versions.node)) {
    throw new SetUpError(
      `Node ${process.versions.node} is too old: Countersign needs ${oldestNode.join('.')} or newer.`,
    );
  }
  // Two locks, always taken in this order: the checkout's, and that of the cache which all checkouts share.
  return withLock(repositoryRoot, async () => {
    if (!packagesAreCurrent(repositoryRoot)) await installPackages(repositoryRoot);
    const runtime = await withLock(cacheFolder(), async () => {
      await ensureSystemLibraries(profile);
      if (profile === 'test') {
        await ensureNewerNode();
        await ensureInspector();
      }
      const electron = await ensureElectron();
      await requireLibraries(electron);
      return electron;
    });
    if (build) {
      const { buildAll } = await import('./build.mjs'); // needs the packages that were installed just now
      await buildAll();
    }
    return runtime;
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const profile = process.argv[2] ?? 'app';
  if (profile !== 'app' && profile !== 'walkthrough' && profile !== 'test') {
    fail(new SetUpError(`Usage: node main/launch/setup.mjs [app|walkthrough|test], not ${profile}.`));
  }
  setUp({ profile }).then((runtime) => say(`✓ Ready: Electron ${runtime.version} at ${runtime.electronPath}`), fail);
}
