/**
 * What tells when something was on screen and when it was pressed: written into the running app from outside, so that
 * the product needs nothing for it. All times are milliseconds of the wall clock, as each process's own monotonic clock
 * continues it.
 */
import type { Page } from 'playwright';
import type { Desktop } from '../support/desktop.ts';

export const wallMs = (): number => performance.timeOrigin + performance.now();

/** A call on the approval page, by the name in its arguments: when its content stood, and the frames that followed. */
export type Drawn = { readonly name: string; readonly contentMs: number; readonly framesMs: readonly number[] };

type Hooks = { drawn: { name: string; contentMs: number; framesMs: number[] }[]; pressedMs: number[] };
type Hooked = typeof globalThis & { benchHooks: Hooks; benchShown: number[] };

const framesFor = 400;

export async function installHooks({ app, approval }: Desktop): Promise<void> {
  await app.evaluate(({ BrowserWindow }) => {
    const shown: number[] = [];
    (globalThis as Hooked).benchShown = shown;
    for (const window of BrowserWindow.getAllWindows())
      if (window.webContents.getURL().includes('/approval/'))
        window.on('show', () => shown.push(performance.timeOrigin + performance.now()));
  });
  await approval.evaluate((followMs) => {
    const now = () => performance.timeOrigin + performance.now();
    const hooks: Hooks = { drawn: [], pressedMs: [] };
    (globalThis as Hooked).benchHooks = hooks;
    let current = '';
    const onFrame = (found: Hooks['drawn'][number]) => {
      // A frame callback runs before its frame is painted; the next message is handled after.
      const painted = new MessageChannel();
      painted.port1.onmessage = () => {
        found.framesMs.push(now());
        if (found.name === current && now() - found.contentMs < followMs) requestAnimationFrame(() => onFrame(found));
      };
      painted.port2.postMessage(undefined);
    };
    const look = () => {
      const name = /bench-[a-z]+-\d+/.exec(document.body.textContent ?? '')?.[0] ?? '';
      if (name === current) return;
      current = name;
      if (name === '') return;
      const found = { name, contentMs: now(), framesMs: [] };
      hooks.drawn.push(found);
      requestAnimationFrame(() => onFrame(found));
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    for (const type of ['pointerup', 'keydown'] as const)
      document.addEventListener(type, (event) => hooks.pressedMs.push(performance.timeOrigin + event.timeStamp), true);
  }, framesFor);
}

export const drawnSoFar = (approval: Page): Promise<readonly Drawn[]> =>
  approval.evaluate(() => (globalThis as Hooked).benchHooks.drawn);

export const lastPressMs = (approval: Page): Promise<number> =>
  approval.evaluate(() => (globalThis as Hooked).benchHooks.pressedMs.at(-1) ?? Number.NaN);

export const shownSoFar = ({ app }: Desktop): Promise<readonly number[]> =>
  app.evaluate(() => (globalThis as Hooked).benchShown);

/** How far the clocks of the app's processes are from ours: more than the noise of asking would spoil every number. */
export async function clockSkewMs({ app, approval }: Desktop): Promise<number> {
  const skews: number[] = [];
  for (const ask of [
    () => app.evaluate(() => performance.timeOrigin + performance.now()),
    () => approval.evaluate(() => performance.timeOrigin + performance.now()),
  ]) {
    const tries: number[] = [];
    for (let index = 0; index < 20; index += 1) {
      const before = wallMs();
      const theirs = await ask();
      const after = wallMs();
      tries.push(theirs < before ? before - theirs : theirs > after ? theirs - after : 0);
    }
    skews.push(Math.min(...tries));
  }
  return Math.max(...skews);
}

/** The first frame that the person can see: with this content, and of a window that is on screen. */
export function seenMs({ contentMs, framesMs }: Drawn, shownMs: number | undefined): number | undefined {
  const since = Math.max(contentMs, shownMs ?? 0);
  return framesMs.find((frameMs) => frameMs >= since);
}
