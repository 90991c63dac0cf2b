/** A stolen, swapped, planted or damaged vault (OA-30, OA-31, OA-32, LO-13). */
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KeychainCipher } from '../../main/vault/key-store.ts';
import { openVault } from '../../main/vault/vault.ts';
import { fakeKeychain, filesHolding, noKeychain, oauthEntry, temporaryFolder } from '../support/vault-fixtures.ts';

let folder: ReturnType<typeof temporaryFolder>;
let cipher: KeychainCipher;
beforeEach(() => {
  folder = temporaryFolder();
  cipher = fakeKeychain();
});
afterEach(() => folder.remove());

const vaultFile = (): string => path.join(folder.path, 'vault', 'vault.json');
const counterFile = (): string => path.join(folder.path, 'vault-version');
const open = (keychain = cipher): ReturnType<typeof openVault> => openVault(folder.path, keychain, 'linux');

describe('a token is in no file, in any encoding (OA-30)', () => {
  const canary = 'canary-4f1c9d2be7';
  test.each([
    ['with a keychain', fakeKeychain()],
    ['without a keychain', noKeychain],
    ['with a keychain whose key everybody knows', fakeKeychain('v10')],
  ] as const)('%s', (_name, keychain) => {
    const vault = open(keychain);
    for (let round = 0; round < 5; round += 1) vault.put(oauthEntry(`${canary}-${round}`));
    vault.put({ kind: 'secret', entryId: 'upstream:x', value: canary });
    expect(filesHolding(folder.path, canary)).toEqual([]);
    vault.wipe();
    expect(filesHolding(folder.path, canary)).toEqual([]);
  });

  test('and the search would find one', () => {
    fs.writeFileSync(path.join(folder.path, 'plain'), JSON.stringify({ t: canary }));
    fs.writeFileSync(path.join(folder.path, 'encoded'), Buffer.from(canary).toString('base64'));
    expect(filesHolding(folder.path, canary).toSorted()).toEqual(['encoded', 'plain']);
  });
});

describe('a vault that is not the latest of this person (OA-30, OA-31)', () => {
  type Attack = () => void;
  const swap =
    (change: (file: { version: number; wrappedKey: string; sealed: string }) => object): Attack =>
    () => {
      fs.writeFileSync(vaultFile(), JSON.stringify(change(JSON.parse(fs.readFileSync(vaultFile(), 'utf8')))), {
        mode: 0o600,
      });
    };
  let old: Buffer;
  const rows: readonly (readonly [string, Attack, string])[] = [
    [
      'copied to another computer',
      () => {
        cipher = fakeKeychain();
      },
      'undecryptable',
    ],
    ['an earlier one put back', () => void fs.writeFileSync(vaultFile(), old), 'rolled-back'],
    [
      'an earlier one with its version raised',
      swap((file) => ({ ...JSON.parse(old.toString()), version: file.version + 9 })),
      'damaged',
    ],
    ['its version lowered', swap((file) => ({ ...file, version: 1 })), 'damaged'],
    ['its counter deleted', () => fs.rmSync(counterFile()), 'rolled-back'],
    ['its counter overwritten', () => fs.writeFileSync(counterFile(), 'AAAA'), 'rolled-back'],
    ['the seal of an earlier one', swap((file) => ({ ...file, sealed: JSON.parse(old.toString()).sealed })), 'damaged'],
    ['a key that wraps nothing', swap((file) => ({ ...file, wrappedKey: 'AAAA' })), 'undecryptable'],
    ['cut short', () => fs.truncateSync(vaultFile(), 40), 'damaged'],
    ['empty', () => fs.truncateSync(vaultFile(), 0), 'damaged'],
    ['another member added', swap((file) => ({ ...file, extra: 1 })), 'damaged'],
    ['not sealed at all', swap(() => ({ entries: [oauthEntry('planted')] })), 'damaged'],
  ];
  test.each(rows)('%s: kept aside, not used, and said', (_name, attack, kind) => {
    const vault = open();
    vault.put(oauthEntry('first'));
    old = fs.readFileSync(vaultFile());
    vault.put(oauthEntry('second'));
    attack();
    const attacked = fs.readFileSync(vaultFile());

    const reopened = open();
    expect(reopened.entryIds()).toEqual([]);
    expect(reopened.problem).toMatchObject({ kind, sentence: expect.stringContaining('sign in again') });
    expect(fs.readFileSync(reopened.problem?.keptAt ?? '')).toEqual(attacked);
    reopened.put(oauthEntry('third'));
    expect(open().get('sign-in')).toEqual(oauthEntry('third'));
  });

  test('a copy from before a sign-out does not sign in again (OA-32)', () => {
    const vault = open();
    vault.put(oauthEntry('first'));
    const copy = fs.readFileSync(vaultFile());
    vault.wipe();
    fs.writeFileSync(vaultFile(), copy, { mode: 0o600 });
    expect(open()).toMatchObject({ problem: { kind: 'rolled-back' } });
    expect(open().entryIds()).toEqual([]);
  });
});

