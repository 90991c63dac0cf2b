/**
 * Parts of the path, each against what the machine itself costs where that is the measure:
 *
 *   node parts.cjs FOLDER quick|full
 */
import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { classify } from '../../mcp-bridge/core/classify/classify.ts';
import type { AuthoritySnapshot } from '../../mcp-bridge/core/model/authority.ts';
import type { Grant } from '../../mcp-bridge/core/model/grant.ts';
import type { Guardrail } from '../../mcp-bridge/core/model/guardrail.ts';
import { decide } from '../../mcp-bridge/core/policy/decide.ts';
import { openLedger } from '../../mcp-bridge/ledger/open-ledger.ts';
import { loadAnalysers } from '../../mcp-bridge/parsers/load-analysers.ts';
import { decided, intent } from '../support/ledger-records.ts';
import { operationWith } from '../support/operation-fixtures.ts';

type Figure = {
  readonly value: number;
  readonly unit: string;
  readonly target?: number;
  readonly limit?: number;
  readonly note?: string;
};

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
const clock = { nowMs: () => Date.now() };

/** Microseconds of each call, sorted, after a tenth of them as a warm-up. */
function times(calls: number, work: (call: number) => unknown): number[] {
  for (let call = 0; call < calls / 10; call += 1) work(-1 - call);
  const found: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const startedMs = performance.now();
    work(call);
    found.push((performance.now() - startedMs) * 1_000);
  }
  return found.sort((a, b) => a - b);
}

