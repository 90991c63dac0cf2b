/** `countersign connect`: writes an AI client's own configuration so that it reaches the bridge, or prints what to write. */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { AiClient, ShimCommand } from '../../connect/ai-client.ts';
import { connectEntry, snippetOf } from '../../connect/connect-entry.ts';
import { AppError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/model/json.ts';
import { readClientKey } from '../../inbound/private-files.ts';
import { isClientId } from '../../inbound/socket-proof.ts';
import {
  aiClientOf,
  answered,
  dataDirOf,
  entryName,
  type PlaceValues,
  placeOptions,
  targetOf,
} from './ai-client-option.ts';

const options = {
  ...placeOptions,
  client: { type: 'string' },
  port: { type: 'string' },
  stdio: { type: 'boolean' },
  http: { type: 'boolean' },
  start: { type: 'boolean' },
  print: { type: 'boolean' },
} as const;

export type ConnectFacts = {
  /** Absolute path of the bundled shim. */
  readonly shimPath: string;
};

export async function runConnect(args: readonly string[], facts: ConnectFacts = besideThisFile()): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const aiClient = aiClientOf(positionals);
  if (values.stdio && values.http) throw new AppError('usage', 'choose one of --stdio and --http');
  if (values.http && !aiClient.httpEntry)
    throw new AppError('usage', `${aiClient.title} only starts programs: leave --http out`);
  // SECURITY(LO-07): a project's file is made to be handed on, and the key with it
  if (values.http && values.project !== undefined && !values.print)
    throw new AppError('usage', 'a key does not belong into a project, which others get too: leave --http out');
  const mcpClientId = values.client ?? aiClient.id;
  if (!isClientId(mcpClientId)) throw new AppError('usage', '--client is not the id of an AI client');

  return answered(() => {
    const key = keyOf(dataDirOf(values), mcpClientId);
    const name = entryName(values.server);
    const entry = values.http
      ? httpEntry(aiClient, name, values, key)
      : aiClient.stdioEntry(shimCommand(mcpClientId, values, facts), name);
    if (values.print) {
      process.stdout.write(snippetOf(aiClient.notation, { container: aiClient.container, name }, entry));
      return 0;
    }
    const target = targetOf(aiClient, values);
    const { changed, backup } = connectEntry(target, entry);
    const lines = changed
      ? [
          `${aiClient.title} is connected as ${mcpClientId}: "${name}" in ${target.file}.`,
          ...(backup === undefined ? [] : [`What was there before is kept in ${backup}.`]),
          `Start ${aiClient.title} again. To undo: countersign disconnect ${[aiClient.id, ...whereWords(values)].join(' ')}`,
        ]
      : [`${aiClient.title} is connected already: "${name}" in ${target.file}. Nothing was changed.`];
    process.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  });
}

/** The options that say which entry of which file it is. */
function whereWords(values: PlaceValues): readonly string[] {
  return Object.keys(placeOptions).flatMap((name) => {
    const value = values[name as keyof PlaceValues];
    return value === undefined ? [] : [`--${name}`, value];
  });
}

type Values = PlaceValues & { readonly port?: string | undefined; readonly start?: boolean | undefined };

/** SECURITY(LO-07): no key in it; the shim finds it in a private file. */
function shimCommand(mcpClientId: string, values: Values, { shimPath }: ConnectFacts): ShimCommand {
  if (!fs.existsSync(shimPath))
    throw new AppError('config.invalid', `${shimPath} is missing: build Countersign first (npm run build).`);
  const server = values.server === undefined ? [] : ['--server', values.server];
  const start = values.start === true ? ['--start'] : [];
  return {
    // Some AI clients start programs with an emptied PATH.
    command: process.execPath,
    args: [shimPath, '--client', mcpClientId, '--data-dir', dataDirOf(values), ...server, ...start],
  };
}

function httpEntry(aiClient: AiClient, name: string, values: Values, key: string): JsonObject {
  const url = `http://127.0.0.1:${portOf(values)}/mcp${values.server === undefined ? '' : `/${values.server}`}`;
  const entry = aiClient.httpEntry?.({ url, key }, name);
  if (!entry) throw new AppError('usage', `${aiClient.title} only starts programs: leave --http out`);
  return entry;
}

/** Pairing is main's to do, in front of a person; here a key is used or missed, never made. */
function keyOf(dataDir: string, mcpClientId: string): string {
  try {
    return readClientKey(dataDir, mcpClientId);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      const reason = error instanceof Error ? error.message : 'it cannot be read';
      throw new AppError('config.invalid', `the key of "${mcpClientId}" cannot be used: ${reason}.`);
    }
    const paired = pairedIds(dataDir);
    const known = paired.length === 0 ? 'None is paired yet' : `Paired are: ${paired.join(', ')}`;
    throw new AppError(
      'config.invalid',
      `there is no AI client "${mcpClientId}" in ${dataDir}. Pair it first: in the dashboard, AI clients → Connect an AI client. ${known}; choose one with --client ID.`,
    );
  }
}

export function pairedIds(dataDir: string): readonly string[] {
  try {
    const names = fs.readdirSync(path.join(dataDir, 'clients'));
    return names.flatMap((name) => (name.endsWith('.key') ? [name.slice(0, -'.key'.length)] : [])).sort();
  } catch {
    return [];
  }
}

const defaultPort = 47_100;

/** As given, as the app has it in its settings, or the default. */
function portOf(values: Values): number {
  const port = values.port === undefined ? settingsPort(dataDirOf(values)) : Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new AppError('usage', `--port is a number from 1 to 65535, not "${values.port}"`);
  return port;
}

export function settingsPort(dataDir: string): number {
  try {
    const stored: unknown = JSON.parse(fs.readFileSync(path.join(dataDir, 'settings.json'), 'utf8'));
    const port = z.looseObject({ settings: z.looseObject({ bridgePort: z.int() }) }).parse(stored).settings.bridgePort;
    return port === 0 ? defaultPort : port;
  } catch {
    return defaultPort;
  }
}

/** The shim lies beside the bundled command line, also in a package (outside the archive). */
function besideThisFile(): ConnectFacts {
  const self = process.argv[1] ?? '';
  const folder = path.dirname(fs.existsSync(self) ? fs.realpathSync(self) : path.resolve(self));
  return { shimPath: path.join(folder, 'stdio-shim.cjs') };
}
