/** SECURITY(EL-01): the claim is about the kernel's own view of the renderer, not about a setting of ours. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { type LaunchedApp, launchApp } from '../../support/electron-app.ts';

interface ProcessView {
  readonly commandLine: string;
  readonly seccomp: string;
  readonly pidNamespace: string;
  readonly userId: string;
}

function viewOf(pid: number | string): ProcessView {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? 'unknown';
  return {
    commandLine: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '),
    seccomp: field('Seccomp'),
    pidNamespace: readlinkSync(`/proc/${pid}/ns/pid`),
    userId: field('Uid'),
  };
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        return new RegExp(`^PPid:\\s+${pid}$`, 'm').test(readFileSync(`/proc/${candidate}/status`, 'utf8'));
      } catch {
        return false; // gone meanwhile
      }
    })
    .flatMap((child) => [child, ...childrenOf(child)]);
}

test.describe('on Linux, as an ordinary user', () => {
  test.skip(process.platform !== 'linux', 'reads /proc');
  let launched: LaunchedApp;

  test.beforeEach(async () => {
    launched = await launchApp({ sandboxed: true });
    await launched.app.firstWindow();
  });
  test.afterEach(() => launched.close());

  test('every renderer runs under seccomp, in a PID namespace of its own', () => {
    const mainPid = launched.app.process().pid ?? 0;
    const main = viewOf(mainPid);
    const renderers = childrenOf(mainPid)
      .map(viewOf)
      .filter(({ commandLine }) => commandLine.includes('--type=renderer'));
    expect(main.userId).not.toBe('0');
    expect(renderers.length).toBeGreaterThan(0);
    for (const renderer of renderers) {
      expect(renderer.commandLine).not.toContain('--no-sandbox');
      expect(renderer.seccomp).toBe('2');
      expect(renderer.pidNamespace).not.toBe(main.pidNamespace);
    }
  });

  test('a page has neither Node nor a way to load code of its own', async () => {
    const page = await launched.app.firstWindow();
    expect(
      await page.evaluate(() => [typeof Reflect.get(globalThis, 'require'), typeof Reflect.get(globalThis, 'process')]),
    ).toEqual(['undefined', 'undefined']);
  });
});
