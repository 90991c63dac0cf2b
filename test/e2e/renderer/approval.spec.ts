/** The approval window in a plain Chromium, under the app's own policy, with a fake of main: real input events. */
import { type Browser, expect, type Page, test } from '@playwright/test';
import type { ApprovalState, ArmingState } from '../../../main/ipc/approval-state.ts';
import { launchChromium, type Opened, openSurface } from '../../support/renderer-browser.ts';
import { type RendererPages, serveRenderers } from '../../support/renderer-pages.ts';
import { type SampleName, sampleApproval } from '../../support/sample-approvals.ts';

let browser: Browser;
let pages: RendererPages;
test.beforeAll(async () => {
  [browser, pages] = await Promise.all([launchChromium(), serveRenderers()]);
});
test.afterAll(async () => {
  await browser.close();
  await pages.close();
});

const waiting: ArmingState = { state: 'waiting', armedInMs: 1000 };
const arming: ArmingState = { state: 'arming', armedInMs: 1000 };
const armed: ArmingState = { state: 'armed', armedInMs: 0 };
const accepted = { ok: true, value: { accepted: true } } as const;

let opened: Opened | undefined;
test.afterEach(async () => {
  expect(opened?.problems).toEqual([]);
  await opened?.page.context().close();
});

async function open(
  name: SampleName,
  state: ArmingState,
  more: Partial<ApprovalState> = {},
  height = 640,
): Promise<Opened> {
  const approval = sampleApproval(name, Date.now(), more);
  opened = await openSurface(browser, pages.url, 'approval', {
    height,
    replies: { 'approval:current': { ok: true, value: { approval, arming: state } }, 'approval:answer': accepted },
  });
  await expect(opened.page.getByRole('button', { name: 'Deny' })).toBeVisible();
  return opened;
}

const approve = (page: Page) => page.locator('[data-answer="approve-once"]');
const answers = async (window: Opened) =>
  (await window.sent('approval:answer')).map((message) => (message as { answer: string }).answer);

/** Moves in two steps, as a hand does, and clicks. */
async function pointAndClick(page: Page, name = 'Approve once'): Promise<void> {
  const box = await page.getByRole('button', { name }).boundingBox();
  if (box === null) throw new Error(`${name} has no box`);
  await page.mouse.move(box.x + 10, box.y + 10);
  await page.mouse.move(box.x + 20, box.y + 15);
  await page.mouse.down();
  await page.mouse.up();
}

test('armed, seen and clicked: one approval with its nonce', async () => {
  const window = await open('request', arming);
  await expect(approve(window.page)).toHaveAttribute('aria-disabled', 'true');
  await window.push('approval:arming', armed);
  await expect(approve(window.page)).toHaveAttribute('aria-disabled', 'false');
  await pointAndClick(window.page);
  await expect
    .poll(() => window.sent('approval:answer'))
    .toEqual([
      { approvalId: 'approval-request', nonce: 'nonce-of-this-window', answer: 'approve-once', sawEverything: true },
    ]);
  await expect(approve(window.page)).toHaveAttribute('aria-disabled', 'true');
  await pointAndClick(window.page);
  await window.page.keyboard.press('Escape');
  expect(await answers(window)).toEqual(['approve-once']);
});

test('nothing has the focus at first, and the first Tab reaches Deny (DG-11)', async () => {
  const { page } = await open('deletion', armed);
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Deny' })).toBeFocused();
});

test('typing while it pops up approves nothing (DG-11)', async () => {
  const window = await open('request', arming);
  for (const key of ['Enter', ' ', 'y', 'Enter', ' ', 'Enter']) await window.page.keyboard.press(key);
  await window.push('approval:arming', armed);
  for (const key of ['Enter', ' ', 'y', 'Enter', ' ', 'Enter']) await window.page.keyboard.press(key);
  expect(await answers(window)).toEqual([]);
});

test('Tab to Approve before arming, then Enter after it: nothing', async () => {
  const window = await open('request', arming);
  await approve(window.page).focus();
  await window.push('approval:arming', armed);
  await expect(approve(window.page)).toHaveAttribute('aria-disabled', 'false');
  await window.page.keyboard.press('Enter');
  expect(await answers(window)).toEqual([]);
});

