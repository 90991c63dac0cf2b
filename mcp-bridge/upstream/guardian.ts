/**
 * Ends the process groups of upstreams when this process dies without a chance to do it itself (kill -9, crash).
 *
 * A shell with a fixed text, in a session of its own, reads what we start and end from a pipe. When the pipe closes
 * with groups left, their keeper is gone, and it kills them (LO-19). Nothing configurable ever reaches its command line.
 */
import { type ChildProcess, spawn } from 'node:child_process';

const SCRIPT = `
groups=""
while read -r verb group; do
  case "$group" in ''|*[!0-9]*) continue ;; esac
  kept=""
  for one in $groups; do [ "$one" = "$group" ] || kept="$kept $one"; done
  groups="$kept"
  [ "$verb" = add ] && groups="$groups $group"
done
for group in $groups; do kill -TERM "-$group" 2>/dev/null; done
[ -n "$groups" ] && sleep 1
for group in $groups; do kill -KILL "-$group" 2>/dev/null; done
`;

const RESTART_MS = 1_000;

export class Guardian {
  #shell: ChildProcess | undefined;
  readonly #groups = new Set<number>();

  add(group: number): void {
    this.#groups.add(group);
    if (process.platform === 'win32') return;
    if (this.#shell?.exitCode === null && this.#shell.signalCode === null) this.#say('add', group);
    else this.#start();
  }

  remove(group: number): void {
    this.#groups.delete(group);
    this.#say('del', group);
    // Without anything to guard it ends, so that a process which used upstreams once leaves nothing behind.
    if (this.#groups.size === 0) {
      this.#shell?.stdin?.end();
      this.#shell = undefined;
    }
  }

  #start(): void {
    const shell = spawn('/bin/sh', ['-c', SCRIPT], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: '/usr/bin:/bin' },
      cwd: '/',
    });
    shell.on('error', () => {});
    // Whoever ends it, such as a server that wants to outlive us, has a second at most.
    shell.once('exit', () => {
      if (this.#shell !== shell) return;
      this.#shell = undefined;
      setTimeout(() => {
        if (this.#shell === undefined && this.#groups.size > 0) this.#start();
      }, RESTART_MS).unref();
    });
    shell.stdin.on('error', () => {});
    shell.unref();
    (shell.stdin as unknown as { unref?: () => void }).unref?.();
    this.#shell = shell;
    for (const group of this.#groups) this.#say('add', group);
  }

  #say(verb: 'add' | 'del', group: number): void {
    this.#shell?.stdin?.write(`${verb} ${group}\n`);
  }
}
