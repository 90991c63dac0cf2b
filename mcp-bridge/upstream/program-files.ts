/**
 * Which files a command line runs, so that the pin covers them: the script of an interpreter, what is loaded before it,
 * and what a wrapper such as `env` or `nice` starts (MC-04). What a script is given as its own arguments is data.
 */
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const INTERPRETERS = /^(?:node|nodejs|bun|deno|python[0-9.]*|pypy[0-9.]*|ruby|perl|bash|sh|zsh|dash|php|java|lua)$/;
const WRAPPERS =
  /^(?:env|nice|ionice|nohup|timeout|stdbuf|setsid|time|chrt|taskset|unbuffer|xvfb-run|dbus-run-session)$/;
/** Options whose value is the next argument, and may be a file that is run or read before the script. */
const WITH_VALUE =
  /^(?:-r|--require|--import|--(?:experimental-)?loader|--preload|--env-file(?:-if-exists)?|-C|--conditions|-W|-X|-I|-jar)$/;
/** The program itself stands on the command line, where it is shown; or it is a module that is looked up by its name. */
const INLINE = /^(?:-e|--eval|-p|-pe|--print|-c|-m|-E)$/;

export type ProgramFiles = { readonly script?: string | undefined; readonly loadedBefore: readonly string[] };

/** `find` looks a program up as the command itself was looked up. */
export function programFiles(
  file: string,
  args: readonly string[],
  cwd: string,
  find: (command: string) => string | undefined,
): ProgramFiles {
  const name = programName(file);
  if (INTERPRETERS.test(name)) return scriptOf(args, cwd);
  if (!WRAPPERS.test(name)) return { loadedBefore: [] };
  const index = args.findIndex((argument) => !/^-|=/.test(argument) && find(argument) !== undefined);
  const started = index === -1 ? undefined : find(args[index] ?? '');
  if (started === undefined) return { loadedBefore: [] };
  const { script, loadedBefore } = programFiles(started, args.slice(index + 1), cwd, find);
  const isShared = INTERPRETERS.test(programName(started)) || WRAPPERS.test(programName(started));
  return { loadedBefore: [...(isShared ? [] : [started]), ...loadedBefore, ...(script === undefined ? [] : [script])] };
}

export function programName(file: string): string {
  return (file.split(/[\\/]/).pop() ?? '').replace(/\.(?:exe|cmd)$/i, '');
}

function scriptOf(args: readonly string[], cwd: string): ProgramFiles {
  const loadedBefore: string[] = [];
  const load = (value: string | undefined) => {
    const path = value === undefined ? undefined : fileOf(value, cwd);
    if (path !== undefined) loadedBefore.push(path);
  };
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    if (INLINE.test(argument)) break;
    if (WITH_VALUE.test(argument)) {
      index += 1;
      load(args[index]);
    } else if (argument.startsWith('-')) load(/^--?[\w-]+=(.+)$/s.exec(argument)?.[1]);
    else {
      const script = fileOf(argument, cwd);
      if (script !== undefined) return { script, loadedBefore };
    }
  }
  return { loadedBefore };
}

/** The file that a path or a file address means; of a folder, the one that Node would run. */
function fileOf(value: string, cwd: string): string | undefined {
  try {
    const path = value.startsWith('file:') ? fileURLToPath(value) : resolve(cwd, value);
    if (!existsSync(path)) return undefined;
    const stats = statSync(path);
    if (stats.isDirectory()) return createRequire(join(path, 'x')).resolve(path);
    return stats.isFile() ? path : undefined;
  } catch {
    return undefined;
  }
}
