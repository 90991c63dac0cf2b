/** DESIGN 7.11: where the approval window's renderer is dead, a native message box asks instead, Deny first; git is the judge. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { isShown, pause, pressKey, until } from '../../support/desktop.ts';
import { openWorkplace, type Workplace } from '../../support/workplace.ts';

const run = promisify(execFile);
let at: Workplace;

test.beforeEach(async () => {
  at = await openWorkplace();
});
test.afterEach(() => at.close());

function crashApprovalPage(): Promise<void> {
  return at.desktop.app.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows())
      if (window.webContents.getURL().includes('/approval/')) window.webContents.forcefullyCrashRenderer();
  });
}

/** Windows of the X server by that very title: the dashboard is one, a message box another. */
async function windowsTitledCountersign(): Promise<string[]> {
  const { stdout } = await run('xdotool', ['search', '--onlyvisible', '--name', '^Countersign$']).catch(() => ({
    stdout: '',
  }));
  return stdout.split('\n').filter(Boolean);
}

async function messageBox(before: readonly string[]): Promise<void> {
  const opened = await until('the message box', async () =>
    (await windowsTitledCountersign()).find((id) => !before.includes(id)),
  );
  await run('xdotool', ['windowactivate', '--sync', opened]);
  await pause(300); // GTK takes keys once its window has the focus
}

for (const key of ['Escape', 'Return', 'space']) {
  test(`the page dies while it shows a request: ${key} in the message box denies it`, async () => {
    const before = at.commits();
    const windows = await windowsTitledCountersign();
    const answer = at.commit('Never');
    await at.windowShown();
    await crashApprovalPage();
    await messageBox(windows);
    expect(await isShown(at.desktop, 'approval')).toBe(false);
    await pressKey(key);
    expect(await answer).toMatchObject({ isError: true, text: expect.stringMatching(/denied/i) });
    expect(at.commits()).toBe(before);
  });
}

test('the message box approves once what its second button says, and the next request has its window again', async () => {
  const before = at.commits();
  const windows = await windowsTitledCountersign();
  const first = at.commit('From the message box');
  await at.windowShown();
  await crashApprovalPage();
  await messageBox(windows);
  await pressKey('Tab');
  await pressKey('space');
  expect(await first).toMatchObject({ isError: false });
  expect(at.commits()).toBe(before + 1);

  at.scene.stage('src/retry.ts', 'export const attempts = 14;\n');
  const second = at.commit('From the window again');
  await at.windowShown();
  await at.desktop.app.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows())
      if (window.webContents.getURL().includes('/approval/')) window.close();
  });
  expect(await second).toMatchObject({ isError: true, text: expect.stringMatching(/closed/) });
  expect(at.commits()).toBe(before + 1);
});

test('MC-24: a call that is cancelled takes the message box along', async () => {
  const before = at.commits();
  const windows = await windowsTitledCountersign();
  const cancel = new AbortController();
  const answer = at.commit('Cancelled', cancel.signal).catch(() => undefined);
  await at.windowShown();
  await crashApprovalPage();
  await messageBox(windows);
  cancel.abort();
  await answer;
  await until('the message box is gone', async () => (await windowsTitledCountersign()).length === windows.length);
  expect(at.commits()).toBe(before);
});
