/**
 * From the command as configured to the file that will run: looked up on PATH once, symbolic links kept in view, its
 * bytes hashed, so that another file of the same name is another server (MC-04, LO-17, LO-18).
 *
 * For an interpreter the hash covers the program it is given (the script, the whole package around it, and what is
 * loaded before it); the interpreter itself is pinned by its path only: whoever can replace it can replace this bridge too.
 */
import { createHash } from 'node:crypto';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { configuredPackage } from '../core/classify/profiles/configured-name.ts';
import { AppError } from '../core/errors.ts';
import { hashFile, hashPackageOf } from './hash-files.ts';
import { type ProgramFiles, programFiles, programName } from './program-files.ts';
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

const PACKAGE_RUNNERS = /^(?:npx|pnpx|bunx|uvx|pipx|npm|pnpm|yarn|uv)$/;
const HARMLESS_OPTIONS = /^--(?:no-warnings|enable-source-maps|max-old-space-size=\d+)$/;

export type LocatedCommand = Omit<ResolvedCommand, 'executableHash'> & { readonly files: ProgramFiles };

/** Looks up without reading; undefined when there is no such program. */
export function locateCommand(serverConfig: StdioServerConfig, searchPath: string): LocatedCommand | undefined {
  const { command, args } = serverConfig;
  const file = /[\0\n\r]/.test(command) ? undefined : find(command, searchPath);
  if (file === undefined) return undefined;
  const cwd = serverConfig.cwd ?? neutralFolder();
  const name = programName(file);
  const files = programFiles(file, args, cwd, (program) => find(program, searchPath));
  const { script } = files;
  // SECURITY(MC-08): only the package that is started, never one that an option of the program overrules or joins.
  const packageName = PACKAGE_RUNNERS.test(name)
    ? configuredPackage(name, args)
    : script === undefined || startsAlone(script, args, cwd)
      ? packageNameOf(script ?? file)
      : undefined;
  return { file, args, cwd, endpoint: [file, ...args].map(quote).join(' '), packageName, files };
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
    return { ...located, executableHash: await hashOf(located) };
  } catch (cause) {
    throw new AppError('upstream.refused', `${where}: the program cannot be read`, { cause });
  }
}

async function hashOf({ file, files: { script, loadedBefore } }: LocatedCommand): Promise<string> {
  const main = await (script === undefined ? hashFile(file) : hashPackageOf(script));
  if (loadedBefore.length === 0) return main;
  const hash = createHash('sha256').update(main);
  for (const path of loadedBefore) hash.update(`\n${path}\0${await hashPackageOf(path)}`);
  return hash.digest('hex');
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
