import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ApprovalSurface } from '../../../main/approvals/approval-surface.ts';
import { type ApprovalDeps, createApprovals } from '../../../main/approvals/approvals.ts';
import type { ApprovalAnswer } from '../../../mcp-bridge/core/approval/approval-request.ts';
import { approvalRequest, deletionView } from '../../support/approvals.ts';
import { nowMs } from '../../support/operations.ts';

beforeEach(() => void vi.useFakeTimers({ now: nowMs }));
afterEach(() => void vi.useRealTimers());

function desktop(overrides: Partial<ApprovalDeps> = {}) {
  const log: string[] = [];
  const surface: ApprovalSurface = {
    show: (state) => void log.push(`show ${state.approvalId}`),
    reveal: (heightPx) => void log.push(`reveal ${heightPx}`),
    clear: () => void log.push('clear'),
    arming: () => ({ state: 'armed', armedInMs: 0 }),
    isFullyOnDisplay: () => true,
    bringForward: () => void log.push('forward'),
    recover: () => void log.push('recover'),
  };
  const approvals = createApprovals({
    surface,
    askNatively: async () => 'deny',
    authority: {
      rememberApproval: (request) => void log.push(`hold ${request.approvalId}`),
      grantSession: async () => 'g1',
      grantTicked: async () => {},
    },
    personLabel: () => 'ada@acme.example',
    phrase: () => 'blue heron',
    screenLocked: () => false,
    nowMs: () => Date.now(),
    onChange: () => {},
    ...overrides,
  });
  const approve = (answer: 'approve-once' | 'approve-session' | 'deny' = 'approve-once', typedName?: string) => {
    const state = approvals.current();
    if (!state) throw new Error('nothing is shown');
    const { approvalId, nonce } = state;
    return approvals.answer({
      approvalId,
      nonce,
      answer,
      sawEverything: true,
      ...(typedName === undefined ? {} : { typedName }),
    });
  };
  return { approvals, approve, log };
}

describe('approvals', () => {
  test('an approved request is held for the release before the bridge hears of it', async () => {
    const { approvals, approve, log } = desktop();
    const answer = approvals.ask(approvalRequest()).then((given) => void log.push(given.outcome));
    approvals.painted('a1', 400);
    expect(await approve()).toEqual({ accepted: true });
    await answer;
    expect(log).toEqual(['show a1', 'reveal 400', 'hold a1', 'clear', 'approved']);
  });

  test.each<[string, (desk: ReturnType<typeof desktop>) => unknown, ApprovalAnswer['outcome'], RegExp]>([
    ['Deny denies', ({ approve }) => approve('deny'), 'denied', /person/],
    ['time denies by itself', () => vi.advanceTimersByTime(300_000), 'expired', /in time/],
    ['a cancelled call is withdrawn', ({ approvals }) => approvals.withdraw('a1'), 'withdrawn', /withdrew/],
    [
      'a locked screen denies (DG-18)',
      ({ approvals }) => approvals.denyAll('The screen was locked.'),
      'denied',
      /locked/,
    ],
    ['a closed window denies', ({ approvals }) => approvals.denyShown('The window was closed.'), 'denied', /closed/],
  ])('%s, and the window closes', async (_name, act, outcome, reason) => {
    const desk = desktop();
    const answer = desk.approvals.ask(approvalRequest());
    desk.approvals.painted('a1', 400);
    act(desk);
    expect(await answer).toEqual({ outcome, approvalId: 'a1', reason: expect.stringMatching(reason) });
    expect(desk.log.at(-1)).toBe('clear');
    expect(desk.log.some((line) => line.startsWith('hold'))).toBe(false);
  });

  test('MC-18: the second press on Approve is refused', async () => {
    const { approvals, approve } = desktop();
    void approvals.ask(approvalRequest());
    const state = approvals.current();
    await approve();
    const again = await approvals.answer({
      approvalId: 'a1',
      nonce: state?.nonce ?? '',
      answer: 'approve-once',
      sawEverything: true,
    });
    expect(again).toEqual({ accepted: false, reason: expect.stringMatching(/ended/) });
  });

  test('MC-24: a request withdrawn while its session grant is written is not approved', async () => {
    let granted = () => {};
    const { approvals, approve } = desktop({
      authority: {
        rememberApproval: () => {},
        grantTicked: async () => {},
        grantSession: () =>
          new Promise((resolve) => {
            granted = () => resolve('g1');
          }),
      },
    });
    const sessionGrant = { effect: 'write', constraints: {} as never, sentence: 'May commit' } as const;
    const answer = approvals.ask(approvalRequest({ sessionGrant }));
    const pressed = approve('approve-session');
    approvals.withdraw('a1');
    granted();
    expect(await pressed).toMatchObject({ accepted: false });
    expect(await answer).toMatchObject({ outcome: 'withdrawn' });
  });

  test('DG-16: the next request is another window state with another nonce', async () => {
    const { approvals, approve } = desktop();
    void approvals.ask(approvalRequest());
    void approvals.ask(approvalRequest({ approvalId: 'a2' }));
    const first = approvals.current();
    await approve('deny');
    expect(approvals.current()?.approvalId).toBe('a2');
    expect(approvals.current()?.nonce).not.toBe(first?.nonce);
    const stale = await approvals.answer({
      approvalId: 'a2',
      nonce: first?.nonce ?? '',
      answer: 'approve-once',
      sawEverything: true,
    });
    expect(stale).toMatchObject({ accepted: false });
  });

  test('DG-14: a renderer that does not paint is replaced by a native question', async () => {
    const { approvals, log } = desktop({ askNatively: async () => 'approve-once' });
    const answer = approvals.ask(approvalRequest());
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await answer).toMatchObject({ outcome: 'approved' });
    expect(log).toContain('recover');
  });

  test('a native question that fails is a denial', async () => {
    const { approvals } = desktop({ askNatively: () => Promise.reject(new Error('no display')) });
    const answer = approvals.ask(approvalRequest({}, deletionView));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await answer).toMatchObject({ outcome: 'denied' });
  });
});
