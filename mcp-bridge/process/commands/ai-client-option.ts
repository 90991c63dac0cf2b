/** What `connect` and `disconnect` have in common: which AI client, which file of it, and which entry in that. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { AiClient, Place } from '../../connect/ai-client.ts';
import { aiClients } from '../../connect/ai-clients.ts';
import type { Target } from '../../connect/connect-entry.ts';
import { connectionRecords } from '../../connect/connection-records.ts';
import { AppError } from '../../core/errors.ts';
import { dataDirCandidates, defaultDataDir } from '../../inbound/data-dir.ts';
import { isServerId } from '../../inbound/socket-proof.ts';

export const clientWords = aiClients.map(({ id }) => id).join('|');

export const placeOptions = {
  'data-dir': { type: 'string' },
  home: { type: 'string' },
  project: { type: 'string' },
  server: { type: 'string' },
} as const;

export type PlaceValues = { readonly [Name in keyof typeof placeOptions]?: string | undefined };

/** @throws AppError 'usage' */
export function aiClientOf(positionals: readonly string[]): AiClient {
  const [word, ...others] = positionals;
  const found = aiClients.find(({ id }) => id === word);
  if (!found || others.length > 0) throw new AppError('usage', `name one AI client: ${clientWords}`);
  return found;
}

/** The first folder that is there. */
export function dataDirOf({ 'data-dir': given }: PlaceValues): string {
  if (given !== undefined) return path.resolve(given);
  return dataDirCandidates().find((candidate) => fs.existsSync(candidate)) ?? defaultDataDir();
}

/** `countersign` for all servers; one server alone is an entry of its own, so that both can stand there. */
export function entryName(serverId: string | undefined): string {
  if (serverId === undefined) return 'countersign';
  if (serverId === '' || !isServerId(serverId)) throw new AppError('usage', '--server is not the id of a server');
  return `countersign-${serverId}`;
}

export function targetOf(aiClient: AiClient, values: PlaceValues): Target {
  const { file, root } = placeOf(aiClient, values);
  return {
    file,
    root,
    notation: aiClient.notation,
    place: { container: aiClient.container, name: entryName(values.server) },
    beginning: aiClient.beginning,
    records: connectionRecords(dataDirOf(values)),
    now: () => new Date(),
  };
}

function placeOf(aiClient: AiClient, { home, project }: PlaceValues): Place {
  if (project !== undefined) {
    if (aiClient.projectFile === undefined)
      throw new AppError('usage', `${aiClient.title} has no configuration of a project; leave --project out`);
    const root = path.resolve(project);
    return { file: path.join(root, ...aiClient.projectFile.split('/')), root };
  }
  const places = aiClient.userFiles({
    home: path.resolve(home ?? os.homedir()),
    platform: process.platform,
    environment: home === undefined ? process.env : {},
  });
  const place = places.find(({ file }) => fs.existsSync(file)) ?? places.at(-1);
  if (!place) throw new AppError('usage', `${aiClient.title} has no configuration file here; use --print`);
  return place;
}

/** A refusal is an answer, not a wrong command: status 1, the reason on stderr. */
export async function answered(run: () => Promise<number> | number): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'config.invalid') throw error;
    process.stderr.write(`countersign: ${error.message}\n`);
    return 1;
  }
}