const at = (sorted: readonly number[], share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;

const write = operationWith({
  serverId: 'server-7',
  toolName: 'tool_7',
  attributes: { branch: 'main', repository: '/srv/shop' },
});
const read = operationWith({ serverId: 'server-7', toolName: 'tool_7', classification: { effect: 'read' } });

/** Spread over AI clients, servers and tools; the one that covers `write` is the last. */
function manyGrants(howMany: number): readonly Grant[] {
  return Array.from({ length: howMany }, (_, index) => {
    const isLast = index === howMany - 1;
    return {
      grantId: `grant-${index}`,
      effect: 'write' as const,
      constraints: {
        mcpClientId: isLast || index % 2 === 0 ? 'claude' : 'codex',
        mcpSessionId: 'session-1',
        serverId: `server-${isLast ? 7 : index % 50}`,
        toolName: `tool_${isLast ? 7 : index % 40}`,
        definitionHash: 'f'.repeat(64),
        attributes: { branch: isLast ? 'main' : `feature-${index}` },
      },
      sentence: 'May do this again.',
      createdAt: '2026-01-01T00:00:00.000Z',
      expiresAt: '2099-01-01T00:00:00.000Z',
    };
  });
}

function manyGuardrails(howMany: number): readonly Guardrail[] {
  return Array.from({ length: howMany }, (_, index) => ({
    kind: 'code-freeze' as const,
    guardrailId: `freeze-${index}`,
    name: `Freeze ${index}`,
    from: '2026-01-01T00:00:00.000Z',
    until: undefined,
    repositories: { kind: 'only' as const, patterns: [`/srv/other-${index}`] },
    branches: { kind: 'all' as const },
    enabled: true,
  }));
}

function decisions(calls: number): Record<string, Figure> {
  const readGrant: Grant = {
    grantId: 'read',
    effect: 'read',
    constraints: { mcpClientId: 'claude', serverId: 'server-7', attributes: {} },
    sentence: 'May read.',
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2099-01-01T00:00:00.000Z',
  };
  const authority: AuthoritySnapshot = {
    epoch: 1,
    grants: [...manyGrants(10_000), readGrant],
    effectPins: [],
    guardrails: manyGuardrails(200),
  };
  const facts = { authority, review: 'reviewed', nowMs: Date.parse('2026-11-21T00:00:00Z') } as const;
  if (decide(write, facts).decision !== 'permit' || decide(read, facts).decision !== 'permit')
    throw new Error('the last grant was to be found');
  const writes = times(calls, () => decide(write, facts));
  const reads = times(calls, () => decide(read, facts));
  return {
    'decide a write, 10,000 grants, 200 guardrails, p50': {
      value: at(writes, 0.5),
      unit: 'µs',
      target: 60,
      limit: 1_000,
    },
    'decide a write, p99': { value: at(writes, 0.99), unit: 'µs', target: 250, limit: 1_000 },
    'decide a read, p50': { value: at(reads, 0.5), unit: 'µs', target: 60, limit: 1_000 },
    'decide a read, p99': { value: at(reads, 0.99), unit: 'µs', target: 250, limit: 1_000 },
  };
}

const columns = Array.from({ length: 40 }, (_, index) => `customers.column_${index}`).join(', ');
const sqlTexts = [
  ['classify short SQL', 'SELECT id, name FROM customers WHERE id = 42'],
  ['classify SQL of 1 KB', `SELECT ${columns} FROM customers JOIN orders ON orders.id = customers.id WHERE a = 1`],
] as const;
const shellTexts = [
  ['classify a shell command', 'git status --short'],
  ['classify a shell pipeline', 'cat package.json | grep version | head -n 3 && ls -la src/'],
] as const;

async function classifications(calls: number): Promise<Record<string, Figure>> {
  const analysers = await loadAnalysers();
  const tool = (name: string, property: string) => ({
    name,
    description: 'Runs it.',
    inputSchema: { type: 'object', properties: { [property]: { type: 'string' } }, required: [property] },
  });
  const figures: Record<string, Figure> = {};
  const add = (name: string, toolName: string, property: string, text: string) => {
    const definition = tool(toolName, property);
    // another text each time, so that nothing remembered can answer
    const found = times(calls, (call) =>
      classify(
        {
          serverId: 'db',
          tool: definition,
          trusted: false,
          dialect: 'postgres',
          arguments: { [property]: `${text} -- ${call}`.replace(' -- ', property === 'sql' ? ' -- ' : ' # ') },
        },
        analysers,
      ),
    );
    figures[`${name}, p50`] = { value: at(found, 0.5), unit: 'µs', target: 60, limit: 5_000 };
    figures[`${name}, p99`] = { value: at(found, 0.99), unit: 'µs' };
  };
  for (const [name, text] of sqlTexts) add(name, 'query', 'sql', text);
  for (const [name, text] of shellTexts) add(name, 'run_command', 'command', text);
  return figures;
}

/** In turns with a bare write and fdatasync of as many bytes in the same folder. */
function durableIntents(folder: string, calls: number): Record<string, Figure> {
  const ledger = openLedger({ path: join(folder, 'intents.sqlite'), clock, sha256 });
  const raw = openSync(join(folder, 'raw'), 'a', 0o600);
  const bytes = Buffer.alloc(4096, 1);
  const rawTimes: number[] = [];
  const intents = times(calls, (call) => {
    ledger.appendDurably(intent(`call-${call}`));
  });
  for (let call = 0; call < calls; call += 1) {
    const startedMs = performance.now();
    writeSync(raw, bytes);
    fdatasyncSync(raw);
    rawTimes.push((performance.now() - startedMs) * 1_000);
  }
  const appends = times(calls, (call) => ledger.append(decided(`other-${call}`)));
  closeSync(raw);
  ledger.close();
  rawTimes.sort((a, b) => a - b);
  const ratio = at(intents, 0.5) / at(rawTimes, 0.5);
  return {
    'durable intent record, p50': {
      value: at(intents, 0.5),
      unit: 'µs',
      target: 300,
      limit: at(rawTimes, 0.5) * 3,
      note: `${ratio.toFixed(1)} × fdatasync`,
    },
    'raw 4 KB and fdatasync, p50': { value: at(rawTimes, 0.5), unit: 'µs' },
    'other record, p50': { value: at(appends, 0.5), unit: 'µs' },
  };
}

async function main(folder: string, isQuick: boolean): Promise<void> {
  const figures = {
    ...decisions(isQuick ? 300 : 2_000),
    ...(await classifications(isQuick ? 300 : 2_000)),
    ...durableIntents(folder, isQuick ? 300 : 2_000),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

void main(String(process.argv[2]), process.argv[3] === 'quick');
