/** Starts the built app on real Electron for Playwright: a private home, no left-overs, the sandbox where it can be. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright';
import { ensureElectron } from '../../main/launch/electron-runtime.mjs';
import { repositoryRoot } from '../../main/launch/places.mjs';
import { becomeOrdinaryUser } from './ordinary-user.ts';

export interface LaunchedApp {
  readonly app: ElectronApplication;
  /** The app's HOME: its settings are below it. */
  readonly home: string;
  /** Ends the app and removes everything it wrote. */
  readonly close: () => Promise<void>;
}

export interface LaunchOptions {
  /** Run as an ordinary user with Chromium's sandbox on. As root it is off otherwise. */
  readonly sandboxed?: boolean;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Use this HOME, and leave it there at the end: for tests that start the app twice. */
  readonly home?: string;
}

const isRoot = process.getuid?.() === 0;

/** The Electron that `npm test` chose, or the one set-up would choose when a test file is run by hand. */
export async function electronPath(): Promise<string> {
  return process.env['COUNTERSIGN_ELECTRON'] ?? (await ensureElectron()).electronPath;
}

function baseEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const env = Object.fromEntries(entries);
  for (const name of ['ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME']) {
    delete env[name];
  }
  return env;
}

export async function launchApp(options: LaunchOptions = {}): Promise<LaunchedApp> {
  const program = await electronPath();
  if (options.sandboxed && isRoot) {
    const user = await becomeOrdinaryUser(program);
    const app = await _electron.launch({
      executablePath: user.launcher,
      args: [user.appFolder, ...(options.args ?? [])],
      cwd: user.home,
      env: { ...baseEnvironment(), ...user.env, ...options.env },
      chromiumSandbox: true,
    });
    return { app, home: user.home, close: () => app.close().finally(user.remove) };
  }
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'countersign-home-')));
  const runtimeFolder = join(home, '.run');
  await mkdir(runtimeFolder, { recursive: true, mode: 0o700 });
  const app = await _electron.launch({
    executablePath: program,
    args: [...(isRoot ? ['--no-sandbox'] : []), repositoryRoot, ...(options.args ?? [])],
    cwd: repositoryRoot,
    env: { ...baseEnvironment(), HOME: home, XDG_RUNTIME_DIR: runtimeFolder, ...options.env },
    chromiumSandbox: !isRoot,
  });
  const remove = async () => {
    if (options.home === undefined) await rm(home, { recursive: true, force: true });
  };
  return { app, home, close: () => app.close().finally(remove) };
}
