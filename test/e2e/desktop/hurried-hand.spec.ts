/** What a hand that was doing something else, and a page that forges one, cannot approve. */
import { expect, test } from '@playwright/test';
import { clickOnScreen, isShown, pointAt, pressKey, typeOnScreen, until } from '../../support/desktop.ts';
import { openWorkplace, type Workplace } from '../../support/workplace.ts';

let at: Workplace;
test.beforeAll(async () => {
  at = await openWorkplace();
});
test.afterAll(() => at.close());

test('DG-11: whoever types when the window appears approves nothing, and keeps typing', async () => {
  const before = at.commits();
  const { dashboard } = at.desktop;
  await dashboard.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'AI clients' }).click();
  const field = dashboard.getByLabel('Name');
  await clickOnScreen(dashboard, field);
  const cancel = new AbortController();
  const answer = at.commit('Typed over', cancel.signal).catch(() => undefined);
  for (let i = 0; i < 10; i += 1) {
    await typeOnScreen('y ');
    await pressKey('space');
  }
  await at.windowShown();
  for (let i = 0; i < 10; i += 1) await pressKey('space');
  expect((await field.inputValue()).length).toBeGreaterThan(20);
  expect(at.commits()).toBe(before);
  cancel.abort();
  await answer;
  await until('the window is gone', async () => !(await isShown(at.desktop, 'approval')));
  expect(at.commits()).toBe(before);
});

test('DG-12: a pointer that clicks where Approve appears approves nothing within the first second', async () => {
  const before = at.commits();
  const cancel = new AbortController();
  const answer = at.commit('Double-clicked', cancel.signal).catch(() => undefined);
  await at.windowShown();
  const { approval } = at.desktop;
  const button = approval.getByRole('button', { name: 'Approve once' });
  await pointAt(approval, button);
  for (let i = 0; i < 8; i += 1) await clickOnScreen(approval, button);
  expect(at.commits()).toBe(before);
  cancel.abort();
  await answer;
});

test('DG-14: the approval page cannot answer with a nonce of its own, or before it is armed', async () => {
  const before = at.commits();
  const cancel = new AbortController();
  const answer = at.commit('Forged', cancel.signal).catch(() => undefined);
  await at.windowShown();
  const replies = await at.desktop.approval.evaluate(async () => {
    const { call } = (
      window as unknown as { countersign: { call: Record<string, (given: unknown) => Promise<unknown>> } }
    ).countersign;
    const current = (await call['approval:current']?.({})) as {
      value: { approval: { approvalId: string; nonce: string } };
    };
    const { approvalId, nonce } = current.value.approval;
    const given = { approvalId, answer: 'approve-once', sawEverything: true };
    return [
      await call['approval:answer']?.({ ...given, nonce: 'forged' }),
      await call['approval:answer']?.({ ...given, nonce }),
    ];
  });
  expect(replies).toMatchObject([
    { ok: true, value: { accepted: false } },
    { ok: true, value: { accepted: false } },
  ]);
  cancel.abort();
  await answer;
  expect(at.commits()).toBe(before);
});
