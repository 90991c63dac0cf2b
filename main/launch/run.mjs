/** Child processes of set-up: no shell, no terminal input, output collected or passed through, a time limit when asked. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * @typedef {{ code: number, stdout: string, stderr: string, timedOut: boolean }} Finished
 * @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, inherit?: boolean, timeoutMs?: number }} RunOptions
 */

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Finished>} never rejects for a non-zero exit; a command that cannot start has code 127
 */
export function run(command, args, { cwd, env = process.env, inherit = false, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', inherit ? 'inherit' : 'pipe', inherit ? 'inherit' : 'pipe'],
      windowsHide: true,
    });
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
            // A grandchild may still hold the pipes; what was asked for is over all the same.
            child.stdout?.destroy();
            child.stderr?.destroy();
          }, timeoutMs);
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    const finish = (/** @type {number} */ code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr, timedOut });
    };
    child.once('error', (error) => {
      stderr += error.message;
      finish(127);
    });
    child.once('close', (code) => finish(code ?? 1));
  });
}

/**
 * npm as the person runs it: the npm that runs us when there is one, the one on PATH otherwise.
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export function runNpm(args, options) {
  const npmCli = process.env['npm_execpath'];
  if (npmCli?.endsWith('.js')) return run(process.execPath, [npmCli, ...args], options);
  if (process.platform === 'win32') return run('cmd.exe', ['/d', '/s', '/c', 'npm', ...args], options);
  return run('npm', args, options);
}

/**
 * @param {string} name of a program
 * @param {string} [searchPath] in PATH syntax
 * @returns {string | undefined} where it is
 */
export function findProgram(name, searchPath = `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`) {
  for (const folder of searchPath.split(delimiter)) {
    if (folder === '') continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not here
    }
  }
  return undefined;
}

/** @returns {boolean} whether this process may do what only an administrator may */
export function isRoot() {
  return process.getuid?.() === 0;
}
