/** A bridge on a socket in a data folder of its own, and the shim's key beside it. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import { type ClientKeys, createClientKeys } from '../../mcp-bridge/inbound/client-keys.ts';
import { socketPathOf } from '../../mcp-bridge/inbound/data-dir.ts';
import type { InboundLimits } from '../../mcp-bridge/inbound/limits.ts';
import { writeClientKey } from '../../mcp-bridge/inbound/private-files.ts';
import { runStdioShim } from '../../mcp-bridge/inbound/run-stdio-shim.ts';
import { type Inbound, startInbound } from '../../mcp-bridge/inbound/start.ts';
import { createFakeBridge, type FakeBridge, realClock } from './fake-bridge-handler.ts';

export type ShimFixture = FakeBridge & {
  readonly dataDir: string;
  readonly inbound: Inbound;
  readonly keys: ClientKeys;
  readonly key: string;
};

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function startShimBridge(limits: Partial<InboundLimits> = {}): Promise<ShimFixture> {
  const dataDir = temporaryFolder();
  const keys = createClientKeys([]);
  const { key } = keys.issue('client-a', 'Client A');
  writeClientKey(dataDir, 'client-a', key);
  const fake = createFakeBridge();
  const inbound = await startInbound({
    port: 0,
    socketPath: socketPathOf(dataDir),
    handler: fake.handler,
    keys,
    clock: realClock,
    newId: randomUUID,
    limits,
  });
  onTestFinished(() => inbound.close());
  return { ...fake, dataDir, inbound, keys, key };
}

export type RunningShim = {
  readonly stdin: PassThrough;
  readonly status: Promise<number>;
  readonly stderr: () => string;
  readonly stdout: () => string;
  send(message: object): void;
  /** The next message on stdout that the predicate takes. */
  next(matches?: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
};

/** Without a data folder it looks for one, as it does where nobody names one. */
export function runShim(
  dataDir: string | undefined,
  mcpClientId = 'client-a',
  serverId?: string,
  options: { readonly startApp?: boolean } = {},
): RunningShim {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let text = '';
  let problems = '';
  const waiting = new Set<() => void>();
  stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
    for (const look of waiting) look();
  });
  stderr.on('data', (chunk: Buffer) => {
    problems += chunk.toString('utf8');
  });
  let taken = 0;
  const status = runStdioShim({
    mcpClientId,
    serverId,
    dataDir,
    stdin,
    stdout,
    stderr,
    proofTimeoutMs: 500,
    ...options,
  });
  onTestFinished(() => {
    stdin.end();
  });
  return {
    stdin,
    status,
    stdout: () => text,
    stderr: () => problems,
    send: (message) => stdin.write(`${JSON.stringify(message)}\n`),
    next: (matches = () => true) =>
      new Promise((resolve) => {
        const look = (): void => {
          const lines = text.split('\n').slice(0, -1);
          for (; taken < lines.length; taken++) {
            const message = JSON.parse(lines[taken] as string) as Record<string, unknown>;
            if (!matches(message)) continue;
            taken++;
            waiting.delete(look);
            resolve(message);
            return;
          }
        };
        waiting.add(look);
        look();
      }),
  };
}
