/** Programs that a benchmark starts and ends: by their own process ids, and nothing else. */
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const readyMs = 30_000;
/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** @template {import('node:child_process').ChildProcess} T @param {T} child ended with all others @returns {T} */
export function track(child) {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** @param {readonly string[]} args for Node @param {NodeJS.ProcessEnv} [env] */
export function startProgram(args, env = process.env) {
  const child = track(spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints = `${complaints}${chunk}`.slice(-2_000);
  });
  return { child, complaints: () => complaints };
}

/** @param {readonly string[]} args for Node @param {number} [limitMs] @param {NodeJS.ProcessEnv} [env] @returns {Promise<any>} its first line, as JSON */
export async function startReady(args, limitMs = readyMs, env = process.env) {
  const { child, complaints } = startProgram(args, env);
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${args[0]} was not ready: ${complaints()}`)), limitMs);
    lines.once('line', (line) => {
      clearTimeout(timer);
      resolve({ ...JSON.parse(line), pid: child.pid });
    });
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}: ${complaints()}`)));
  });
}

/** @param {readonly string[]} args for Node @param {number} port it will listen on @param {NodeJS.ProcessEnv} [env] */
export async function startListening(args, port, env = process.env) {
  const { child, complaints } = startProgram(args, env);
  child.stdout.resume();
  for (const startedMs = Date.now(); Date.now() - startedMs < readyMs; await sleep(100)) {
    if (child.exitCode !== null) throw new Error(`${args[0]} ended with ${child.exitCode}: ${complaints()}`);
    if (await answers(port)) return;
  }
  throw new Error(`${args[0]} did not listen: ${complaints()}`);
}

/** @param {number} port @returns {Promise<boolean>} */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** @returns {Promise<number>} for programs that cannot choose one themselves */
export function freePort() {
  return new Promise((resolve) => {
    const holder = createServer().listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (holder.address());
      holder.close(() => resolve(port));
    });
  });
}

export async function endPrograms() {
  for (const child of running) child.kill('SIGTERM');
  for (let tries = 0; running.size > 0 && tries < 30; tries += 1) await sleep(100);
  for (const child of running) child.kill('SIGKILL');
}

/** @template T @param {string} what @param {number} limitMs @param {Promise<T>} work @returns {Promise<T>} */
export async function within(what, limitMs, work) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not done after ${limitMs / 1_000} s`)), limitMs);
  });
  try {
    return await Promise.race([work, /** @type {Promise<never>} */ (late)]);
  } finally {
    clearTimeout(timer);
  }
}
