/**
 * A private virtual display: Xvfb with a cookie of its own and openbox as window manager (always-on-top and focus need
 * one). Both are children of ours and are ended by process id.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, run } from './run.mjs';
import { SetUpError } from './say.mjs';

const startTimeoutMs = 15_000;
const size = '1600x1000x24';

/** @typedef {{ env: { DISPLAY: string, XAUTHORITY: string }, stop: () => Promise<void> }} VirtualDisplay */

export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<void>} */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), 2_000);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
    child.kill('SIGTERM');
  });
}

/**
 * Xvfb picks a free number itself and writes it to descriptor 3.
 * @param {string} authority file with the cookie
 * @returns {Promise<{ xvfb: import('node:child_process').ChildProcess, number: string }>}
 */
function startXvfb(authority) {
  const args = ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp', '-auth', authority, '-noreset'];
  const xvfb = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let errors = '';
    let number = '';
    const giveUp = (/** @type {string} */ reason) => {
      clearTimeout(timer);
      xvfb.kill('SIGKILL');
      reject(new SetUpError(`The virtual display did not start: ${reason}\n${errors.trim()}`));
    };
    const timer = setTimeout(() => giveUp(`no answer in ${startTimeoutMs / 1000} s`), startTimeoutMs);
    xvfb.once('error', (error) => giveUp(error.message));
    xvfb.once('exit', (code) => giveUp(`it ended with ${code}`));
    xvfb.stderr?.on('data', (chunk) => {
      errors = `${errors}${chunk}`.slice(-2_000);
    });
    xvfb.stdio[3]?.on('data', (chunk) => {
      number += chunk;
      if (!number.includes('\n')) return;
      clearTimeout(timer);
      xvfb.removeAllListeners('exit');
      resolve({ xvfb, number: number.trim() });
    });
  });
}

/** @returns {Promise<VirtualDisplay>} */
export async function startDisplay() {
  for (const program of ['Xvfb', 'xauth', 'openbox']) {
    if (!findProgram(program))
      throw new SetUpError(`${program} is missing: run node main/launch/setup.mjs walkthrough`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'countersign-display-'));
  const authority = join(folder, 'authority');
  const cookie = randomBytes(16).toString('hex');
  // The server takes any cookie of its file; clients look for the one under the display's number, known only later.
  await run('xauth', ['-q', '-f', authority, 'add', ':0', 'MIT-MAGIC-COOKIE-1', cookie]);
  const { xvfb, number } = await startXvfb(authority);
  const env = { DISPLAY: `:${number}`, XAUTHORITY: authority };
  await run('xauth', ['-q', '-f', authority, 'add', env.DISPLAY, 'MIT-MAGIC-COOKIE-1', cookie]);
  const openbox = spawn('openbox', ['--sm-disable'], { env: { ...process.env, ...env }, stdio: 'ignore' });
  openbox.once('error', () => {}); // its absence was reported above; a failure shows as windows without focus
  return {
    env,
    stop: async () => {
      await end(openbox);
      await end(xvfb);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * @template T
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} use gets the environment for its children
 * @returns {Promise<T>} with the display there is, or else with one of our own that is gone afterwards
 */
export async function withDisplay(use) {
  if (hasDisplay()) return use(process.env);
  const display = await startDisplay();
  const onSignal = () => void display.stop().then(() => process.exit(130));
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    return await use({ ...process.env, ...display.env });
  } finally {
    process.removeListener('SIGINT', onSignal);
    process.removeListener('SIGTERM', onSignal);
    await display.stop();
  }
}
