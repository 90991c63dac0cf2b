/** Every filter against what the same filter finds in memory; of AI clients and servers with few calls and with many. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditEvent, AuditRecord } from '../../../mcp-bridge/core/audit/record.ts';
import type { Ledger } from '../../../mcp-bridge/ledger/open-ledger.ts';
import type { AuditQuery } from '../../../mcp-bridge/ledger/queries.ts';
import { ledgerFolder, testLedger } from '../../support/ledger-fixtures.ts';
import { answered, asked, decided, intent, outcome } from '../../support/ledger-records.ts';

let place: ReturnType<typeof ledgerFolder>;
let ledger: Ledger;
let all: readonly AuditRecord[];

/** More of `claude` at `git` than are looked up one by one; a few of the others among them. */
const calls = 2_300;

function eventsOf(call: number): readonly AuditEvent[] {
  const callId = `call-${call}`;
  const names = {
    mcpClientId: call % 500 === 3 ? 'seldom' : 'claude',
    serverId: call % 700 === 5 || call === 503 ? 'rare' : 'git',
  };
  const approvalId = `approval-${call}`;
  const events = [
    decided(callId),
    ...(call % 250 === 3 ? [asked(approvalId), answered(approvalId)] : []),
    ...(call % 2 === 0 ? [intent(callId)] : []),
    outcome(callId, call % 3 === 0 ? 'failed' : 'succeeded'),
  ];
  return events.map((event) => ('mcpClientId' in event ? ({ ...event, ...names } as AuditEvent) : event));
}

beforeAll(() => {
  place = ledgerFolder();
  ledger = testLedger(place.path);
  ledger.append(...Array.from({ length: calls }, (_, call) => eventsOf(call)).flat());
  all = pages({}).reverse();
});
afterAll(() => {
  ledger.close();
  place.remove();
});

function pages(filter: Omit<AuditQuery, 'limit'>, limit = 1_000): AuditRecord[] {
  const found: AuditRecord[] = [];
  for (let before = filter.before, isEnd = false; !isEnd; ) {
    const page = ledger.query({ ...filter, before, limit });
    found.push(...page.records);
    before = page.next;
    isEnd = before === undefined;
  }
  return found;
}

const filters: readonly Omit<AuditQuery, 'limit'>[] = [
  {},
  { mcpClientId: 'claude' },
  { mcpClientId: 'seldom' },
  { mcpClientId: 'nobody' },
  { serverId: 'git' },
  { serverId: 'rare' },
  { mcpClientId: 'seldom', serverId: 'rare' },
  { mcpClientId: 'claude', serverId: 'rare' },
  { mcpClientId: 'seldom', outcome: 'failed' },
  { serverId: 'rare', kind: 'call.outcome' },
  { mcpClientId: 'seldom', kind: 'approval.asked' },
  { kind: 'call.decided', mcpClientId: 'seldom' },
  { outcome: 'failed' },
  { mcpClientId: 'seldom', before: 3_000 },
];

const has = (event: AuditEvent, member: string, wanted: string | undefined): boolean =>
  wanted === undefined || (event as unknown as Record<string, unknown>)[member] === wanted;

test.each(filters.map((filter) => [JSON.stringify(filter), filter] as const))(
  'records that %s finds are all there are, newest first',
  (_name, filter) => {
    const { before = Number.POSITIVE_INFINITY, kind, mcpClientId, serverId, outcome: ended } = filter;
    const expected = all.filter(
      ({ sequence, event }) =>
        sequence < before &&
        has(event, 'kind', kind) &&
        has(event, 'mcpClientId', mcpClientId) &&
        has(event, 'serverId', serverId) &&
        has(event, 'outcome', ended),
    );
    const sequences = (records: readonly AuditRecord[]) => records.map(({ sequence }) => sequence);
    expect(sequences(pages(filter))).toEqual(sequences(expected).reverse());
    expect(sequences(pages(filter, 7).slice(0, 30))).toEqual(sequences(expected).reverse().slice(0, 30));
  },
);

test.each([
  [{ mcpClientId: 'seldom' }, 5],
  [{ mcpClientId: 'seldom', outcome: 'failed' as const }, 2],
  [{ serverId: 'rare', outcome: 'succeeded' as const }, 4],
])('calls that %j finds are counted right', (filter, expected) => {
  expect(ledger.calls({ ...filter, limit: 100 }).calls).toHaveLength(expected);
});
