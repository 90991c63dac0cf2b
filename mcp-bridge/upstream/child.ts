/**
 * An upstream's process: started without a shell, in a process group of its own, with only three descriptors, and
 * ended as a group (LO-17, LO-19). Its stderr is kept short and is untrusted.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { visibleText } from '../core/display/show-invisible.ts';
import { FloodGate } from './flood-gate.ts';
import type { Guardian } from './guardian.ts';

const STDERR_BYTES = 8 * 1024;
/** Of up to 64 KiB. SECURITY(MC-40): one that writes more waits in its own pipe. */
const STDERR_CHUNKS_PER_SECOND = 200;
const GRACE_MS = 2_000;
const DRAIN_MS = 500;

export type ChildCommand = {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
};

export class Child {
  readonly pid: number | undefined;
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves with why it ended: exit status or signal, and the last line it wrote to stderr. Never rejects. */
  readonly exited: Promise<string>;
  #stderr = '';
  #alive = true;

  constructor(command: ChildCommand, guardian: Guardian) {
    const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(command.file, command.args, {
      cwd: command.cwd,
      env: command.environment,
      shell: false,
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.pid = child.pid;
    this.stdin = child.stdin;
    this.stdout = child.stdout;
    // A write to a dead child is seen by its exit; without a listener it would end this process.
    child.stdin.on('error', () => {});
    child.stdout.on('error', () => {});
    child.stderr.on('error', () => {});
    const flood = new FloodGate(STDERR_CHUNKS_PER_SECOND);
    child.stderr.on('data', (chunk: Buffer) => {
      flood.count(child.stderr);
      this.#stderr = (this.#stderr + chunk.subarray(-STDERR_BYTES).toString('utf8')).slice(-STDERR_BYTES);
    });
    if (child.pid !== undefined) guardian.add(child.pid);
    this.exited = new Promise((resolve) => {
      const end = (reason: string) => {
        const lastWords = this.lastWords();
        resolve(lastWords === '' ? reason : `${reason}: ${lastWords}`);
      };
      child.once('error', (error: NodeJS.ErrnoException) => {
        this.#over(guardian);
        end(`could not be started (${error.code ?? 'unknown'})`);
      });
      child.once('exit', (status, signal) => {
        this.#over(guardian);
        // What it wrote in its last moment is still in the pipe. Somebody else may hold the other end, so not for long.
        const drained = () => {
          clearTimeout(timer);
          this.stdout.destroy();
          end(signal === null ? `ended with status ${status}` : `ended by ${signal}`);
        };
        const timer = setTimeout(drained, DRAIN_MS);
        child.once('close', drained);
      });
    });
  }

  #over(guardian: Guardian): void {
    this.#alive = false;
    if (this.pid === undefined) return;
    // What the leader started must not outlive it.
    this.#signalGroup('SIGKILL');
    guardian.remove(this.pid);
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** The last line of stderr, made inert, at most 300 characters. */
  lastWords(): string {
    const lines = this.#stderr.split(/\r?\n/).filter((line) => line.trim() !== '');
    return visibleText((lines.at(-1) ?? '').slice(0, 300));
  }

  /** Closes stdin, then asks with SIGTERM, then kills; resolves when the leader is gone. */
  async end(graceMs: number = GRACE_MS): Promise<void> {
    if (!this.#alive) return;
    this.stdin.end();
    this.#signalGroup('SIGTERM');
    const timer = setTimeout(() => this.#signalGroup('SIGKILL'), graceMs);
    await this.exited;
    clearTimeout(timer);
  }

  kill(): void {
    if (this.#alive) this.#signalGroup('SIGKILL');
  }

  #signalGroup(signal: NodeJS.Signals): void {
    if (this.pid === undefined) return;
    try {
      process.kill(process.platform === 'win32' ? this.pid : -this.pid, signal);
    } catch {
      // ESRCH: nobody is left in the group.
    }
  }
}
