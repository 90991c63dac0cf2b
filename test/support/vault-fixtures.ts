import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { OauthEntry } from '../../main/vault/entry.ts';
import type { KeychainCipher } from '../../main/vault/key-store.ts';

/** A fake keychain that encrypts for real, with a key of its own; `prefix` as Chromium's on Linux. */
export function fakeKeychain(prefix: 'v11' | 'v10' = 'v11'): KeychainCipher {
  const key = randomBytes(32);
  return {
    isEncryptionAvailable: () => true,
    encryptString(plain) {
      const iv = randomBytes(16);
      const cipher = createCipheriv('aes-256-cbc', key, iv);
      return Buffer.concat([Buffer.from(prefix), iv, cipher.update(plain, 'utf8'), cipher.final()]);
    },
    decryptString(sealed) {
      const decipher = createDecipheriv('aes-256-cbc', key, sealed.subarray(3, 19));
      return Buffer.concat([decipher.update(sealed.subarray(19)), decipher.final()]).toString('utf8');
    },
  };
}

export const noKeychain: KeychainCipher = {
  isEncryptionAvailable: () => false,
  encryptString: () => {
    throw new Error('there is no keychain');
  },
  decryptString: () => {
    throw new Error('there is no keychain');
  },
};

export function oauthEntry(accessToken: string, entryId = 'sign-in'): OauthEntry {
  return {
    kind: 'oauth',
    entryId,
    issuer: 'https://login.acme.example',
    oauthClientId: 'desktop',
    tokens: { accessToken, refreshToken: `${accessToken}-refresh`, expiresAt: '2026-11-21T12:10:00.000Z' },
    grantedScopes: ['openid', 'tools:read'],
    person: { subject: 'ada', name: 'Ada Example', email: 'ada@acme.example' },
    obtainedAt: '2026-11-21T12:00:00.000Z',
  };
}

export function temporaryFolder(): { readonly path: string; remove(): void } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-vault-'));
  return { path: folder, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

/** Every file below, with its bytes. */
export function filesBelow(folder: string): readonly { readonly path: string; readonly bytes: Buffer }[] {
  return fs.readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((found) => {
    const file = path.join(found.parentPath ?? found.path, found.name);
    return found.isFile() ? [{ path: path.relative(folder, file), bytes: fs.readFileSync(file) }] : [];
  });
}

/** The files in which a text is found, plainly or in one of the usual disguises. */
export function filesHolding(folder: string, text: string): readonly string[] {
  const disguises = ['utf8', 'utf16le'].map((encoding) => Buffer.from(text, encoding as BufferEncoding));
  const encoded = ['base64', 'base64url', 'hex'].map((encoding) =>
    Buffer.from(
      Buffer.from(text)
        .toString(encoding as BufferEncoding)
        .replace(/=*$/, '')
        .slice(0, -2),
    ),
  );
  return filesBelow(folder)
    .filter(({ bytes }) => [...disguises, ...encoded].some((disguise) => bytes.includes(disguise)))
    .map((file) => file.path);
}
