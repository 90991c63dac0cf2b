/** The app started by itself, without anything that drives it: how soon it is there, and what it holds in the tray. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { repositoryRoot } from '../../main/launch/places.mjs';
import { electronPath } from '../support/electron-app.ts';
import { writeBareApp } from './bare-app.ts';
import { httpCaller } from './callers.mjs';
import { median } from './measure.mjs';
import { freePort, track } from './programs.mjs';

const run = promisify(execFile);
const idleForMs = 10_000;
const giveUpMs = 30_000;
const isRoot = process.getuid?.() === 0;

/** What runs: its folder, how long until it answers at all, and until it does its work (undefined where it has none). */
type Subject = { readonly appFolder: string; readonly url: string; work?(startedMs: number): Promise<void> };

async function startApp(program: string, home: string, { appFolder, url, work }: Subject) {
  mkdirSync(join(home, '.run'), { recursive: true, mode: 0o700 });
  const env = {
    ...process.env,
    HOME: home,
    XDG_RUNTIME_DIR: join(home, '.run'),
    COUNTERSIGN_DATA_FOLDER: join(home, '..', 'data'),
  };
  const startedMs = performance.now();
  const app = track(spawn(program, [...(isRoot ? ['--no-sandbox'] : []), appFolder], { env, stdio: 'ignore' }));
  while (!(await answers(url))) {
    if (app.exitCode !== null) throw new Error(`the app ended with ${app.exitCode}`);
    if (performance.now() - startedMs > giveUpMs) throw new Error('the app does not answer');
    await sleep(4);
  }
  const answersAfterMs = performance.now() - startedMs;
  await work?.(startedMs);
  return { app, answersAfterMs, worksAfterMs: performance.now() - startedMs };
}

/** Any answer will do: ours to a request without a key is a refusal. */
function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const outgoing = request(url, { method: 'POST', agent: false }, (incoming) => {
      incoming.resume();
      incoming.once('end', () => resolve(true));
    });
    outgoing.once('error', () => resolve(false));
    outgoing.end('{}');
  });
}

/** A read of its upstream server, which has to be there again too. */
async function readOnce(url: string, key: string, startedMs: number): Promise<void> {
  const caller = await httpCaller({ url, headers: { authorization: `Bearer ${key}` } });
  const read = () =>
    caller.call('read_note', 'hello').then(
      () => true,
      () => false,
    );
  while (!(await read())) {
    if (performance.now() - startedMs > giveUpMs) throw new Error('the app does not read');
    await sleep(4);
  }
  caller.close();
}

async function end(app: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => app.once('exit', resolve));
  app.kill('SIGTERM');
  await exited;
  await sleep(300); // its children go a moment later
}

/** Process ids of it and of all it started that run the same program: servers and tools it started are not the app. */
function processesOf(pid: number, program: string): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // gone meanwhile
    }
  }
  const isOurs = (candidate: number | undefined): boolean =>
    candidate === pid || (candidate !== undefined && candidate > 1 && isOurs(parents.get(candidate)));
  const runs = (candidate: number): boolean => {
    try {
      return readlinkSync(`/proc/${candidate}/exe`) === program;
    } catch {
      return false;
    }
  };
  return [...parents.keys()].filter((candidate) => isOurs(candidate) && runs(candidate));
}

function pssMiB(pids: readonly number[]): number {
  const kibibytes = pids.map((pid) => {
    const found = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return Number(found?.[1] ?? Number.NaN);
  });
  return kibibytes.reduce((sum, each) => sum + each, 0) / 1024;
}

/** As a person does: the window is in front, and the keys of the window manager close it. */
async function closeDashboard(): Promise<void> {
  const { stdout } = await run('xdotool', ['search', '--onlyvisible', '--name', '^Countersign$']);
  const [window = ''] = stdout.trim().split('\n');
  await run('xdotool', ['windowactivate', '--sync', window, 'key', 'alt+F4']);
}

type Measured = { readonly answersMs: number[]; readonly worksMs: number[]; withWindowMiB: number; inTrayMiB: number };

async function once(
  program: string,
  home: string,
  subject: Subject,
  measured: Measured,
  isLast: boolean,
): Promise<void> {
  const { app, answersAfterMs, worksAfterMs } = await startApp(program, home, subject);
  measured.answersMs.push(answersAfterMs);
  measured.worksMs.push(worksAfterMs);
  if (isLast) {
    await sleep(idleForMs);
    measured.withWindowMiB = pssMiB(processesOf(app.pid ?? 0, program));
    await closeDashboard();
    await sleep(idleForMs);
    measured.inTrayMiB = pssMiB(processesOf(app.pid ?? 0, program));
  } else {
    await sleep(1_000);
  }
  await end(app);
}

/** In turns with a bare app on the same runtime: that is what Electron itself takes. */
export async function benchIdle(folder: string, url: string, key: string, starts: number) {
  const program = await electronPath();
  const barePort = await freePort();
  const subjects: readonly Subject[] = [
    { appFolder: repositoryRoot, url, work: (startedMs) => readOnce(url, key, startedMs) },
    { appFolder: writeBareApp(folder, barePort), url: `http://127.0.0.1:${barePort}/` },
  ];
  const none = (): Measured => ({ answersMs: [], worksMs: [], withWindowMiB: Number.NaN, inTrayMiB: Number.NaN });
  const [ours, bare] = [none(), none()];
  for (let start = 0; start < starts; start += 1) {
    for (const [index, subject] of subjects.entries())
      await once(program, join(folder, `home-${index}`), subject, index === 0 ? ours : bare, start === starts - 1);
  }
  const mib = (value: number) => ({ value, unit: 'MiB' });
  return {
    'spawn → bridge answers': {
      value: median(ours.answersMs),
      unit: 'ms',
      target: 800,
      limit: 1_500,
      note: `${starts} starts`,
    },
    'spawn → a read is answered': { value: median(ours.worksMs), unit: 'ms' },
    'a bare app: spawn → it answers': { value: median(bare.answersMs), unit: 'ms' },
    'PSS, dashboard open': mib(ours.withWindowMiB),
    'PSS, idle in the tray': { ...mib(ours.inTrayMiB), target: 220, limit: 300 },
    'a bare app: PSS, window open': mib(bare.withWindowMiB),
    'a bare app: PSS, window closed': mib(bare.inTrayMiB),
  };
}
