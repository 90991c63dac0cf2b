/**
 * System libraries and programs on Linux. Asked of the loader and PATH, not of the package manager, because a
 * library may come from anywhere; only what is really missing is installed, and only by root.
 */
import { existsSync, readFileSync } from 'node:fs';
import { findProgram, isRoot, run } from './run.mjs';
import { SetUpError, step } from './say.mjs';

/**
 * `packages`: Debian names, the first that the system knows is taken (Debian 13 and Ubuntu 24.04 renamed some to …t64).
 * @typedef {'app' | 'walkthrough' | 'test'} Profile
 * @typedef {{ profile: Profile, library?: string, programs?: readonly string[], packages: readonly string[] }} Need
 */

/** @type {readonly Need[]} */
export const needs = [
  { profile: 'app', library: 'libgtk-3.so.0', packages: ['libgtk-3-0t64', 'libgtk-3-0'] },
  { profile: 'app', library: 'libnss3.so', packages: ['libnss3'] },
  { profile: 'app', library: 'libasound.so.2', packages: ['libasound2t64', 'libasound2'] },
  { profile: 'app', library: 'libgbm.so.1', packages: ['libgbm1'] },
  { profile: 'app', library: 'libXss.so.1', packages: ['libxss1'] },
  { profile: 'app', library: 'libsecret-1.so.0', packages: ['libsecret-1-0'] },
  { profile: 'app', programs: ['git'], packages: ['git'] },
  { profile: 'walkthrough', programs: ['Xvfb'], packages: ['xvfb'] },
  { profile: 'walkthrough', programs: ['xauth'], packages: ['xauth'] },
  { profile: 'walkthrough', programs: ['openbox'], packages: ['openbox'] },
  { profile: 'walkthrough', programs: ['xdotool'], packages: ['xdotool'] },
  { profile: 'walkthrough', programs: ['chromium', 'chromium-browser', 'google-chrome'], packages: ['chromium'] },
  { profile: 'test', programs: ['dbus-run-session'], packages: ['dbus'] },
  { profile: 'test', programs: ['dbus-launch'], packages: ['dbus-x11'] },
  { profile: 'test', programs: ['gnome-keyring-daemon'], packages: ['gnome-keyring'] },
  { profile: 'test', programs: ['dunst'], packages: ['dunst'] },
];

/** Each profile and those it builds on. @type {Record<Profile, readonly Profile[]>} */
const includes = { app: ['app'], walkthrough: ['app', 'walkthrough'], test: ['app', 'walkthrough', 'test'] };

/**
 * @param {Profile} profile
 * @param {{ hasLibrary: (name: string) => boolean, hasProgram: (name: string) => boolean }} system
 * @returns {Need[]} what this profile still lacks
 */
export function missingNeeds(profile, { hasLibrary, hasProgram }) {
  return needs.filter((need) => {
    if (!includes[profile].includes(need.profile)) return false;
    if (need.library !== undefined && !hasLibrary(need.library)) return true;
    return need.programs !== undefined && !need.programs.some(hasProgram);
  });
}

/** @param {string} osRelease the text of /etc/os-release */
export function usesApt(osRelease) {
  const like = [...osRelease.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].map(([, ids]) => ids ?? '').join(' ');
  return /\b(debian|ubuntu)\b/.test(like);
}

/**
 * @param {readonly string[]} packages
 * @param {boolean} asRoot
 */
export function aptCommand(packages, asRoot) {
  const sudo = asRoot ? '' : 'sudo ';
  return `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/** @param {readonly Need[]} missing @returns {Promise<string[]>} package names this system knows */
async function debianPackages(missing) {
  const names = [];
  for (const { packages } of missing) {
    let chosen = packages.at(-1) ?? '';
    for (const name of packages.length > 1 ? packages : []) {
      if ((await run('apt-cache', ['show', '--no-all-versions', name])).code === 0) {
        chosen = name;
        break;
      }
    }
    names.push(chosen);
  }
  return names;
}

/** @param {Profile} profile @returns {Promise<Need[]>} */
async function findMissing(profile) {
  const ldconfig = findProgram('ldconfig');
  const listed = ldconfig ? (await run(ldconfig, ['-p'])).stdout : undefined;
  return missingNeeds(profile, {
    // A system without ldconfig keeps its libraries elsewhere: then only the start itself can tell.
    hasLibrary: (name) => listed === undefined || listed.includes(`\t${name} `),
    hasProgram: (name) => findProgram(name) !== undefined,
  });
}

/** @param {Profile} profile */
export async function ensureSystemLibraries(profile) {
  if (process.platform !== 'linux') return;
  const missing = await findMissing(profile);
  if (missing.length === 0) return;
  const names = missing.map((need) => need.library ?? need.programs?.[0] ?? '').join(', ');
  const osRelease = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  if (!usesApt(osRelease) || !findProgram('apt-get')) {
    throw new SetUpError(`This system lacks ${names}. Install them with its package manager, then run this again.`);
  }
  if (!isRoot()) {
    const command = aptCommand(await debianPackages(missing), false);
    throw new SetUpError(`This system lacks ${names}. Only an administrator can add them. Run:\n\n  ${command}\n`);
  }
  await step(`Installing system packages for ${names}`, () => aptInstall(missing));
  const still = await findMissing(profile);
  if (still.length > 0) {
    const command = aptCommand(await debianPackages(still), true);
    throw new SetUpError(`apt-get reported success, but this is still missing. Try:\n\n  ${command}\n`);
  }
}

/** @param {readonly Need[]} missing */
async function aptInstall(missing) {
  const options = ['-qq', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=300'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  /** @param {readonly string[]} packages */
  const install = (packages) =>
    run('apt-get', [...options, 'install', '-y', '--no-install-recommends', ...packages], { env });
  const first = await install(await debianPackages(missing));
  if (first.code === 0) return;
  // The usual reason is an absent or old package list.
  const update = await run('apt-get', [...options, 'update'], { env });
  const packages = await debianPackages(missing);
  const second = await install(packages);
  if (second.code === 0) return;
  const output = `${update.stderr}${second.stdout}${second.stderr}`.trim().split('\n').slice(-15).join('\n');
  throw new SetUpError(`apt-get failed:\n${output}\nThe command to try by hand:\n\n  ${aptCommand(packages, true)}\n`);
}
