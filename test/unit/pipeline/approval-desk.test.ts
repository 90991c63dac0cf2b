import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ApprovalAnswer, ApprovalRequest } from '../../../mcp-bridge/core/approval/approval-request.ts';
import type { AuditEvent } from '../../../mcp-bridge/core/audit/record.ts';
import {
  type ApprovalDraft,
  approvalLimits,
  createApprovalDesk,
  type DeskAnswer,
} from '../../../mcp-bridge/pipeline/approval-desk.ts';
import { approvalRequest } from '../../support/approvals.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Asked = {
  readonly request: ApprovalRequest;
  readonly signal: AbortSignal;
  answer(outcome: ApprovalAnswer['outcome']): Promise<void>;
};

function deskWith(ledger: { append: (event: AuditEvent) => void } = { append: () => {} }) {
  const asked: Asked[] = [];
  const log: AuditEvent['kind'][] = [];
  let number = 0;
  const desk = createApprovalDesk({
    authority: {
      snapshot: () => ({ epoch: 1, grants: [], guardrails: [], effectPins: [] }),
      release: async () => ({ released: true }),
      ask: (request, signal) =>
        new Promise((resolve) => {
          asked.push({
            request,
            signal,
            async answer(outcome) {
              const { approvalId } = request;
              resolve(
                outcome === 'approved' ? { outcome, approvalId } : { outcome, approvalId, reason: `test ${outcome}` },
              );
              await vi.advanceTimersByTimeAsync(0);
            },
          });
        }),
    },
    ledger: {
      append: (event) => {
        log.push(event.kind);
        ledger.append(event);
      },
      appendDurably: () => {},
    },
    clock: { nowMs: () => Date.now(), monotonicMs: () => Date.now() },
    newId: () => {
      number += 1;
      return `a${number}`;
    },
  });
  return { desk, asked, log };
}

const draft = (digest = 'x', similarityKey = 'same', mcpClientId = 'ai'): ApprovalDraft => {
  const { approvalId: _id, askedAt: _asked, expiresAt: _expires, deniedBefore: _denied, ...shown } = approvalRequest();
  return { ...shown, callDigest: digest, caller: { ...shown.caller, mcpClientId }, similarityKey, headline: 'Commit' };
};

/** A caller: its answer once there is one, and the way to leave. */
function caller(patienceMs = 50_000) {
  const gone = new AbortController();
  const heard: DeskAnswer[] = [];
  return {
    heard,
    leave: () => gone.abort(),
    waiting: { signal: gone.signal, patienceMs },
    hear: (answer: Promise<DeskAnswer>) => void answer.then((value) => heard.push(value)),
  };
}

const tick = () => vi.advanceTimersByTimeAsync(0);