for (const key of ['Enter', 'Space']) {
  test(`Tab to Approve after arming and ${key} approves`, async () => {
    const window = await open('request', armed);
    await expect(approve(window.page)).toHaveAttribute('aria-disabled', 'false');
    await window.page.keyboard.press('Tab');
    await window.page.keyboard.press('Shift+Tab');
    while (!(await approve(window.page).evaluate((element) => element === document.activeElement))) {
      await window.page.keyboard.press('Tab');
    }
    await window.page.keyboard.press(key);
    await expect.poll(() => answers(window)).toEqual(['approve-once']);
  });
}

test('a key held down since before, and its repeats, approve nothing', async () => {
  const window = await open('request', armed);
  await expect(approve(window.page)).toHaveAttribute('aria-disabled', 'false');
  await window.page.keyboard.down('Enter');
  await window.page.keyboard.press('Tab');
  while (!(await approve(window.page).evaluate((element) => element === document.activeElement))) {
    await window.page.keyboard.press('Tab');
  }
  await window.page.keyboard.down('Enter'); // Playwright marks it as a repeat
  await window.page.keyboard.up('Enter');
  expect(await answers(window)).not.toContain('approve-once');
});

test('a resting pointer approves nothing until it moves (DG-12)', async () => {
  const window = await open('request', arming);
  const box = await approve(window.page).boundingBox();
  if (box === null) throw new Error('no box');
  await window.page.mouse.move(box.x + 20, box.y + 15);
  await window.push('approval:arming', armed);
  await expect(approve(window.page)).toHaveAttribute('aria-disabled', 'false');
  for (let click = 0; click < 5; click += 1) {
    // A move to where it is already: what a browser makes up when the page changes under a resting pointer.
    await window.page.mouse.move(box.x + 20, box.y + 15);
    await window.page.mouse.down();
    await window.page.mouse.up();
  }
  expect(await answers(window)).toEqual([]);
  await window.page.mouse.move(box.x + 24, box.y + 18);
  await window.page.mouse.down();
  await window.page.mouse.up();
  await expect.poll(() => answers(window)).toEqual(['approve-once']);
});

test('events that a script makes do nothing, on Deny too (DG-14)', async () => {
  const window = await open('request', armed);
  await expect(approve(window.page)).toHaveAttribute('aria-disabled', 'false');
  await window.page.evaluate(() => {
    for (const button of document.querySelectorAll('button')) {
      button.focus();
      const box = button.getBoundingClientRect();
      const at = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2, screenX: Math.random() * 99 };
      for (const type of ['pointermove', 'pointerdown', 'pointerup']) {
        button.dispatchEvent(new PointerEvent(type, { bubbles: true, isPrimary: true, ...at }));
      }
      for (const type of ['keydown', 'keyup'])
        button.dispatchEvent(new KeyboardEvent(type, { key: 'Enter', bubbles: true }));
      button.click();
    }
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  });
  expect(await answers(window)).toEqual([]);
});

test('Escape denies at once, in the field too', async () => {
  const window = await open('deletion', waiting);
  await window.page.getByRole('textbox', { name: 'Type exports to confirm' }).fill('exp');
  await window.page.keyboard.press('Escape');
  await expect.poll(() => answers(window)).toEqual(['deny']);
});

test('a long diff must be scrolled to its end, and every line is there on the way (DG-06)', async () => {
  const window = await open('long-diff', armed);
  const { page } = window;
  await expect(page.getByRole('status')).toHaveText(/^Scroll to the end to continue — [45],\d{3} lines below$/);
  await pointAndClick(page);
  await pointAndClick(page, 'This session');
  expect(await answers(window)).toEqual([]);

  const seen = await page.evaluate(async () => {
    const scroller = document.querySelector('main') as HTMLElement;
    const rows = new Set<string>();
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let end = false; !end; ) {
      const view = scroller.getBoundingClientRect();
      for (const row of document.querySelectorAll('.diff-line')) {
        const box = row.getBoundingClientRect();
        if (box.bottom > view.top && box.top < view.bottom) rows.add(row.textContent ?? '');
      }
      end = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1;
      scroller.scrollBy({ top: scroller.clientHeight * 0.8 });
      await frame();
      await frame();
      await frame();
    }
    return {
      rows: [...rows].filter((row) => row.includes('insertRow')).length,
      nodes: document.querySelectorAll('*').length,
    };
  });
  expect(seen.rows).toBe(5000);
  expect(seen.nodes).toBeLessThan(3000);
  await expect(approve(page)).toHaveAttribute('aria-disabled', 'false');
  await pointAndClick(page);
  await expect.poll(() => answers(window)).toEqual(['approve-once']);
});

