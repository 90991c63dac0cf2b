/**
 * MCP Inspector for the tests: its command line is an AI client that other people wrote. It needs a newer Node and many
 * packages, so it is no dependency: npm installs what its own lock file pins into the cache folder.
 *
 * SECURITY(LO-25): `npm ci` compares every package with the digest in that lock file, and runs no script of any of them.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { inWorkFolder, removeLeftovers } from './npm-archive.mjs';
import { cacheFolder, repositoryRoot } from './places.mjs';
import { runNpm } from './run.mjs';
import { SetUpError, step } from './say.mjs';

const wanted = join(repositoryRoot, 'main', 'launch', 'inspector');

/** Another lock file is another place, so what is there is always what was asked for. */
function place() {
  const digest = createHash('sha256')
    .update(readFileSync(join(wanted, 'package-lock.json')))
    .digest('hex');
  return join(cacheFolder(), `inspector-${digest.slice(0, 16)}`);
}

const programIn = (/** @type {string} */ folder) =>
  join(folder, 'node_modules', '@modelcontextprotocol', 'inspector', 'clients', 'launcher', 'build', 'index.js');

/** Set-up's part. */
export async function ensureInspector() {
  const folder = place();
  if (existsSync(programIn(folder))) return;
  await removeLeftovers();
  await step('Fetching MCP Inspector from npm (80 MB), for the integration tests', () =>
    inWorkFolder(async (work) => {
      for (const name of ['package.json', 'package-lock.json']) await copyFile(join(wanted, name), join(work, name));
      const npmrc = join(repositoryRoot, '.npmrc'); // may name a mirror
      if (existsSync(npmrc)) await copyFile(npmrc, join(work, '.npmrc'));
      // What is optional there is native code that its command line does without.
      const flags = ['--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--no-progress'];
      const npm = await runNpm(['ci', ...flags, '--loglevel=error'], { cwd: work });
      if (npm.code !== 0 || !existsSync(programIn(work))) {
        throw new SetUpError(
          `npm could not install MCP Inspector:\n${npm.stderr.trim().split('\n').slice(-8).join('\n')}\n` +
            'Check that the npm registry can be reached, then run the same command again.',
        );
      }
      await rename(work, folder);
    }),
  );
}

/** @returns {string} its program, for a Node of `newerNode()` @throws {SetUpError} where set-up has not been */
export function inspectorProgram() {
  const program = programIn(place());
  if (existsSync(program)) return program;
  throw new SetUpError('MCP Inspector is not here yet: run node main/launch/setup.mjs test');
}
