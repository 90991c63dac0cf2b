/**
 * Pairs an AI client: an id, and a key of 256 random bits that is shown once and kept as a SHA-256 only. The stdio shim
 * finds the key in a file that only this user can read; it is never an argument or an environment variable (LO-07).
 */
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { McpClientKey } from '../../mcp-bridge/process/contract.ts';
import { ensurePrivateFolder, readPrivateFile, type StagedFile, stagePrivateFile } from '../vault/private-files.ts';

export type PairedClient = McpClientKey & { readonly pairedAt: string };
export type NewPairing = { readonly paired: PairedClient; readonly key: string };

export function pairMcpClient(name: string, taken: readonly string[], nowMs: number): NewPairing {
  const { key, keyHash } = freshKey();
  const pairedAt = new Date(nowMs).toISOString();
  return { paired: { mcpClientId: freeId(name, taken), name, keyHash, pairedAt }, key };
}

/** The same AI client with another key; permissions go by its id, so they stay. */
export function newKeyFor(paired: PairedClient): NewPairing {
  const { key, keyHash } = freshKey();
  return { paired: { ...paired, keyHash }, key };
}

/** What the bridge has to know about them. */
export function keysForBridge(mcpClients: readonly PairedClient[]): McpClientKey[] {
  return mcpClients.map(({ pairedAt: _pairedAt, ...key }) => key);
}

function freshKey(): { readonly key: string; readonly keyHash: string } {
  const key = `cs_${randomBytes(32).toString('base64url')}`;
  return { key, keyHash: createHash('sha256').update(key, 'utf8').digest('hex') };
}

/** "Claude Code" → `claude-code`; a second one → `claude-code-2`. */
export function freeId(name: string, taken: readonly string[]): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const base = plain === '' ? 'ai-client' : plain;
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!taken.includes(id)) return id;
  }
}

/** SECURITY(LO-13): never through a planted link. @throws UnsafePath */
export function writeKeyFile(dataFolder: string, mcpClientId: string, key: string): void {
  stageKeyFile(dataFolder, mcpClientId, key).commit();
}

/** The key on disk beside its file, which is not touched yet. @throws UnsafePath */
export function stageKeyFile(dataFolder: string, mcpClientId: string, key: string): StagedFile {
  const folder = path.join(dataFolder, 'clients');
  ensurePrivateFolder(folder);
  return stagePrivateFile(path.join(folder, `${mcpClientId}.key`), `${key}\n`);
}

/** undefined where there is none, or none that may be read. */
export function readKeyFile(dataFolder: string, mcpClientId: string): string | undefined {
  try {
    return readPrivateFile(path.join(dataFolder, 'clients', `${mcpClientId}.key`))
      ?.toString('utf8')
      .trim();
  } catch {
    return undefined;
  }
}

export function removeKeyFile(dataFolder: string, mcpClientId: string): void {
  fs.rmSync(path.join(dataFolder, 'clients', `${mcpClientId}.key`), { force: true });
}