test('scrolling by keyboard works without a focus, and what scrolled by unfocused was not seen', async () => {
  const window = await open('deletion', waiting);
  const { page } = window;
  const scrolledTo = () => page.locator('main').evaluate((element) => element.scrollTop);
  await expect(async () => {
    await page.keyboard.press('End');
    expect(await scrolledTo()).toBeGreaterThan(1000);
  }).toPass();
  await page.keyboard.press('Home');
  await expect.poll(() => page.locator('main').evaluate((element) => element.scrollTop)).toBe(0);
  await window.push('approval:arming', armed);
  await page.getByRole('textbox').fill('exports');
  await expect(approve(page)).toHaveAttribute('aria-disabled', 'true');
  await page.locator('h1').click();
  await page.keyboard.press('End');
  await expect(approve(page)).toHaveAttribute('aria-disabled', 'false');
});

test('a deletion lists every object by name and asks for the exact name', async () => {
  const window = await open('deletion', armed);
  const { page } = window;
  await page.locator('h1').click();
  await page.keyboard.press('End');
  const field = page.getByRole('textbox', { name: 'Type exports to confirm' });
  for (const wrong of ['export', 'Exports', 'exports ', ' exports']) {
    await field.fill(wrong);
    await pointAndClick(page, 'Delete 214 files');
  }
  expect(await answers(window)).toEqual([]);
  await field.fill('exports');
  await pointAndClick(page, 'Delete 214 files');
  await expect
    .poll(() => window.sent('approval:answer'))
    .toMatchObject([{ answer: 'approve-once', typedName: 'exports', sawEverything: true }]);
});

test('a hold needs holding: a click does nothing, letting go early does nothing', async () => {
  const window = await open('message', armed);
  const { page } = window;
  await expect(approve(page)).toHaveAttribute('aria-disabled', 'false');
  await pointAndClick(page, 'Send the mail');
  const box = await approve(page).boundingBox();
  if (box === null) throw new Error('no box');
  await page.mouse.move(box.x + 30, box.y + 12);
  await page.mouse.down();
  await page.waitForTimeout(700);
  await page.mouse.up();
  await page.waitForTimeout(1600);
  expect(await answers(window)).toEqual([]);
  await page.mouse.down();
  await expect.poll(() => answers(window), { timeout: 5000 }).toEqual(['approve-once']);
  await page.mouse.up();
  const [message] = (await window.sent('approval:answer')) as { heldMs: number }[];
  expect(message?.heldMs).toBeGreaterThanOrEqual(2000);
});

test('a hold by keyboard works, its repeats are one hold', async () => {
  const window = await open('message', armed);
  await expect(approve(window.page)).toHaveAttribute('aria-disabled', 'false');
  while (!(await approve(window.page).evaluate((element) => element === document.activeElement))) {
    await window.page.keyboard.press('Tab');
  }
  await window.page.keyboard.down(' ');
  for (let repeat = 0; repeat < 5; repeat += 1) {
    await window.page.waitForTimeout(100);
    await window.page.keyboard.down(' ');
  }
  await expect.poll(() => answers(window), { timeout: 5000 }).toEqual(['approve-once']);
});

test('“This session” shows what it leaves before it can be pressed (DG-24)', async () => {
  const window = await open('commit', armed, {}, 900);
  const { page } = window;
  await expect(
    page.getByText('may commit to main in shop-api without asking, until you sign out or at 22:00.'),
  ).toBeVisible();
  await expect(page.getByRole('button', { name: 'This session' })).toHaveAttribute('aria-disabled', 'false');
  await pointAndClick(page, 'This session');
  await expect.poll(() => answers(window)).toEqual(['approve-session']);
});

