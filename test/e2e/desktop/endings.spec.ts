/** Every way an approval can end on the real app; git is the judge. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { repositoryRoot } from '../../../main/launch/places.mjs';
import { clickOnScreen, isShown, pause, pressKey, until, wheelDown } from '../../support/desktop.ts';
import { openWorkplace, type Workplace } from '../../support/workplace.ts';

const run = promisify(execFile);
let at: Workplace;

test.beforeEach(async () => {
  at = await openWorkplace();
});
test.afterEach(() => at.close());

async function press(name: string): Promise<void> {
  const { approval } = at.desktop;
  await clickOnScreen(approval, approval.getByRole('heading', { level: 1 }));
  await wheelDown(40);
  const button = approval.getByRole('button', { name });
  await expect(button).toHaveAttribute('aria-disabled', 'false');
  await clickOnScreen(approval, button);
}

test('Approve once commits once, and the next commit asks again', async () => {
  const before = at.commits();
  const first = at.commit('First');
  await at.windowShown();
  await press('Approve once');
  expect(await first).toMatchObject({ isError: false });
  expect(at.commits()).toBe(before + 1);
  at.scene.stage('src/retry.ts', 'export const attempts = 13;\n');
  const second = at.commit('Second');
  await at.windowShown();
  await press('Deny');
  expect(await second).toMatchObject({ isError: true });
  expect(at.commits()).toBe(before + 1);
});

test.describe('nothing is committed when', () => {
  const endings: readonly (readonly [name: string, act: () => Promise<unknown>, says: RegExp])[] = [
    [
      'Escape is pressed',
      async () => {
        await clickOnScreen(at.desktop.approval, at.desktop.approval.getByRole('heading', { level: 1 }));
        await pressKey('Escape');
      },
      /denied/i,
    ],
    [
      'the window is closed',
      () =>
        at.desktop.app.evaluate(({ BrowserWindow }) => {
          for (const window of BrowserWindow.getAllWindows())
            if (window.webContents.getURL().includes('/approval/')) window.close();
        }),
      /denied/i,
    ],
    [
      'the screen is locked (DG-18)',
      () => at.desktop.app.evaluate(({ powerMonitor }) => void powerMonitor.emit('lock-screen')),
      /locked/i,
    ],
    [
      'the computer goes to sleep (DG-18)',
      () => at.desktop.app.evaluate(({ powerMonitor }) => void powerMonitor.emit('suspend')),
      /sleep/i,
    ],
    [
      'everything is stopped',
      () => at.desktop.dashboard.getByRole('button', { name: 'Stop everything' }).click(),
      /stopped/i,
    ],
  ];
  for (const [name, act, says] of endings) {
    test(name, async () => {
      const before = at.commits();
      // Stopping everything disconnects the AI client, which may come before the answer.
      const answer = at.commit('Never').catch((error: Error) => ({ isError: true, text: `stopped: ${error.message}` }));
      await at.windowShown();
      await act();
      const { isError, text } = await answer;
      expect({ isError, says: says.test(text) || text }).toEqual({ isError: true, says: true });
      await until('the window is gone', async () => !(await isShown(at.desktop, 'approval')));
      expect(at.commits()).toBe(before);
    });
  }
});

test('what is staged while the window is open is not committed unseen', async () => {
  const before = at.commits();
  const answer = at.commit('Harmless');
  await at.windowShown();
  at.scene.stage('src/retry.ts', 'export const attempts = 1e9;\n');
  await press('Approve once');
  expect(await answer).toMatchObject({ isError: true, text: expect.stringMatching(/changed after the person saw it/) });
  expect(at.commits()).toBe(before);
});

test('the server dies while the window waits: a clear answer, and the app lives', async () => {
  const before = at.commits();
  const answer = at.commit('Through the restart');
  await at.windowShown();
  await killServer('git-mcp-server');
  await press('Approve once');
  const { isError, text } = await answer;
  // It is started again before anything is sent; where that takes too long the AI client is told so.
  expect(isError ? /not available|not sent/i.test(text) : at.commits() === before + 1, text).toBe(true);
  const read = await at.call('files__read_text_file', { path: path.join(at.scene.notes, 'release.md') });
  expect(read).toMatchObject({ isError: false });
  await until(
    'git is back',
    async () => (await at.state()).servers.find(({ serverId }) => serverId === 'git')?.state === 'ready',
    30_000,
  );
});

test('AU-08: kill -9 while a window waits leaves no commit and an audit that verifies', async () => {
  const before = at.commits();
  void at.commit('Never').catch(() => {});
  await at.windowShown();
  const pid = await at.desktop.app.evaluate(() => process.pid);
  process.kill(pid, 'SIGKILL');
  await pause(2_000);
  expect(at.commits()).toBe(before);
  const ledger = path.join(at.scene.dataFolder, 'ledger.sqlite');
  const cli = path.join(repositoryRoot, 'dist', 'mcp-bridge', 'cli.js');
  const { stdout } = await run(process.execPath, [cli, 'audit', 'verify', '--ledger', ledger, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true });
});

/** The servers are children of the bridge; ours are the ones that work on this test's own folders. */
async function killServer(name: string): Promise<void> {
  const status = (await at.state()).servers;
  expect(status.some(({ endpoint }) => endpoint.includes(name))).toBe(true);
  const bridgePids = await at.desktop.app.evaluate(({ app }) =>
    app
      .getAppMetrics()
      .filter(({ type }) => type === 'Utility')
      .map(({ pid }) => pid),
  );
  for (const pid of descendants(bridgePids)) {
    const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    if (command.includes(name)) process.kill(pid, 'SIGKILL');
  }
}

function descendants(pids: readonly number[]): number[] {
  const found = new Set<number>(pids);
  const parents = new Map<number, number>();
  for (const name of fs.readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // gone meanwhile
    }
  }
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found].filter((pid) => !pids.includes(pid));
}
