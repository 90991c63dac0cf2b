/**
 * An audit log of a busy year, written by the product's own append: how long its pages, filters and whole check take.
 *
 *   node audit.cjs FOLDER RECORDS
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { AuditEvent } from '../../mcp-bridge/core/audit/record.ts';
import { openLedger } from '../../mcp-bridge/ledger/open-ledger.ts';
import { verifyLedger } from '../../mcp-bridge/ledger/verify-ledger.ts';
import { sha256 } from '../../mcp-bridge/process/system.ts';
import { answered, asked, decided, intent, outcome } from '../support/ledger-records.ts';

type Figure = {
  readonly value: number;
  readonly unit: string;
  readonly target?: number;
  readonly limit?: number;
  readonly note?: string;
};

const batch = 3_000;
const pageLimit = 100;

/** A call in a hundred was asked about; one AI client and one server in a hundred thousand calls are as good as unused. */
function eventsOf(call: number): readonly AuditEvent[] {
  const callId = `call-${call}`;
  const names = {
    mcpClientId: call % 100_000 === 7 ? 'seldom' : call % 3 === 0 ? 'codex' : 'claude',
    serverId: call % 100_000 === 11 ? 'rare' : `server-${call % 10}`,
  };
  const isAsked = call % 100 === 0;
  const approvalId = isAsked ? `approval-${call}` : undefined;
  const result = call % 50 === 1 ? 'failed' : 'succeeded';
  const events = [
    decided(callId, isAsked ? 'prompt' : 'permit'),
    ...(approvalId === undefined ? [] : [asked(approvalId), answered(approvalId)]),
    intent(callId, approvalId),
    outcome(callId, result),
  ];
  return events.map((event) => ('serverId' in event ? { ...event, ...names } : event) as AuditEvent);
}

/** Milliseconds, the median of some. */
function timed(work: () => unknown, times = 15): number {
  const found = Array.from({ length: times }, () => {
    const startedMs = performance.now();
    work();
    return performance.now() - startedMs;
  });
  return found.sort((a, b) => a - b)[Math.floor(times / 2)] ?? Number.NaN;
}

function main(folder: string, records: number): void {
  const path = join(folder, 'audit.sqlite');
  const open = () => openLedger({ path, clock: { nowMs: () => Date.now() }, sha256 });
  let ledger = open();
  const fillingMs = performance.now();
  let written = 0;
  for (let call = 0; written < records; ) {
    const events: AuditEvent[] = [];
    while (events.length < batch && written + events.length < records) events.push(...eventsOf(call++));
    ledger.append(...events);
    written += events.length;
  }
  const filledMs = performance.now() - fillingMs;
  ledger.close();
  const openingMs = performance.now();
  ledger = open();
  const openedMs = performance.now() - openingMs;

  const page = (name: string, target: number, work: () => { readonly next?: number | undefined }) => {
    const cold = timed(work, 1);
    return [name, { value: timed(work), unit: 'ms', target, note: `first time ${cold.toFixed(1)} ms` }] as const;
  };
  const limit = pageLimit;
  const middle = Math.floor(written / 2);
  const calls = (filter: object) => () => ledger.calls({ limit, ...filter });
  const query = (filter: object) => () => ledger.query({ limit, ...filter });
  const pages = Object.fromEntries([
    page('first page of records', 30, query({})),
    page('first page of calls', 30, calls({})),
    page('a page of calls in the middle', 30, calls({ before: middle })),
    page('calls: failed', 50, calls({ outcome: 'failed' })),
    page('calls: of one AI client', 50, calls({ mcpClientId: 'codex' })),
    page('calls: of one seldom used', 50, calls({ mcpClientId: 'seldom' })),
    page('calls: of one server', 50, calls({ serverId: 'server-3' })),
    page('calls: of a rare server, failed', 50, calls({ serverId: 'rare', outcome: 'failed' })),
    page('calls: of one AI client at one server', 50, calls({ mcpClientId: 'codex', serverId: 'server-3' })),
    page('calls: withdrawn (there are none)', 50, calls({ outcome: 'withdrawn' })),
    page('records: of one kind', 50, query({ kind: 'approval.answered' })),
    page('records: outcomes of calls', 50, query({ kind: 'call.outcome' })),
    page('records: of an AI client seldom used', 50, query({ mcpClientId: 'seldom' })),
    page('records: of a rare server', 50, query({ serverId: 'rare' })),
    page('calls: of an AI client seldom used, succeeded', 50, calls({ mcpClientId: 'seldom', outcome: 'succeeded' })),
    page('records: outcomes of a rare server', 50, query({ serverId: 'rare', kind: 'call.outcome' })),
    page('records: of one AI client at a rare server', 50, query({ mcpClientId: 'claude', serverId: 'rare' })),
  ]);
  const counted = timed(() => ledger.counts(), 1);
  const verifying = performance.now();
  if (!ledger.verify().ok) throw new Error('the log does not verify');
  const verifiedMs = performance.now() - verifying;
  ledger.close();
  const reading = performance.now();
  const verdict = verifyLedger(path, { sha256 });
  if (!verdict.ok || verdict.records !== written) throw new Error('the closed log does not verify');
  const readMs = performance.now() - reading;
  const share = records / 1_000_000;
  const figures: Record<string, Figure> = {
    ...pages,
    'verify all, in the bridge': { value: verifiedMs, unit: 'ms', target: 6_000 * share },
    'verify all, audit verify': { value: readMs, unit: 'ms', target: 6_000 * share },
    'count all': { value: counted, unit: 'ms' },
    'open (checks the newest 20,000)': { value: openedMs, unit: 'ms' },
    'write, each in batches': { value: (filledMs * 1_000) / written, unit: 'µs' },
    'size of the file': { value: statSync(path).size / 1_048_576, unit: 'MiB' },
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

main(String(process.argv[2]), Number(process.argv[3]));