test('the next request is a new page: not armed, at the top, nothing typed (DG-16)', async () => {
  const window = await open('deletion', armed);
  const { page } = window;
  await page.locator('h1').click();
  await page.keyboard.press('End');
  await page.getByRole('textbox').fill('exports');
  await expect(approve(page)).toHaveAttribute('aria-disabled', 'false');
  const next = sampleApproval('deletion', Date.now(), {
    approvalId: 'another',
    nonce: 'another-nonce',
    position: 2,
    waiting: 2,
  });
  await window.push('approval:show', { approval: next, arming: armed });
  await expect(page.getByText('2 of 2')).toBeVisible();
  await expect(approve(page)).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByRole('textbox')).toHaveValue('');
  expect(await page.locator('main').evaluate((element) => element.scrollTop)).toBe(0);
  await expect
    .poll(() => window.sent('approval:painted'))
    .toMatchObject([{ approvalId: 'approval-deletion' }, { approvalId: 'another' }]);
});

test('a refused answer is told, and needs arming anew', async () => {
  const window = await open('request', armed);
  const { page } = window;
  await window.answerWith('approval:answer', {
    ok: true,
    value: { accepted: false, reason: 'The screen was locked.' },
  });
  await pointAndClick(page);
  await expect(page.getByRole('alert')).toHaveText('The screen was locked.');
  await pointAndClick(page);
  expect(await answers(window)).toEqual(['approve-once']);
  await window.push('approval:arming', arming);
  // Main says so a second later; here it is enough that the page has drawn the one before the other comes.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await window.push('approval:arming', armed);
  await window.answerWith('approval:answer', accepted);
  await expect(approve(page)).toHaveAttribute('aria-disabled', 'false');
  await pointAndClick(page);
  await expect.poll(() => answers(window)).toEqual(['approve-once', 'approve-once']);
});

test('when the time is up every button is inert', async () => {
  const window = await open('request', armed, { expiresAt: new Date(Date.now() + 1500).toISOString() });
  const { page } = window;
  await expect(page.getByRole('timer')).toHaveText('Denied by itself in 0:01');
  await expect(page.getByRole('timer')).toHaveText('Time is up');
  await pointAndClick(page);
  await pointAndClick(page, 'Deny');
  expect(await answers(window)).toEqual([]);
});

test('with nothing to approve the page is calm', async () => {
  const window = await open('request', armed);
  await window.push('approval:show', { arming: waiting });
  await expect(window.page.getByText('Nothing waits for you.')).toBeVisible();
  await expect(window.page.getByRole('button')).toHaveCount(0);
});

test('what cannot be seen is drawn, and is what a screen reader gets (DG-01, DG-19)', async () => {
  const { page } = await open('right-to-left', armed);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Overwrite invoice⟨U+202E⟩fdp.exe');
  const tree = await page.locator('main').ariaSnapshot();
  expect(tree).toContain('Overwrite invoice⟨U+202E⟩fdp.exe');
  expect(tree).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/);
  expect(await page.locator('body').innerText()).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/);
});

for (const name of [
  'commit',
  'long-diff',
  'right-to-left',
  'deletion',
  'sql',
  'message',
  'request',
  'arguments',
] as const) {
  for (const zoom of [1, 2]) {
    test(`nothing runs over the edge: ${name} at ${zoom * 100} % (DG-08)`, async () => {
      opened = await openSurface(browser, pages.url, 'approval', {
        zoom,
        height: 720,
        replies: {
          'approval:current': { ok: true, value: { approval: sampleApproval(name, Date.now()), arming: armed } },
        },
      });
      const { page } = opened;
      await expect(page.getByRole('button', { name: 'Deny' })).toBeInViewport({ ratio: 1 });
      await expect(approve(page)).toBeInViewport({ ratio: 1 });
      const over = await page.evaluate(() => {
        const scroller = document.querySelector('main') as HTMLElement;
        return [document.documentElement, scroller].some((element) => element.scrollWidth > element.clientWidth);
      });
      expect(over).toBe(false);
    });
  }
}
