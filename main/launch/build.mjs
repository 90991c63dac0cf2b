/**
 * `npm run build [-- ENTRY…]`: builds every entry whose sources changed since its last good build, and fails loudly.
 *
 * Each entry remembers the digests of all files that went into it (the bundler's own list, packages excepted: those are
 * covered by package-lock.json), so nothing is built twice and nothing stale is kept.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { build } from 'vite';
import { entries, entryExists, viteConfig } from './build-entries.mjs';
import { withLock } from './lock.mjs';
import { repositoryRoot } from './places.mjs';
import { fail, SetUpError, say, step } from './say.mjs';

/** @typedef {import('./build-entries.mjs').Entry} Entry */
/** @typedef {Record<string, string>} Digests file, relative to the checkout → SHA-256 */

const buildsAtOnce = 2;
const recordFolder = join(repositoryRoot, 'dist', '.inputs');
const alwaysInputs = ['package.json', 'package-lock.json', 'main/launch/build.mjs', 'main/launch/build-entries.mjs'];

/** @param {string} file @returns {Promise<string>} 'absent' for a file that is not there */
async function digestOf(file) {
  const bytes = await readFile(join(repositoryRoot, file)).catch(() => undefined);
  return bytes === undefined ? 'absent' : createHash('sha256').update(bytes).digest('hex');
}

/** @param {Iterable<string>} files @returns {Promise<Digests>} */
async function digestsOf(files) {
  return Object.fromEntries(await Promise.all([...files].map(async (file) => [file, await digestOf(file)])));
}

/** @param {Entry} entry */
async function isCurrent(entry) {
  const record = join(recordFolder, `${entry.name}.json`);
  if (!existsSync(join(repositoryRoot, entry.output)) || !existsSync(record)) return false;
  try {
    /** @type {Digests} */
    const before = JSON.parse(readFileSync(record, 'utf8'));
    const now = await digestsOf(Object.keys(before));
    return Object.entries(before).every(([file, digest]) => now[file] === digest);
  } catch {
    return false;
  }
}

/** A Vite plugin that notes every file of ours the bundler read. @param {Set<string>} files @returns {import('vite').Plugin} */
function inputRecorder(files) {
  return {
    name: 'countersign-input-recorder',
    generateBundle() {
      for (const id of this.getModuleIds()) {
        if (!isAbsolute(id)) continue; // a package or a module the bundler made up
        const file = relative(repositoryRoot, id.split('?')[0] ?? id);
        if (isAbsolute(file) || file.startsWith('..')) continue;
        if (!file.startsWith(`node_modules${sep}`)) files.add(file);
      }
    },
  };
}

/** Style sheets may import one another, which the bundler does not list: a page depends on all of them. */
async function styleSheets() {
  const names = await readdir(join(repositoryRoot, 'renderer'), { recursive: true });
  return names.filter((name) => name.endsWith('.css')).map((name) => join('renderer', name));
}

/** @param {Entry} entry */
async function buildEntry(entry) {
  const record = join(recordFolder, `${entry.name}.json`);
  await rm(record, { force: true }); // an interrupted build must not look current
  const files = new Set([...alwaysInputs, entry.source]);
  if (entry.kind === 'page') for (const file of await styleSheets()) files.add(file);
  const startedAtMs = Date.now();
  await build(viteConfig(entry, inputRecorder(files)));
  if (entry.shebang) await chmod(join(repositoryRoot, entry.output), 0o755);
  const times = await Promise.all([...files].map((file) => stat(join(repositoryRoot, file)).catch(() => undefined)));
  // A file saved while the bundler ran may or may not be in its output: leave no record, so the next run builds again.
  if (times.some((time) => time !== undefined && time.mtimeMs >= startedAtMs)) return;
  await writeFile(`${record}.new`, JSON.stringify(await digestsOf(files), undefined, 1));
  await rename(`${record}.new`, record);
}

/** @param {readonly Entry[]} wanted @returns {Promise<string[]>} what went wrong, one text per entry */
async function buildSome(wanted) {
  const queue = [...wanted];
  /** @type {string[]} */
  const failures = [];
  const worker = async () => {
    for (let entry = queue.shift(); entry; entry = queue.shift()) {
      try {
        await buildEntry(entry);
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        const shown = process.stderr.isTTY ? text : stripVTControlCharacters(text);
        failures.push(`${entry.name} (${entry.source}):\n${shown}`);
      }
    }
  };
  await Promise.all(Array.from({ length: buildsAtOnce }, worker));
  return failures;
}

/** @param {readonly string[]} [names] only these entries; all when left out */
export async function buildAll(names) {
  process.env['NODE_ENV'] = 'production'; // React's production build
  const present = entries.filter((entry) => names === undefined || names.includes(entry.name)).filter(entryExists);
  for (const entry of entries.filter((candidate) => !entryExists(candidate))) {
    say(`• Not built, its source is not in this tree: ${entry.name} (${entry.source})`);
    await rm(join(repositoryRoot, entry.output), { force: true });
  }
  const current = await Promise.all(present.map(isCurrent));
  const stale = present.filter((_, index) => !current[index]);
  if (stale.length === 0) return;
  await mkdir(recordFolder, { recursive: true });
  // The package is of ES modules; what is built here is CommonJS unless its name says otherwise.
  await writeFile(join(repositoryRoot, 'dist', 'package.json'), '{ "type": "commonjs" }\n');
  await step(`Building ${stale.map((entry) => entry.name).join(', ')}`, async () => {
    const failures = await buildSome(stale);
    if (failures.length > 0) throw new SetUpError(`The build failed.\n\n${failures.join('\n\n')}`);
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !entries.some((entry) => entry.name === name));
  if (unknown.length > 0) {
    fail(new SetUpError(`No such entry: ${unknown.join(', ')}. There are ${entries.map((e) => e.name).join(', ')}.`));
  }
  withLock(repositoryRoot, () => buildAll(names.length > 0 ? names : undefined)).catch(fail);
}
