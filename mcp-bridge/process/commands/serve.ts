/** `countersign serve`: the bridge without a window. One JSON line when it is ready, then it serves until it is ended. */
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '../../core/errors.ts';
import { writeClientKey } from '../../inbound/private-files.ts';
import { startBridge } from '../bridge.ts';
import { type Configuration, guardrailsOf, readConfiguration } from '../configuration.ts';
import type { McpClientKey } from '../contract.ts';
import { createHeadlessAuthority, type HeadlessApprovals } from '../headless-authority.ts';
import { version } from '../version.ts';
import { required } from './options.ts';

const defaultPort = 47_100;

export async function runServe(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' }, port: { type: 'string' }, approvals: { type: 'string' } },
  });
  const configuration = readConfiguration(required(values.config, '--config FILE'));
  const approvals = approvalsOf(values.approvals);
  if (approvals === 'dangerously-allow-all') {
    process.stderr.write(
      'countersign: WARNING: every write and deletion is approved without a person. Never use this on anything real.\n',
    );
  }
  const clients = configuration.clients.map(clientKey);
  // A configuration without a folder leaves nothing behind: its ledger lasts as long as the process.
  const temporary =
    configuration.dataFolder === undefined ? fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-serve-')) : undefined;
  const dataFolder = configuration.dataFolder ?? String(temporary);
  const serverIds = Object.keys(configuration.mcpServers);
  const bridge = await startBridge({
    dataFolder,
    port: portOf(values.port),
    servers: configuration.mcpServers,
    mcpClients: clients.map(({ record }) => record),
    review: configuration.review,
    authority: createHeadlessAuthority({
      approvals,
      mcpClientIds: clients.map(({ record }) => record.mcpClientId),
      serverIds,
      guardrails: guardrailsOf(configuration),
    }),
    version,
  });
  // Where `countersign stdio --client ID --data-dir FOLDER` finds them.
  for (const { record, key } of clients) writeClientKey(dataFolder, record.mcpClientId, key);
  const ready = {
    url: bridge.url,
    socket: bridge.socketPath,
    clients: clients.map(({ record, key }) => ({ id: record.mcpClientId, key })),
    servers: bridge.upstreams
      .status()
      .map(({ serverId, protocolVersion, tools }) => ({ id: serverId, era: protocolVersion ?? 'unknown', tools })),
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);

  await ended();
  await bridge.close();
  if (temporary !== undefined) fs.rmSync(temporary, { recursive: true, force: true });
  return 0;
}

function clientKey({ id, name, key }: Configuration['clients'][number]): {
  readonly record: McpClientKey;
  readonly key: string;
} {
  const used = key ?? `cs_${randomBytes(32).toString('base64url')}`;
  const keyHash = createHash('sha256').update(used, 'utf8').digest('hex');
  return { record: { mcpClientId: id, name: name ?? id, keyHash }, key: used };
}

function approvalsOf(given: string | undefined): HeadlessApprovals {
  if (given === undefined || given === 'deny') return 'deny';
  if (given === 'dangerously-allow-all') return given;
  throw new AppError('usage', `--approvals is "deny" or "dangerously-allow-all", not "${given}"`);
}

function portOf(given: string | undefined): number {
  const port = Number(given ?? defaultPort);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new AppError('usage', `--port is a number from 0 to 65535, not "${given}"`);
  return port;
}

function ended(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
