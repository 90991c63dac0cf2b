/**
 * Which Electron runs the app. First that applies: 1. ELECTRON_OVERRIDE_DIST_PATH  2. the official runtime, already
 * here  3. the official download, unless it was found out of reach within the last day  4. on linux-x64 the old runtime
 * from npm  5. none: say what to do.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureOldRuntime, oldRuntimeVersion } from './old-runtime.mjs';
import { cacheFolder, repositoryRoot } from './places.mjs';
import { run } from './run.mjs';
import { SetUpError, say, step } from './say.mjs';

const officialBase = 'https://github.com/electron/electron/releases/download/';
const probeTimeoutMs = 8_000;
const downloadTimeoutMs = 10 * 60_000;
const unreachableForMs = 24 * 3_600_000;

/**
 * @typedef {{ kind: 'override' | 'official' | 'old', version: string, distPath: string, electronPath: string }} Runtime
 * @typedef {{ overridden: boolean, officialPresent: boolean, unreachableSinceMs: number | undefined, nowMs: number,
 *   target: string }} RuntimeState `target` is platform-arch
 * @typedef {'override' | 'official' | 'try-official-then-old' | 'old' | 'try-official'} RuntimeChoice
 */

/** @param {RuntimeState} state @returns {RuntimeChoice} */
export function chooseRuntime({ overridden, officialPresent, unreachableSinceMs, nowMs, target }) {
  if (overridden) return 'override';
  if (officialPresent) return 'official';
  if (target !== 'linux-x64') return 'try-official';
  const ageMs = unreachableSinceMs === undefined ? Infinity : nowMs - unreachableSinceMs;
  // A stamp from the future comes from a clock that was wrong: it proves nothing.
  return ageMs >= 0 && ageMs < unreachableForMs ? 'old' : 'try-official-then-old';
}

/** The program inside a distribution folder. @param {NodeJS.Platform} platform */
export function programName(platform) {
  if (platform === 'darwin') return join('Electron.app', 'Contents', 'MacOS', 'Electron');
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

const electronPackage = join(repositoryRoot, 'node_modules', 'electron');
const stampFile = () => join(cacheFolder(), 'official-download-unreachable');

/** @param {string} file */
const readText = (file) => (existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined);

/** @param {Runtime['kind']} kind @param {string} distPath @param {string} version @returns {Runtime} */
function runtimeAt(kind, distPath, version) {
  const electronPath = join(distPath, programName(process.platform));
  if (!existsSync(electronPath)) throw new SetUpError(`There is no Electron at ${electronPath}.`);
  return { kind, version: readText(join(distPath, 'version')) ?? version, distPath, electronPath };
}

/** @param {string} version @returns {Promise<string | undefined>} why the download is out of reach; undefined when it is not */
async function whyUnreachable(version) {
  if (process.env['ELECTRON_GET_USE_PROXY']) return undefined; // only the downloader knows how
  const base = process.env['ELECTRON_MIRROR'] ?? process.env['npm_config_electron_mirror'] ?? officialBase;
  try {
    const reply = await fetch(`${base}v${version}/SHASUMS256.txt`, { signal: AbortSignal.timeout(probeTimeoutMs) });
    await reply.body?.cancel();
    return reply.ok ? undefined : `it answers ${reply.status}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** @param {string} version @returns {Promise<string | undefined>} why it failed; undefined when the runtime is here now */
async function downloadOfficial(version) {
  const reason = await whyUnreachable(version);
  if (reason !== undefined) return reason;
  return step(`Downloading Electron ${version}`, async () => {
    const { ELECTRON_OVERRIDE_DIST_PATH: _unused, ...env } = process.env;
    const result = await run(process.execPath, [join(electronPackage, 'install.js')], {
      env,
      timeoutMs: downloadTimeoutMs,
    });
    if (result.timedOut) return `not done after ${downloadTimeoutMs / 60_000} minutes`;
    return result.code === 0 ? undefined : (result.stderr.trim().split('\n')[0] ?? `exit ${result.code}`);
  });
}

/** @returns {Promise<Runtime>} */
export async function ensureElectron() {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  /** @type {string} */
  const version = JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8')).version;
  const officialDist = join(electronPackage, 'dist');
  // path.txt is the last thing the download writes, so an interrupted one is not taken for a whole one.
  const officialPresent =
    readText(join(electronPackage, 'path.txt')) !== undefined &&
    readText(join(officialDist, 'version'))?.replace(/^v/, '') === version &&
    existsSync(join(officialDist, programName(process.platform)));
  const stamp = Number(readText(stampFile()));
  const choice = chooseRuntime({
    overridden: override !== undefined && override !== '',
    officialPresent,
    unreachableSinceMs: Number.isFinite(stamp) && stamp > 0 ? stamp : undefined,
    nowMs: Date.now(),
    target: `${process.platform}-${process.arch}`,
  });
  if (choice === 'override') return runtimeAt('override', override ?? '', 'unknown');
  if (choice === 'official') return runtimeAt('official', officialDist, version);
  if (choice !== 'old') {
    const reason = await downloadOfficial(version);
    if (reason === undefined) return runtimeAt('official', officialDist, version);
    if (choice === 'try-official') {
      throw new SetUpError(
        `Electron ${version} could not be downloaded: ${reason}.\n` +
          'Set ELECTRON_MIRROR to a mirror you trust, or ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron, and run this again.',
      );
    }
    say(`• Electron's own download is out of reach (${reason}); not tried again for a day (remove ${stampFile()} to).`);
    await mkdir(cacheFolder(), { recursive: true });
    await writeFile(stampFile(), String(Date.now()));
  }
  return runtimeAt('old', await ensureOldRuntime(), oldRuntimeVersion);
}
