/** Opens a built renderer in a plain Chromium with a fake of main behind it. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright';
import type { Surface } from '../../main/ipc/channel.ts';
import { channels, pushes } from '../../main/ipc/contract.ts';
import { type FakeReplies, type FakeSurface, installFakeSurface } from './fake-surface-api.ts';

const SYSTEM_CHROMIUMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];

export async function launchChromium(more: readonly string[] = []): Promise<Browser> {
  const executablePath = SYSTEM_CHROMIUMS.find((path) => existsSync(path));
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return await chromium.launch({ args: [...QUIET, ...asRoot, ...more], ...(executablePath ? { executablePath } : {}) });
}

export type Opened = {
  readonly page: Page;
  /** What the renderer asked of main on that channel so far. */
  readonly sent: (name: string) => Promise<readonly unknown[]>;
  readonly push: (name: string, payload: unknown) => Promise<void>;
  readonly answerWith: (name: string, reply: unknown) => Promise<void>;
  /** Errors of the page: scripts, policy violations. */
  readonly problems: readonly string[];
};

export type OpenOptions = {
  readonly replies: FakeReplies;
  readonly width?: number;
  readonly height?: number;
  readonly zoom?: number;
  readonly colorScheme?: 'light' | 'dark';
};

export async function openSurface(
  browser: Browser,
  url: string,
  surface: Surface,
  options: OpenOptions,
): Promise<Opened> {
  const { replies, width = 640, height = 640, zoom = 1, colorScheme = 'light' } = options;
  const context = await browser.newContext({
    viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
    deviceScaleFactor: zoom,
    colorScheme,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('404')) problems.push(message.text());
  });
  await page.addInitScript(installFakeSurface, {
    calls: namesOn(channels, surface),
    pushes: namesOn(pushes, surface),
    replies,
  });
  await page.goto(`${url}/${surface}/index.html`);
  return {
    page,
    problems,
    sent: (name) =>
      page.evaluate(
        (wanted) =>
          fake()
            .sent.filter((each) => each.name === wanted)
            .map((each) => each.message),
        name,
      ),
    push: (name, payload) => page.evaluate(([to, what]) => fake().push(to as string, what), [name, payload] as const),
    answerWith: (name, reply) =>
      page.evaluate(([to, what]) => fake().answerWith(to as string, what), [name, reply] as const),
  };
}

/** Exists in the page only. */
declare function fake(): FakeSurface;

function namesOn(declared: { readonly [name: string]: { readonly surface: Surface } }, surface: Surface): string[] {
  return Object.keys(declared).filter((name) => declared[name]?.surface === surface);
}
