/**
 * What the app remembers between starts: servers, paired AI clients, guardrails, the identity provider, the phrase.
 * All of it carries authority, so the whole is under a MAC (LO-14): a file that was changed by anybody else is set aside
 * and the app starts without it, saying so.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../../mcp-bridge/core/canonical-json.ts';
import type { JsonValue } from '../../mcp-bridge/core/model/json.ts';
import { codeFreeze } from '../ipc/dashboard-state.ts';
import { readPrivateFile } from '../vault/private-files.ts';

export const settings = z.strictObject({
  identityProvider: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('demo') }),
    z.strictObject({ kind: z.literal('own'), issuer: z.string(), oauthClientId: z.string() }),
  ]),
  servers: z.record(z.string(), z.strictObject({ addedAt: z.iso.datetime(), server: z.json() })),
  mcpClients: z.array(
    z.strictObject({
      mcpClientId: z.string(),
      name: z.string(),
      keyHash: z.string(),
      pairedAt: z.iso.datetime(),
      /** The servers it is offered; all where this is left out, none where it is empty. */
      serverIds: z.array(z.string()).optional(),
    }),
  ),
  revokedReadGrants: z.array(z.string()),
  guardrails: z.array(codeFreeze),
  effectPins: z.array(
    z.strictObject({
      serverId: z.string(),
      toolName: z.string(),
      definitionHash: z.string(),
      effect: z.enum(['read', 'write', 'delete']),
    }),
  ),
  /** Everything is stopped, since then; left out when it is not. */
  stopped: z.strictObject({ reason: z.string(), at: z.iso.datetime() }).optional(),
  phrase: z.string(),
  bridgePort: z.int().min(0).max(65_535),
});
export type Settings = z.infer<typeof settings>;

export type SettingsStore = {
  get(): Settings;
  update(change: (now: Settings) => Settings): void;
  /** A key for one other purpose, 64 hexadecimal digits; no purpose can be told from another's key. */
  keyFor(purpose: string): string;
  /** Set when the stored settings were refused at start, as a sentence for the person. */
  readonly problem: string | undefined;
};

/** Writes the sealed settings whole, or not at all; electron-store in the app. */
export type SettingsWriter = { write(sealed: SealedSettings): void };
export type SealedSettings = { readonly settings: Settings; readonly mac: string };

export function openSettings(folder: string, initial: Settings, writer: SettingsWriter): SettingsStore {
  const key = readOrCreateKey(path.join(folder, 'settings.key'));
  const file = path.join(folder, 'settings.json');
  const { stored, problem } = readChecked(file, key);
  let current = stored ?? initial;

  function write(next: Settings): void {
    const checked = settings.parse(next);
    writer.write({ settings: checked, mac: macOf(checked, key) });
    fs.chmodSync(file, 0o600);
    current = checked; // last: what is not on disk did not happen
  }
  if (!stored) write(initial);

  return {
    get: () => current,
    update: (change) => write(change(current)),
    keyFor: (purpose) => createHmac('sha256', key).update(`countersign ${purpose}`).digest('hex'),
    problem,
  };
}

function readChecked(file: string, key: Buffer): { stored?: Settings; problem?: string } {
  if (!fs.existsSync(file)) return {};
  try {
    const parsed = z.strictObject({ settings, mac: z.string() }).parse(JSON.parse(fs.readFileSync(file, 'utf8')));
    if (!equal(parsed.mac, macOf(parsed.settings, key))) throw new TypeError('the seal does not match');
    return { stored: parsed.settings };
  } catch {
    const aside = `${file}.refused-${Date.now()}`;
    fs.renameSync(file, aside);
    return {
      problem: `The settings were changed outside Countersign or are damaged, so they are not used. They are kept at ${aside}. Connect your servers and AI clients again.`,
    };
  }
}

function macOf(value: Settings, key: Buffer): string {
  return createHmac('sha256', key)
    .update(canonicalJson(value as unknown as JsonValue))
    .digest('hex');
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const keyBytes = 32;

/**
 * A file only this user can read. It stops other users and accidents; a program of the same user could read it too.
 *
 * @throws UnsafePath where something was planted or left open (LO-13)
 */
function readOrCreateKey(file: string): Buffer {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const found = readPrivateFile(file);
  if (found?.length === keyBytes) return found;
  // SECURITY(LO-14): half a key, or none, is one that anybody may know; what it sealed is then refused.
  if (found) fs.renameSync(file, `${file}.refused-${Date.now()}`);
  const key = randomBytes(keyBytes);
  fs.writeFileSync(file, key, { mode: 0o600, flag: 'wx' });
  return key;
}
