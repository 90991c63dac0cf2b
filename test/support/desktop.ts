/**
 * The real app under a real window manager: started by Playwright, answered with the X server's own input events. What
 * is clicked is found by role and name; where it is on the screen comes from the window.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ElectronApplication, Locator, Page } from 'playwright';
import { launchApp } from './electron-app.ts';

const run = promisify(execFile);

export type Desktop = {
  readonly app: ElectronApplication;
  readonly dashboard: Page;
  readonly approval: Page;
  readonly dataFolder: string;
  /** Addresses the app asked the system browser to open, in order. */
  openedAddresses(): readonly string[];
  close(): Promise<void>;
};

export type DesktopOptions = {
  readonly dataFolder: string;
  readonly environment?: Readonly<Record<string, string>>;
};

export async function openDesktop({ dataFolder, environment }: DesktopOptions): Promise<Desktop> {
  const browserLog = `${dataFolder}-opened.txt`;
  const programs = browserCatcher(browserLog);
  const { app, close } = await launchApp({
    env: {
      ...environment,
      PATH: `${programs}${path.delimiter}${process.env['PATH'] ?? ''}`,
      COUNTERSIGN_DATA_FOLDER: dataFolder,
    },
  });
  const [dashboard, approval] = await Promise.all([surface(app, 'dashboard'), surface(app, 'approval')]);
  return {
    app,
    dashboard,
    approval,
    dataFolder,
    openedAddresses: () =>
      fs.existsSync(browserLog) ? fs.readFileSync(browserLog, 'utf8').split('\n').filter(Boolean) : [],
    async close() {
      await close().catch(() => {});
      fs.rmSync(programs, { recursive: true, force: true });
      fs.rmSync(browserLog, { force: true });
    },
  };
}

/** `shell.openExternal` runs `xdg-open` from PATH: ours writes the address down for the browser that the test drives. */
function browserCatcher(log: string): string {
  const folder = fs.mkdtempSync(`${log}-bin-`);
  fs.writeFileSync(path.join(folder, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$1" >> '${log}'\n`, { mode: 0o755 });
  return folder;
}

async function surface(app: ElectronApplication, name: 'dashboard' | 'approval'): Promise<Page> {
  const address = `app://countersign/${name}/`;
  const deadlineMs = Date.now() + 30_000;
  for (;;) {
    const page = app.windows().find((window) => window.url().startsWith(address));
    if (page) return page;
    if (Date.now() > deadlineMs) throw new Error(`the ${name} window did not open`);
    await pause(50);
  }
}

/** Moves the pointer there and presses the button, as a hand would: XTEST events through the X server. */
export async function clickOnScreen(page: Page, target: Locator): Promise<void> {
  const { x, y } = await onScreen(page, target);
  await run('xdotool', ['mousemove', String(x - 7), String(y - 3), 'mousemove', String(x), String(y)]);
  await run('xdotool', ['click', '1']);
}

/** Moves the pointer over it and rests there. */
export async function pointAt(page: Page, target: Locator): Promise<void> {
  const { x, y } = await onScreen(page, target);
  await run('xdotool', ['mousemove', String(x - 7), String(y - 3), 'mousemove', String(x), String(y)]);
}

/** Turns the wheel where the pointer is. */
export async function wheelDown(notches: number): Promise<void> {
  await run('xdotool', ['click', '--repeat', String(notches), '--delay', '5', '5']);
}

export async function typeOnScreen(text: string): Promise<void> {
  await run('xdotool', ['type', '--delay', '15', '--', text]);
}

export async function pressKey(key: string): Promise<void> {
  await run('xdotool', ['key', key]);
}

async function onScreen(page: Page, target: Locator): Promise<{ x: number; y: number }> {
  const box = await target.boundingBox();
  if (!box) throw new Error(`not on the page: ${target}`);
  const origin = await page.evaluate(() => ({
    x: window.screenX + (window.outerWidth - window.innerWidth) / 2,
    y: window.screenY + (window.outerHeight - window.innerHeight),
    scale: window.devicePixelRatio,
  }));
  return {
    x: Math.round((origin.x + box.x + box.width / 2) * origin.scale),
    y: Math.round((origin.y + box.y + box.height / 2) * origin.scale),
  };
}

/** Is the native window on screen? Asked of main, because a page cannot tell. */
export async function isShown(desktop: Desktop, surfaceName: 'dashboard' | 'approval'): Promise<boolean> {
  return desktop.app.evaluate(
    ({ BrowserWindow }, name) =>
      BrowserWindow.getAllWindows().some(
        (window) => window.webContents.getURL().includes(`/${name}/`) && window.isVisible(),
      ),
    surfaceName,
  );
}

export async function until<Value>(
  what: string,
  look: () => Promise<Value | undefined | false> | Value | undefined | false,
  withinMs = 15_000,
): Promise<Value> {
  const deadlineMs = Date.now() + withinMs;
  for (;;) {
    const value = await look();
    if (value) return value;
    if (Date.now() > deadlineMs) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await pause(40);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
