/**
 * The vault's file: all entries sealed as one with AES-256-GCM, under a random key that the system keychain wraps.
 *
 * The keychain's own cipher is not enough: on Linux it is CBC without a MAC, so a changed file would decrypt to
 * something. Here the version and the wrapped key are authenticated with the entries, and the entries with each other:
 * none can be taken from another file, another time or another place in this one (OA-31).
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../mcp-bridge/core/canonical-json.ts';
import { type VaultEntry, vaultEntries } from './entry.ts';
import type { KeychainCipher } from './key-store.ts';

const format = 'countersign-vault/1';
const ivBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

const vaultFile = z.strictObject({
  format: z.literal(format),
  version: z.int().positive(),
  wrappedKey: z.base64(),
  sealed: z.base64(),
});
type Header = Pick<z.infer<typeof vaultFile>, 'version' | 'wrappedKey'>;

export type DataKey = { readonly key: Buffer; readonly wrappedKey: string };
export type Opened = {
  readonly version: number;
  readonly entries: readonly VaultEntry[];
  readonly dataKey: DataKey;
};
/** `undecryptable`: sealed under another keychain. `damaged`: not a vault, or changed since it was written. */
export type NotOpened = { readonly problem: 'undecryptable' | 'damaged' };

export function newDataKey(cipher: KeychainCipher): DataKey {
  const key = randomBytes(keyBytes);
  return { key, wrappedKey: cipher.encryptString(key.toString('base64')).toString('base64') };
}

export function sealVault(entries: readonly VaultEntry[], version: number, { key, wrappedKey }: DataKey): string {
  const iv = randomBytes(ivBytes);
  const sealing = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
  sealing.setAAD(boundTo({ version, wrappedKey }));
  const sealed = Buffer.concat([iv, sealing.update(JSON.stringify(entries), 'utf8'), sealing.final()]);
  const whole = Buffer.concat([sealed, sealing.getAuthTag()]).toString('base64');
  return `${JSON.stringify({ format, version, wrappedKey, sealed: whole })}\n`;
}

export function openVaultFile(bytes: Buffer, cipher: KeychainCipher): Opened | NotOpened {
  const parsed = vaultFile.safeParse(jsonOf(bytes.toString('utf8')));
  if (!parsed.success) return { problem: 'damaged' };
  const { version, wrappedKey, sealed } = parsed.data;
  const key = unwrap(wrappedKey, cipher);
  if (!key) return { problem: 'undecryptable' };
  try {
    const entries = vaultEntries.parse(jsonOf(unseal(Buffer.from(sealed, 'base64'), key, { version, wrappedKey })));
    return { version, entries, dataKey: { key, wrappedKey } };
  } catch {
    return { problem: 'damaged' };
  }
}

function unwrap(wrappedKey: string, cipher: KeychainCipher): Buffer | undefined {
  try {
    const key = Buffer.from(cipher.decryptString(Buffer.from(wrappedKey, 'base64')), 'base64');
    return key.length === keyBytes ? key : undefined;
  } catch {
    return undefined;
  }
}

function unseal(whole: Buffer, key: Buffer, header: Header): string {
  const opening = createDecipheriv('aes-256-gcm', key, whole.subarray(0, ivBytes), { authTagLength: tagBytes });
  opening.setAAD(boundTo(header));
  opening.setAuthTag(whole.subarray(-tagBytes));
  return Buffer.concat([opening.update(whole.subarray(ivBytes, -tagBytes)), opening.final()]).toString('utf8');
}

function boundTo({ version, wrappedKey }: Header): Buffer {
  return Buffer.from(canonicalJson({ format, version, wrappedKey }));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
