import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { VaultEntry } from '../../../main/vault/entry.ts';
import { newDataKey, openVaultFile, sealVault } from '../../../main/vault/envelope.ts';
import { judgeKeyStore, type KeychainCipher } from '../../../main/vault/key-store.ts';
import { openVault } from '../../../main/vault/vault.ts';
import { fakeKeychain, filesBelow, noKeychain, oauthEntry, temporaryFolder } from '../../support/vault-fixtures.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const entry = oauthEntry('at-1');
const secret: VaultEntry = { kind: 'secret', entryId: 'upstream:github', value: 'key-1' };

describe('what protects the tokens', () => {
  const throws = (): never => {
    throw new Error('dbus');
  };
  const rows: readonly (readonly [string, KeychainCipher, NodeJS.Platform, 'encrypted' | 'memory', RegExp])[] = [
    ['a keyring', fakeKeychain(), 'linux', 'encrypted', /keychain/],
    ['no keyring', noKeychain, 'linux', 'memory', /missing or locked/],
    [
      'basic_text by name',
      { ...fakeKeychain(), getSelectedStorageBackend: () => 'basic_text' },
      'linux',
      'memory',
      /protects/,
    ],
    ['basic_text by its prefix, in an old runtime', fakeKeychain('v10'), 'linux', 'memory', /protects/],
    ['the same prefix on macOS, where it is the keychain', fakeKeychain('v10'), 'darwin', 'encrypted', /keychain/],
    ['a keychain that throws', { ...fakeKeychain(), isEncryptionAvailable: throws }, 'linux', 'memory', /answer/],
    ['a keychain that fails on use', { ...fakeKeychain(), encryptString: throws }, 'win32', 'memory', /answer/],
    [
      'a keychain that gives back something else',
      { ...fakeKeychain(), decryptString: () => 'x' },
      'darwin',
      'memory',
      /give back/,
    ],
  ];
  test.each(rows)('%s', (_name, cipher, platform, mode, reason) => {
    expect(judgeKeyStore(cipher, platform)).toEqual({ mode, reason: expect.stringMatching(reason) });
  });
});

describe('a sealed vault', () => {
  test('gives back after a restart what was put in', () => {
    const cipher = fakeKeychain();
    const first = openVault(folder.path, cipher, 'linux');
    first.put(entry);
    first.put(secret);
    const second = openVault(folder.path, cipher, 'linux');
    expect(second.mode.mode).toBe('encrypted');
    expect(second.problem).toBeUndefined();
    expect(second.entryIds().map((id) => second.get(id))).toEqual([entry, secret]);
  });

  test('replaces an entry of the same name and forgets a removed one', () => {
    const cipher = fakeKeychain();
    const vault = openVault(folder.path, cipher, 'linux');
    vault.put(entry);
    vault.put(oauthEntry('at-2'));
    vault.put(secret);
    vault.remove(secret.entryId);
    expect(
      openVault(folder.path, cipher, 'linux')
        .entryIds()
        .map((id) => vault.get(id)),
    ).toEqual([oauthEntry('at-2')]);
  });

  test('is a file for its owner alone, and leaves no other', () => {
    openVault(folder.path, fakeKeychain(), 'linux').put(entry);
    expect(
      filesBelow(folder.path)
        .map((file) => file.path)
        .sort(),
    ).toEqual(['vault-version', 'vault/vault.json']);
    expect(fs.statSync(path.join(folder.path, 'vault')).mode & 0o777).toBe(0o700);
    expect(fs.statSync(path.join(folder.path, 'vault', 'vault.json')).mode & 0o777).toBe(0o600);
  });

  test('keeps what it had when it cannot be written, and says so without a secret', () => {
    const cipher = fakeKeychain();
    const vault = openVault(folder.path, cipher, 'linux');
    vault.put(entry);
    fs.rmSync(path.join(folder.path, 'vault'), { recursive: true });
    fs.writeFileSync(path.join(folder.path, 'vault'), ''); // no folder any more: root may write anywhere else
    let thrown: unknown;
    try {
      vault.put(oauthEntry('canary-of-a-token'));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ name: 'AppError', code: 'vault.unavailable' });
    expect(String(thrown)).not.toContain('canary-of-a-token');
    expect(vault.get('sign-in')).toEqual(entry);
  });

  test('is gone after a wipe, with all that was kept aside', () => {
    const cipher = fakeKeychain();
    openVault(folder.path, cipher, 'linux').put(entry);
    openVault(folder.path, fakeKeychain(), 'linux').put(entry); // another keychain: the first is kept aside
    const vault = openVault(folder.path, cipher, 'linux');
    vault.wipe();
    expect(vault.entryIds()).toEqual([]);
    expect(filesBelow(folder.path).map((file) => file.path)).toEqual(['vault-version']);
    vault.put(secret);
    expect(openVault(folder.path, cipher, 'linux').get(secret.entryId)).toEqual(secret);
  });

  test('survives the loss of power between the vault and its counter', () => {
    const cipher = fakeKeychain();
    const vault = openVault(folder.path, cipher, 'linux');
    vault.put(entry);
    const counter = path.join(folder.path, 'vault-version');
    const before = fs.readFileSync(counter);
    vault.put(oauthEntry('at-2'));
    fs.writeFileSync(counter, before);
    expect(openVault(folder.path, cipher, 'linux')).toMatchObject({ problem: undefined });
    expect(openVault(folder.path, cipher, 'linux').get('sign-in')).toEqual(oauthEntry('at-2'));
  });
});

test('in memory, nothing is on disk and an older file goes with the wipe', () => {
  openVault(folder.path, fakeKeychain(), 'linux').put(entry);
  const vault = openVault(folder.path, noKeychain, 'linux');
  expect(vault.get('sign-in')).toBeUndefined();
  vault.put(entry);
  expect(vault.get('sign-in')).toEqual(entry);
  expect(openVault(folder.path, noKeychain, 'linux').get('sign-in')).toBeUndefined();
  vault.wipe();
  expect(filesBelow(folder.path).map((file) => file.path)).toEqual(['vault-version']);
});

test('whatever is sealed opens to itself, and to nothing when one byte of the file differs', () => {
  const cipher = fakeKeychain();
  const dataKey = newDataKey(cipher);
  const values = fc.array(fc.string({ minLength: 1, unit: 'binary' }), { maxLength: 4 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 2 ** 50 }), fc.nat(), (secrets, version, at) => {
      const entries = secrets.map((value, index): VaultEntry => ({ kind: 'secret', entryId: `e${index}`, value }));
      const text = sealVault(entries, version, dataKey);
      expect(openVaultFile(Buffer.from(text), cipher)).toMatchObject({ version, entries });
      const { sealed, ...rest } = JSON.parse(text) as { sealed: string };
      const bytes = Buffer.from(sealed, 'base64');
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ 1;
      const changed = JSON.stringify({ ...rest, sealed: bytes.toString('base64') });
      expect(openVaultFile(Buffer.from(changed), cipher)).toEqual({ problem: 'damaged' });
    }),
    { numRuns: 60 },
  );
});
