/** Asking for permissions in one window: what was ticked runs without a window, what was not asks. */
import { expect, test } from '@playwright/test';
import { clickOnScreen, isShown, pause } from '../../support/desktop.ts';
import { openWorkplace, type Workplace } from '../../support/workplace.ts';

let at: Workplace;
test.beforeAll(async () => {
  at = await openWorkplace();
});
test.afterAll(() => at.close());

test('only what was ticked is granted, exactly, and nothing was ticked in advance', async () => {
  const { approval } = at.desktop;
  const repository = at.scene.repository;
  const detail = (tool: string) => ({ type: 'countersign_tool_call', server: 'git', tool, repository, branch: 'main' });
  const asked = at.call('countersign__request_permissions', {
    authorization_details: [detail('git_commit'), detail('git_add'), { ...detail('git_reset') }],
    purpose: 'To finish the retry path',
  });
  await at.windowShown();
  await expect(approval.getByRole('checkbox')).toHaveCount(2);
  for (const box of await approval.getByRole('checkbox').all()) await expect(box).not.toBeChecked();
  const grant = approval.getByRole('button', { name: 'Grant what is ticked' });
  await pause(1_300);
  await expect(grant).toHaveAttribute('aria-disabled', 'true');
  await clickOnScreen(approval, approval.getByRole('checkbox', { name: /git_commit/ }));
  await expect(grant).toHaveAttribute('aria-disabled', 'false');
  await clickOnScreen(approval, grant);
  const answer = await asked;
  expect(answer).toMatchObject({
    isError: false,
    text: expect.stringMatching(/Granted: 1 of 2\.\nMay use git_commit on git/),
  });
  expect(answer.text).toMatch(/git_reset on git: it can delete/);

  const before = at.commits();
  expect(await at.commit('Under the permission')).toMatchObject({ isError: false });
  expect(at.commits()).toBe(before + 1);
  expect(await isShown(at.desktop, 'approval')).toBe(false);

  const listed = await at.call('countersign__permissions', {});
  expect(listed.text).toContain(`May use git_commit on git in ${repository} on main until this session ends`);

  const cancel = new AbortController();
  const add = at
    .call('git__git_add', { path: repository, paths: ['src/retry.ts'] }, cancel.signal)
    .catch(() => undefined);
  await at.windowShown();
  cancel.abort();
  await add;
});
