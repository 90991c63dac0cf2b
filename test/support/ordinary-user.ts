/**
 * Runs a program as an ordinary user while the tests run as root (Chromium has no sandbox for root). The account is the
 * system's own `nobody`: nothing is created, and what it needs to read is copied to where it can.
 */
import { execFileSync } from 'node:child_process';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { repositoryRoot } from '../../main/launch/places.mjs';

export interface OrdinaryUser {
  /** A program that starts `electronPath` as that user and stays the same process. */
  readonly launcher: string;
  /** Folder of the app, readable by that user. */
  readonly appFolder: string;
  /** Its private home, removed by `remove`. */
  readonly home: string;
  readonly env: Record<string, string>;
  readonly remove: () => Promise<void>;
}

const uid = 65_534;

const asUser = (command: readonly string[]): readonly string[] => [
  'setpriv',
  `--reuid=${uid}`,
  `--regid=${uid}`,
  '--clear-groups',
  '--no-new-privs',
  ...command,
];

function canRead(file: string): boolean {
  const [program = '', ...args] = asUser(['test', '-r', file]);
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The packages that stay outside the bundles, with all they need. */
async function copyApp(to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await cp(join(repositoryRoot, 'dist'), join(to, 'dist'), { recursive: true });
  await cp(join(repositoryRoot, 'package.json'), join(to, 'package.json'));
  const lock = JSON.parse(await readFile(join(repositoryRoot, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; optional?: boolean }>;
  };
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '' || entry.dev) continue;
    await cp(join(repositoryRoot, path), join(to, path), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' || !entry.optional) throw error;
    });
  }
}

/** @param electronPath the runtime the tests use */
export async function becomeOrdinaryUser(electronPath: string): Promise<OrdinaryUser> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-user-'));
  await chmod(folder, 0o755);
  const home = join(folder, 'home');
  const runtimeFolder = join(home, '.run');
  await mkdir(runtimeFolder, { recursive: true });
  const env: Record<string, string> = { HOME: home, XDG_RUNTIME_DIR: runtimeFolder, TMPDIR: home };
  const authority = process.env['XAUTHORITY'];
  if (authority) {
    env['XAUTHORITY'] = join(home, '.Xauthority');
    await cp(authority, env['XAUTHORITY']);
    await chown(env['XAUTHORITY'], uid, uid);
  }
  for (const own of [home, runtimeFolder]) {
    await chmod(own, 0o700);
    await chown(own, uid, uid);
  }
  let runtime = dirname(electronPath);
  if (!canRead(electronPath)) {
    runtime = join(folder, 'electron');
    await cp(dirname(electronPath), runtime, { recursive: true });
  }
  let appFolder = repositoryRoot;
  if (!canRead(join(repositoryRoot, 'dist', 'main', 'main.cjs'))) {
    appFolder = join(folder, 'app');
    await copyApp(appFolder);
  }
  const launcher = join(folder, 'electron-as-user');
  const program = join(runtime, basename(electronPath));
  await writeFile(launcher, `#!/bin/sh\nexec ${asUser([`'${program}'`]).join(' ')} "$@"\n`, { mode: 0o755 });
  return { launcher, appFolder, home, env, remove: () => rm(folder, { recursive: true, force: true }) };
}
