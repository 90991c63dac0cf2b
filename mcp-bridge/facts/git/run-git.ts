/**
 * Asks git itself, in a repository that may be hostile: its configuration, attributes and hooks must not run anything,
 * reach the network, wait for anyone, or write (CL-11, LO-18).
 *
 * No command here compares the working tree: that would run the clean filters which a repository configures.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { Unreadable } from '../unreadable.ts';

type GitRun = {
  /** Folder inside the work tree. */
  readonly folder: string;
  readonly arguments: readonly string[];
  readonly input?: string | undefined;
  /** Exit statuses that are an answer; default only 0. */
  readonly accept?: readonly number[] | undefined;
};
type GitResult = { readonly status: number; readonly output: Buffer };
/** Rejects with Unreadable. */
export type Git = (run: GitRun) => Promise<GitResult>;

type GitOptions = {
  readonly gitPath: string;
  /** Home folder and author variables that the git server runs with. */
  readonly serverEnvironment: { readonly [name: string]: string };
  readonly signal: AbortSignal;
};

const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;

const HARDENING = [
  'core.fsmonitor=false', // would start a program
  'core.untrackedCache=false',
  'core.pager=cat',
  'core.sshCommand=false',
  'credential.helper=',
  'diff.external=',
  'log.showSignature=false', // would start gpg.program
  'log.mailmap=false',
  'protocol.allow=never',
  'safe.bareRepository=explicit', // a folder that only looks like a repository is none
  'submodule.recurse=false',
].flatMap((setting) => ['-c', setting]);

export function hardenedGit({ gitPath, serverEnvironment, signal }: GitOptions): Git {
  return ({ folder, arguments: gitArguments, input, accept = [0] }) =>
    new Promise((resolve, reject) => {
      const child = spawn(gitPath, ['--no-pager', ...HARDENING, ...gitArguments], {
        cwd: folder,
        env: safeEnvironment(serverEnvironment),
        stdio: ['pipe', 'pipe', 'ignore'],
        windowsHide: true,
        signal,
        killSignal: 'SIGKILL',
      });
      const chunks: Buffer[] = [];
      let bytes = 0;
      const fail = (reason: string) => reject(new Unreadable(reason));
      child.stdout.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes <= MAX_OUTPUT_BYTES) return;
        child.kill('SIGKILL');
        fail('The change is too large to be read.');
      });
      child.on('error', () => fail(signal.aborted ? 'git took too long.' : 'git could not be started.'));
      child.on('close', (status) => {
        if (status === null) fail('git took too long.');
        else if (accept.includes(status)) resolve({ status, output: Buffer.concat(chunks) });
        else fail('git refused to read the repository.');
      });
      child.stdin.on('error', () => undefined); // git may end before it has read all of its input
      child.stdin.end(input ?? '');
    });
}

/** INVARIANT: no GIT_* variable of ours reaches git, only those set here. */
function safeEnvironment(server: { readonly [name: string]: string }): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'USERPROFILE', 'XDG_CONFIG_HOME', 'SystemRoot', 'TMPDIR', 'TEMP'];
  const inherited = Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  return {
    ...inherited,
    ...server,
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'false',
    GIT_PAGER: 'cat',
    GIT_EDITOR: 'false',
    // Overrules what the repository's own configuration allows, so nothing is fetched while objects are read.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
  };
}

/** SECURITY(LO-18): an absolute path; a `git` in the current folder or behind a relative PATH entry never counts. */
export function findGit(): string | undefined {
  const name = process.platform === 'win32' ? 'git.exe' : 'git';
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
