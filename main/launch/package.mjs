/**
 * `npm run package [-- electron-builder arguments]`: builds the app and packs it with the Electron that set-up chose.
 * Without arguments: an unpacked folder for this platform in release/.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureElectron } from './electron-runtime.mjs';
import { cleanOldRuntime } from './old-runtime.mjs';
import { repositoryRoot } from './places.mjs';
import { run } from './run.mjs';
import { fail, SetUpError, say, warn } from './say.mjs';
import { setUp } from './setup.mjs';

/** @returns {Promise<string>} the configuration without the one fuse that Electron 25 does not have yet */
async function oldRuntimeConfig() {
  const text = await readFile(join(repositoryRoot, 'electron-builder.yml'), 'utf8');
  const folder = join(repositoryRoot, 'release');
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'electron-builder.old-runtime.yml');
  await writeFile(file, text.replace(/^ *grantFileProtocolExtraPrivileges:.*\n/m, ''));
  return file;
}

/** @param {readonly string[]} args */
async function packApp(args) {
  await setUp({ profile: 'app' });
  const runtime = await ensureElectron();
  const builder = join(repositoryRoot, 'node_modules', 'electron-builder', 'out', 'cli', 'cli.js');
  const options = ['--publish', 'never', `-c.electronVersion=${runtime.version}`];
  if (runtime.kind === 'old') {
    warn('This package has the old runtime inside: for trying and testing, not for release.');
    options.push(`-c.electronDist=${await cleanOldRuntime()}`, '--config', await oldRuntimeConfig());
  } else {
    options.push(`-c.electronDist=${runtime.distPath}`);
  }
  say(`• Packing with Electron ${runtime.version}.`);
  const wanted = args.length > 0 ? args : ['--dir'];
  const result = await run(process.execPath, [builder, ...wanted, ...options], { cwd: repositoryRoot, inherit: true });
  if (result.code !== 0) throw new SetUpError(`electron-builder failed (exit ${result.code}).`);
}

packApp(process.argv.slice(2)).catch(fail);
