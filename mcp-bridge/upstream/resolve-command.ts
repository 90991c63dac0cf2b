/**
 * From the command as configured to the file that will run: looked up on PATH once, symbolic links kept in view, its
 * bytes hashed, so that another file of the same name is another server (MC-04, LO-17, LO-18).
 *
 * For an interpreter the hash covers the program it is given (the script and the whole package around it); the
 * interpreter itself is pinned by its path only: whoever can replace it can replace this bridge too.
 */
import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { configuredPackage } from '../core/classify/profiles/configured-name.ts';
import { AppError } from '../core/errors.ts';
import { hashFile, hashPackageOf } from './hash-files.ts';
import { invalid, type StdioServerConfig } from './server-config.ts';

export type ResolvedCommand = {
  /** Absolute. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The exact argument vector, quoted so that it can be read one way only. */
  readonly endpoint: string;
  /** SHA-256, lower-case hex. */
  readonly executableHash: string;
  readonly packageName?: string | undefined;
};

const INTERPRETERS = /^(?:node|nodejs|bun|deno|python[0-9.]*|ruby|perl|bash|sh|zsh|dash|php|java)$/;
const PACKAGE_RUNNERS = /^(?:npx|pnpx|bunx|uvx|pipx|npm|pnpm|yarn|uv)$/;
const HARMLESS_OPTIONS = /^--(?:no-warnings|enable-source-maps|max-old-space-size=\d+)$/;

export type LocatedCommand = Omit<ResolvedCommand, 'executableHash'> & { readonly script?: string | undefined };

/** Looks up without reading; undefined when there is no such program. */
export function locateCommand(serverConfig: StdioServerConfig, searchPath: string): LocatedCommand | undefined {
  const { command, args } = serverConfig;
  const file = /[\0\n\r]/.test(command) ? undefined : find(command, searchPath);
  if (file === undefined) return undefined;
  const cwd = serverConfig.cwd ?? neutralFolder();
  const programName = (file.split(/[\\/]/).pop() ?? '').replace(/\.(?:exe|cmd)$/i, '');
  const script = INTERPRETERS.test(programName) ? scriptOf(args, cwd) : undefined;
  // SECURITY(MC-08): only the package that is started, never one that an option of the program overrules or joins.
  const packageName = PACKAGE_RUNNERS.test(programName)
    ? configuredPackage(programName, args)
    : script === undefined || startsAlone(script, args, cwd)
      ? packageNameOf(script ?? file)
      : undefined;
  return { file, args, cwd, endpoint: [file, ...args].map(quote).join(' '), packageName, script };
}

/** Throws AppError 'config.invalid' or 'upstream.refused' where the configuration is at fault. */
export async function resolveCommand(serverConfig: StdioServerConfig, searchPath: string): Promise<ResolvedCommand> {
  const where = `mcpServers.${serverConfig.serverId}.command`;
  const located = locateCommand(serverConfig, searchPath);
  if (located === undefined)
    throw invalid(where, `no program "${serverConfig.command}" was found; install it or give its full path`);
  // SECURITY(LO-17): Electron started as if it were Node would run with the app's own identity.
  if ('electron' in process.versions && realpathSync(located.file) === realpathSync(process.execPath))
    throw invalid(where, 'is this application itself; name the node program instead');
  try {
    const executableHash = await (located.script === undefined
      ? hashFile(located.file)
      : hashPackageOf(located.script));
    return { ...located, executableHash };
  } catch (cause) {
    throw new AppError('upstream.refused', `${where}: the program cannot be read`, { cause });
  }
}

/** SECURITY(LO-18): a folder in which nobody but the administrator can plant a file. */
function neutralFolder(): string {
  return process.platform === 'win32' ? (process.env['SYSTEMROOT'] ?? 'C:\\') : '/';
}

function find(command: string, searchPath: string): string | undefined {
  if (isAbsolute(command)) return isProgram(command) ? command : undefined;
  // SECURITY(LO-18): a relative path or an empty PATH entry would mean whatever folder the app was started in.
  if (/[\\/]/.test(command)) return undefined;
  const extensions = process.platform === 'win32' ? ['.exe', '.com', '.cmd'] : [''];
  for (const folder of searchPath.split(delimiter).filter(isAbsolute))
    for (const extension of extensions) {
      const candidate = join(folder, command + extension);
      if (isProgram(candidate)) return candidate;
    }
  return undefined;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function scriptOf(args: readonly string[], cwd: string): string | undefined {
  const path = args.find((argument) => !argument.startsWith('-') && existsSync(resolve(cwd, argument)));
  if (path === undefined) return undefined;
  const script = resolve(cwd, path);
  return statSync(script).isFile() ? script : undefined;
}

/** `node --import other.js script.js` runs more than the script. */
function startsAlone(script: string, args: readonly string[], cwd: string): boolean {
  const index = args.findIndex((argument) => resolve(cwd, argument) === script);
  return args.slice(0, index).every((argument) => HARMLESS_OPTIONS.test(argument));
}

function packageNameOf(path: string): string | undefined {
  const after = realpathSync(path).split(/[\\/]node_modules[\\/]/);
  const match = after.length > 1 ? /^(?:@[^\\/]+[\\/])?[^\\/]+/.exec(after.at(-1) ?? '') : null;
  return match?.[0].replace('\\', '/');
}

function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : JSON.stringify(argument);
}
