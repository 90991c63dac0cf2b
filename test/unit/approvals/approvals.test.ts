import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ApprovalSurface } from '../../../main/approvals/approval-surface.ts';
import { type ApprovalDeps, createApprovals } from '../../../main/approvals/approvals.ts';
import type { ApprovalAnswer } from '../../../mcp-bridge/core/approval/approval-request.ts';
import { approvalRequest, deletionView } from '../../support/approvals.ts';
import { nowMs, sessionGrant as sessionGrantOf } from '../../support/operations.ts';

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
      forgetApproval: () => {},
      grantSession: async () => 'g1',
      grantTicked: async () => {},
    },
    known: () => ({
      mcpClients: [{ mcpClientId: 'ai', name: 'AI' }],
      environments: new Map([['git', undefined]]),
    }),
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
  test('an approved request is held before the bridge hears of it, and the window goes after that', async () => {
    const { approvals, approve, log } = desktop();
    const answer = approvals.ask(approvalRequest()).then((given) => void log.push(given.outcome));
    approvals.painted('a1', 400);
    expect(await approve()).toEqual({ accepted: true });
    await answer;
    expect(log).toEqual(['show a1', 'reveal 400', 'hold a1', 'approved', 'clear']);
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
        forgetApproval: () => {},
        grantTicked: async () => {},
        grantSession: () =>
          new Promise((resolve) => {
            granted = () => resolve('g1');
          }),
      },
    });
    const { constraints } = sessionGrantOf();
    const sessionGrant = { effect: 'write', constraints, sentence: 'May commit' } as const;
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

  test('MC-18: a second press while the grant of the first is written leaves no second grant', async () => {
    const written: (() => void)[] = [];
    const { approvals, approve } = desktop({
      authority: {
        rememberApproval: () => {},
        forgetApproval: () => {},
        grantTicked: async () => {},
        grantSession: () => new Promise((resolve) => written.push(() => resolve('g1'))),
      },
    });
    const { constraints } = sessionGrantOf();
    void approvals.ask(approvalRequest({ sessionGrant: { effect: 'write', constraints, sentence: 'May commit' } }));
    const first = approve('approve-session');
    expect(await approve('approve-session')).toMatchObject({ accepted: false });
    expect(written).toHaveLength(1);
    written[0]?.();
    expect(await first).toEqual({ accepted: true });
  });

  test('a second request of the same name is denied, and the first goes on', async () => {
    const { approvals } = desktop();
    void approvals.ask(approvalRequest());
    expect(await approvals.ask(approvalRequest({ callDigest: 'd'.repeat(64) }))).toMatchObject({ outcome: 'denied' });
    expect(approvals.pending().map(({ callDigest }) => callDigest)).toEqual(['c'.repeat(64)]);
  });

  test('what does not fit what main knows is denied and never shown', async () => {
    const { approvals, log } = desktop();
    expect(await approvals.ask(approvalRequest({ serverId: 'ghost' }))).toMatchObject({ outcome: 'denied' });
    expect(log).toEqual([]);
  });

  test('MC-29: a bridge that asks without end gets 200 requests in', async () => {
    const { approvals } = desktop();
    for (let i = 0; i < 500; i += 1) void approvals.ask(approvalRequest({ approvalId: `a${i}` }));
    expect(approvals.pending()).toHaveLength(200);
  });

  test('MC-24: a withdrawal takes back what was approved a moment before', () => {
    const forgotten: string[] = [];
    const { approvals } = desktop({
      authority: {
        rememberApproval: () => {},
        forgetApproval: (approvalId) => void forgotten.push(approvalId),
        grantTicked: async () => {},
        grantSession: async () => 'g1',
      },
    });
    approvals.withdraw('a1');
    expect(forgotten).toEqual(['a1']);
  });

  test('DG-14: painting again and again does not place the window again', () => {
    const { approvals, log } = desktop();
    void approvals.ask(approvalRequest());
    for (let i = 0; i < 1000; i += 1) approvals.painted('a1', i);
    expect(log).toEqual(['show a1', 'reveal 0']);
  });

  test('a renderer that dies while it shows a request is replaced by a native question at once', async () => {
    let asked = 0;
    const { approvals, log } = desktop({
      askNatively: async () => {
        asked += 1;
        return 'deny';
      },
    });
    const answer = approvals.ask(approvalRequest());
    approvals.painted('a1', 400);
    approvals.surfaceLost();
    approvals.surfaceLost();
    expect(await answer).toMatchObject({ outcome: 'denied' });
    expect([asked, log.filter((line) => line === 'recover').length]).toEqual([1, 1]);
  });

  test('while the native question is open, the page neither gets the request again nor approves it', async () => {
    const { approvals, approve } = desktop({ askNatively: () => new Promise(() => {}) });
    void approvals.ask(approvalRequest());
    const { nonce } = approvals.current() ?? { nonce: '' };
    await vi.advanceTimersByTimeAsync(2_000);
    expect(approvals.current()).toBeUndefined();
    const late = await approvals.answer({ approvalId: 'a1', nonce, answer: 'approve-once', sawEverything: true });
    expect(late).toMatchObject({ accepted: false });
    expect(() => approve()).toThrow();
  });

  test('DG-18: a native question answered behind a locked screen is a denial', async () => {
    const { approvals } = desktop({ askNatively: async () => 'approve-once', screenLocked: () => true });
    const answer = approvals.ask(approvalRequest());
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await answer).toMatchObject({ outcome: 'denied' });
  });

  test('denying all shows none of those that waited', async () => {
    const { approvals, log } = desktop();
    const answers = ['a1', 'a2', 'a3'].map((approvalId) => approvals.ask(approvalRequest({ approvalId })));
    approvals.denyAll('The screen was locked.');
    expect((await Promise.all(answers)).map(({ outcome }) => outcome)).toEqual(['denied', 'denied', 'denied']);
    expect(log).toEqual(['show a1', 'clear']);
  });
});