describe('a place that was prepared by somebody else: neither read nor written (LO-13)', () => {
  const elsewhere = (): string => {
    const target = path.join(folder.path, 'elsewhere');
    fs.mkdirSync(target, { recursive: true });
    return target;
  };
  const within = (act: (vaultFolder: string) => void) => (): void => {
    fs.mkdirSync(path.join(folder.path, 'vault'), { mode: 0o700 });
    act(path.join(folder.path, 'vault'));
  };
  test.each([
    ['the folder is a link', () => fs.symlinkSync(elsewhere(), path.join(folder.path, 'vault'))],
    ['the folder is open to all', within((own) => fs.chmodSync(own, 0o777))],
    ['the file is a link', within(() => fs.symlinkSync(path.join(elsewhere(), 'x'), vaultFile()))],
    ['the file is a link to a device', within(() => fs.symlinkSync('/dev/zero', vaultFile()))],
    [
      'the file has a second name',
      within(() => {
        fs.writeFileSync(path.join(elsewhere(), 'x'), '{}', { mode: 0o600 });
        fs.linkSync(path.join(elsewhere(), 'x'), vaultFile());
      }),
    ],
    [
      'the file is open to all',
      within(() => {
        fs.writeFileSync(vaultFile(), '{}');
        fs.chmodSync(vaultFile(), 0o666);
      }),
    ],
    ['the file is a folder', within(() => fs.mkdirSync(vaultFile()))],
    [
      'the file is enormous',
      within(() => {
        fs.writeFileSync(vaultFile(), '', { mode: 0o600 });
        fs.truncateSync(vaultFile(), 2 ** 30);
      }),
    ],
    ['the counter is a link', () => fs.symlinkSync(path.join(elsewhere(), 'x'), counterFile())],
  ] as const)('%s', (_name, prepare) => {
    prepare();
    const vault = open();
    expect(vault.mode).toEqual({ mode: 'memory', reason: expect.stringMatching(/not safe.*memory only/) });
    vault.put(oauthEntry('canary-77e0'));
    expect(vault.get('sign-in')).toEqual(oauthEntry('canary-77e0'));
    expect(fs.readdirSync(elsewhere()).filter((name) => name !== 'x')).toEqual([]);
    vault.wipe();
  });

  test('a fresh file never goes through a planted one', () => {
    const vault = open();
    vault.put(oauthEntry('first'));
    fs.rmSync(vaultFile());
    fs.symlinkSync(path.join(elsewhere(), 'stolen'), vaultFile());
    vault.put(oauthEntry('second'));
    expect(fs.readdirSync(elsewhere())).toEqual([]);
    expect(fs.lstatSync(vaultFile()).isFile()).toBe(true);
  });
});
