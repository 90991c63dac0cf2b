/**
 * `npm start`: set up, then open the app. Where there is no display, the walkthrough shows it instead, in a virtual
 * one; `npm start -- --walkthrough` runs the walkthrough in sight. Other arguments go to the app.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasDisplay, withDisplay } from './display.mjs';
import { repositoryRoot } from './places.mjs';
import { sandboxSwitches } from './runtime-health.mjs';
import { fail, SetUpError, say, warn } from './say.mjs';
import { setUp } from './setup.mjs';

/**
 * @param {string} program @param {readonly string[]} args @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} its exit status; signals to us are passed on to it
 */
function runInSight(program, args, env) {
  const child = spawn(program, args, { cwd: repositoryRoot, env, stdio: 'inherit' });
  const passOn = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal);
  process.on('SIGINT', passOn);
  process.on('SIGTERM', passOn);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new SetUpError(`${program} did not start: ${error.message}`)));
    child.once('exit', (code, signal) => {
      process.removeListener('SIGINT', passOn);
      process.removeListener('SIGTERM', passOn);
      if (signal) warn(`${program} was ended by ${signal}.`);
      resolve(code ?? 1);
    });
  });
}

/**
 * What the app and the programs that start it are told: COUNTERSIGN_ELECTRON, the runtime's program, and
 * COUNTERSIGN_ELECTRON_KIND, which of the runtimes it is (`override`, `official`, `old`).
 * @param {import('./electron-runtime.mjs').Runtime} runtime @param {NodeJS.ProcessEnv} base
 */
export function appEnvironment(runtime, base) {
  const { ELECTRON_RUN_AS_NODE: _unused, ...env } = base;
  return { ...env, COUNTERSIGN_ELECTRON: runtime.electronPath, COUNTERSIGN_ELECTRON_KIND: runtime.kind };
}

/** @returns {string} the built walkthrough, a program for Node */
export function walkthroughProgram() {
  const program = join(repositoryRoot, 'dist', 'walkthrough', 'walkthrough.mjs');
  if (!existsSync(program)) throw new SetUpError('The walkthrough is not built: test/walkthrough/run.ts is missing.');
  return program;
}

/** @param {readonly string[]} args @returns {Promise<number>} exit status */
async function start(args) {
  const asked = args.includes('--walkthrough');
  const rest = args.filter((arg) => arg !== '--walkthrough');
  const walkthrough = asked || !hasDisplay();
  const runtime = await setUp({ profile: walkthrough ? 'walkthrough' : 'app' });
  if (walkthrough) {
    if (!asked) say('• No display here: running the walkthrough in a virtual one.');
    await sandboxSwitches(runtime); // for its warning: the walkthrough starts the app itself
    const nodeArgs = [walkthroughProgram(), ...rest];
    return withDisplay((env) => runInSight(process.execPath, nodeArgs, appEnvironment(runtime, env)));
  }
  say(`• Opening Countersign with Electron ${runtime.version}.`);
  const appArgs = [...(await sandboxSwitches(runtime)), repositoryRoot, ...rest];
  return runInSight(runtime.electronPath, appArgs, appEnvironment(runtime, process.env));
}

if (process.argv[1]?.endsWith('start.mjs')) {
  start(process.argv.slice(2)).then((code) => process.exit(code), fail);
}