describe('the approval desk', () => {
  test.each(['denied', 'expired', 'withdrawn'] as const)('passes on that it was %s', async (outcome) => {
    const { desk, asked } = deskWith();
    const one = caller();
    one.hear(desk.ask(draft(), one.waiting));
    await asked[0]?.answer(outcome);
    expect(one.heard).toEqual([{ kind: outcome, reason: expect.any(String) }]);
  });

  test('MC-18: an approval is consumed once', async () => {
    const { desk, asked } = deskWith();
    const one = caller();
    one.hear(desk.ask(draft(), one.waiting));
    await asked[0]?.answer('approved');
    expect(one.heard).toEqual([{ kind: 'approved', approvalId: 'a1' }]);
    expect([desk.consume('x', 'a1'), desk.consume('x', 'a1')]).toEqual([true, false]);
  });

  test('MC-26: five identical calls share one dialog, and one of them acts', async () => {
    const { desk, asked } = deskWith();
    const callers = Array.from({ length: 5 }, () => caller());
    for (const one of callers) one.hear(desk.ask(draft(), one.waiting));
    await asked[0]?.answer('approved');
    expect(asked).toHaveLength(1);
    expect(callers.map(({ heard }) => heard[0]?.kind).sort()).toEqual([
      'approved',
      'withdrawn',
      'withdrawn',
      'withdrawn',
      'withdrawn',
    ]);
  });

  test('a caller that cannot wait is told to call again, and the late approval serves its retry once', async () => {
    const { desk, asked } = deskWith();
    const one = caller(50_000);
    one.hear(desk.ask(draft(), one.waiting));
    await vi.advanceTimersByTimeAsync(50_000);
    expect(one.heard).toEqual([{ kind: 'pending' }]);
    expect(asked[0]?.signal.aborted).toBe(false);
    await asked[0]?.answer('approved');
    const retry = caller();
    retry.hear(desk.ask(draft(), retry.waiting));
    await tick();
    expect(retry.heard).toEqual([{ kind: 'approved', approvalId: 'a1' }]);
    expect(desk.consume('x', 'a1')).toBe(true);
    const third = caller();
    third.hear(desk.ask(draft(), third.waiting));
    await tick();
    expect(asked).toHaveLength(2);
  });

  test('a late approval is dead after ten minutes', async () => {
    const { desk, asked } = deskWith();
    const one = caller(1_000);
    one.hear(desk.ask(draft(), one.waiting));
    await vi.advanceTimersByTimeAsync(1_000);
    await asked[0]?.answer('approved');
    await vi.advanceTimersByTimeAsync(approvalLimits.lateApprovalUsableMs);
    expect(desk.consume('x', 'a1')).toBe(false);
  });

  test('MC-24, MC-25: when the last caller leaves, the request is withdrawn whatever comes after', async () => {
    const { desk, asked, log } = deskWith();
    const [one, two] = [caller(), caller()];
    one.hear(desk.ask(draft(), one.waiting));
    two.hear(desk.ask(draft(), two.waiting));
    one.leave();
    await tick();
    expect(asked[0]?.signal.aborted).toBe(false);
    two.leave();
    await tick();
    expect(asked[0]?.signal.aborted).toBe(true);
    await asked[0]?.answer('approved');
    expect(desk.consume('x', 'a1')).toBe(false);
    expect(log).toEqual(['approval.asked', 'approval.answered']);
  });

  test('MC-19: another client, session or server is another digest, and asks again', async () => {
    const { desk, asked } = deskWith();
    for (const digest of ['x', 'y', 'z']) {
      const one = caller();
      one.hear(desk.ask(draft(digest), one.waiting));
    }
    expect(asked).toHaveLength(3);
  });

  test('DG-25: after two denials a rephrased call is not asked again for a while', async () => {
    const { desk, asked } = deskWith();
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const one = caller();
      one.hear(desk.ask(draft(`variant ${attempt}`), one.waiting));
      await asked[attempt]?.answer('denied');
    }
    expect(asked.map(({ request }) => request.deniedBefore)).toEqual([0, 1]);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    const later = caller();
    later.hear(desk.ask(draft('later'), later.waiting));
    expect(asked).toHaveLength(3);
  });

  test('DG-25: one that changes the target each time is not asked about that tool after five denials', async () => {
    const { desk, asked } = deskWith();
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const one = caller();
      one.hear(desk.ask(draft(`d${attempt}`, `target ${attempt}`), one.waiting));
      await asked[attempt]?.answer('denied');
    }
    expect(asked).toHaveLength(5);
    const another = caller();
    another.hear(desk.ask(draft('other', 'other', 'another ai'), another.waiting));
    expect(asked).toHaveLength(6);
  });

  test('DG-25: an approval begins the count of a tool anew', async () => {
    const { desk, asked } = deskWith();
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const one = caller();
      one.hear(desk.ask(draft(`d${attempt}`, `target ${attempt}`), one.waiting));
      await asked[attempt]?.answer(attempt % 4 === 3 ? 'approved' : 'denied');
    }
    expect(asked).toHaveLength(12);
  });

  test('MC-29: 500 writes of one AI client leave at most its share waiting, and the rest is refused at once', async () => {
    const { desk, asked } = deskWith();
    const callers = Array.from({ length: 500 }, () => caller());
    for (const [i, one] of callers.entries()) one.hear(desk.ask(draft(`d${i}`), one.waiting));
    await tick();
    expect(asked).toHaveLength(approvalLimits.pendingPerMcpClient);
    expect(callers.filter(({ heard }) => heard[0]?.kind === 'refused')).toHaveLength(
      500 - approvalLimits.pendingPerMcpClient,
    );
  });

  test('AU-07: what cannot be recorded is not asked', async () => {
    const { desk, asked } = deskWith({
      append: () => {
        throw new Error('disk full');
      },
    });
    await expect(desk.ask(draft(), caller().waiting)).rejects.toThrow('disk full');
    expect(asked).toHaveLength(0);
  });

  test('AU-07: an approval whose answer cannot be recorded is a denial', async () => {
    let full = false;
    const { desk, asked } = deskWith({
      append: () => {
        if (full) throw new Error('disk full');
      },
    });
    const one = caller();
    one.hear(desk.ask(draft(), one.waiting));
    full = true;
    await asked[0]?.answer('approved');
    expect(one.heard).toEqual([{ kind: 'denied', reason: 'The answer could not be recorded.' }]);
  });
});
