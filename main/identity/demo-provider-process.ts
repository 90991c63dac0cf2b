/**
 * Starts the demo provider as a child of system Node, reads its ready line, starts it again on the same address when it
 * ends by itself, and ends it with us.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { z } from 'zod';
import { AppError } from '../../mcp-bridge/core/errors.ts';

const readyLine = z.object({ issuer: z.url(), clientId: z.string(), pid: z.int() });
type Ready = z.infer<typeof readyLine>;

const readyWithinMs = 20_000;
const mostRestarts = 3;
const restartAfterMs = 500;
const oldestNode = 20; // oidc-provider's own limit

export type DemoProvider = {
  readonly issuer: string;
  readonly oauthClientId: string;
  /** Of the child that serves now. */
  pid(): number | undefined;
  stop(): void;
};

/** @throws AppError 'identity.sign-in-failed' */
export async function startDemoProvider(entry: string, stateFolder: string): Promise<DemoProvider> {
  const node = await systemNode(process.env['PATH'] ?? '');
  let child: ChildProcess | undefined;
  let stopped = false;
  let restarts = 0;

  async function start(port?: string): Promise<Ready> {
    const onPort = port === undefined ? [] : ['--port', port];
    const started = spawn(node, [entry, '--state', stateFolder, ...onPort], {
      stdio: ['pipe', 'pipe', 'inherit'], // standard input stays open as long as we live: its end is the child's end
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NODE_NO_WARNINGS: '1' },
    });
    child = started;
    started.stdin?.on('error', () => {}); // it may have ended first
    try {
      const ready = readyLine.parse(JSON.parse(await firstLine(started)));
      started.once('exit', () => restart(new URL(ready.issuer).port));
      return ready;
    } catch (cause) {
      started.kill();
      throw new AppError('identity.sign-in-failed', 'the demo provider did not become ready', { cause });
    }
  }

  /** The same port, since the issuer's name is made of it; a sign-in from before goes on. */
  function restart(port: string): void {
    if (stopped || restarts >= mostRestarts) return;
    restarts += 1;
    setTimeout(() => {
      if (!stopped) start(port).catch(() => restart(port));
    }, restartAfterMs).unref();
  }

  const { issuer, clientId } = await start();
  return {
    issuer,
    oauthClientId: clientId,
    pid: () => child?.pid,
    stop() {
      stopped = true;
      child?.kill();
    },
  };
}

/** This process itself where it is Node; else the first `node` of the PATH that is new enough, by its absolute path. */
export async function systemNode(
  searchPath: string,
  isElectron = process.versions['electron'] !== undefined,
): Promise<string> {
  if (!isElectron) return process.execPath;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  // A relative folder on the PATH would run whatever lies where we happen to stand.
  const folders = searchPath.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  for (const file of folders.map((folder) => path.join(folder, name))) {
    if (fs.existsSync(file) && (await isNewEnough(file))) return file;
  }
  throw new AppError(
    'identity.sign-in-failed',
    `there is no Node ${oldestNode} or newer on the PATH for the demo provider`,
  );
}

async function isNewEnough(file: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(file, ['--version'], { timeout: 5_000 });
    return Number(/^v(\d+)\./.exec(stdout)?.[1] ?? 0) >= oldestNode;
  } catch {
    return false;
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('not ready in time')), readyWithinMs);
    const done = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
    };
    child.once('error', (error) => done(() => reject(error)));
    child.once('exit', () => done(() => reject(new Error('it ended'))));
    if (child.stdout) createInterface({ input: child.stdout }).once('line', (line) => done(() => resolve(line)));
  });
}
