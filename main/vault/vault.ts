/**
 * Where credentials are kept: in a file sealed under the system keychain, or in memory only where there is no keychain.
 * Nothing in between (OA-30).
 *
 * A vault that cannot be trusted (damaged, put back from an earlier time, of another keychain) is kept aside under
 * another name and never used; the vault then starts empty and says so. A place that cannot be trusted (a planted link,
 * a folder others may write to) is neither read nor written: memory only.
 *
 * INVARIANT: no credential is ever in a file of ours in clear, not even for a moment.
 */
import fs from 'node:fs';
import path from 'node:path';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import type { VaultEntry } from './entry.ts';
import { type DataKey, type NotOpened, newDataKey, openVaultFile, sealVault } from './envelope.ts';
import { judgeKeyStore, type KeychainCipher, type VaultMode } from './key-store.ts';
import { codeOf, ensurePrivateFolder, readPrivateFile, UnsafePath, writePrivateFile } from './private-files.ts';
import { readCounter, writeCounter } from './version-counter.ts';

export type { KeychainCipher, VaultMode } from './key-store.ts';

export type VaultProblem = {
  readonly kind: NotOpened['problem'] | 'rolled-back';
  /** The file as it was, for whoever wants to look into it. */
  readonly keptAt: string;
  readonly sentence: string;
};

export type Vault = {
  readonly mode: VaultMode;
  /** What was wrong with the vault found at the start; undefined when all was well. */
  readonly problem?: VaultProblem | undefined;
  get(entryId: string): VaultEntry | undefined;
  entryIds(): readonly string[];
  /** On disk before it returns (OA-21). @throws AppError 'vault.unavailable'; what was there before is then still there */
  put(entry: VaultEntry): void;
  remove(entryId: string): void;
  /** Every entry, every file of the vault, everything kept aside. @throws AppError 'vault.unavailable' */
  wipe(): void;
};

export type VaultOptions = { readonly nowMs?: () => number };

export function openVault(
  folder: string,
  cipher: KeychainCipher,
  platform: NodeJS.Platform,
  { nowMs = Date.now }: VaultOptions = {},
): Vault {
  const files = vaultFiles(folder);
  const mode = judgeKeyStore(cipher, platform);
  if (mode.mode === 'memory') return memoryVault(mode, () => removeFiles(files));
  try {
    return fileVault(files, cipher, mode, nowMs);
  } catch (error) {
    if (!(error instanceof UnsafePath) && codeOf(error) === 'unknown') throw error;
    const reason = `The place of the vault is not safe (${error instanceof UnsafePath ? error.message : codeOf(error)}), so tokens are kept in memory only. Look at ${files.folder}.`;
    return memoryVault({ mode: 'memory', reason }, () => {});
  }
}

type VaultFiles = { readonly folder: string; readonly vault: string; readonly counter: string };

function vaultFiles(folder: string): VaultFiles {
  const own = path.join(folder, 'vault');
  return { folder: own, vault: path.join(own, 'vault.json'), counter: path.join(folder, 'vault-version') };
}

function memoryVault(mode: VaultMode, wipeFiles: () => void): Vault {
  const held = new Map<string, VaultEntry>();
  return {
    mode,
    get: (entryId) => held.get(entryId),
    entryIds: () => [...held.keys()],
    put: (entry) => void held.set(entry.entryId, entry),
    remove: (entryId) => void held.delete(entryId),
    wipe() {
      held.clear();
      wipeFiles(); // a file of a time when there was a keychain must not outlive the sign-out
    },
  };
}

function fileVault(files: VaultFiles, cipher: KeychainCipher, mode: VaultMode, nowMs: () => number): Vault {
  ensurePrivateFolder(path.dirname(files.folder));
  ensurePrivateFolder(files.folder);
  const found = openFound(files, cipher, nowMs);
  let { version } = found;
  let held: ReadonlyMap<string, VaultEntry> = new Map(found.entries.map((entry) => [entry.entryId, entry]));
  let dataKey: DataKey = found.dataKey ?? newDataKey(cipher);
  // Never lower than the clock: even with a lost counter every later vault beats every earlier one.
  const nextVersion = (): number => Math.max(version + 1, nowMs());

  function store(next: ReadonlyMap<string, VaultEntry>): void {
    const nextOne = nextVersion();
    keeping(() => {
      writePrivateFile(files.vault, sealVault([...next.values()], nextOne, dataKey));
      held = next;
      version = nextOne;
      writeCounter(files.counter, nextOne, cipher); // after the vault: a crash between leaves a vault that is ahead
    });
  }

  return {
    mode,
    problem: found.problem,
    get: (entryId) => held.get(entryId),
    entryIds: () => [...held.keys()],
    put: (entry) => store(new Map(held).set(entry.entryId, entry)),
    remove(entryId) {
      if (!held.has(entryId)) return;
      store(new Map([...held].filter(([id]) => id !== entryId)));
    },
    wipe() {
      held = new Map();
      version = nextVersion();
      dataKey.key.fill(0);
      dataKey = newDataKey(cipher);
      keeping(() => {
        writeCounter(files.counter, version, cipher); // first: a copy of the wiped vault is then too old
        removeFiles(files);
      });
    },
  };
}

type Found = {
  readonly version: number;
  readonly entries: readonly VaultEntry[];
  readonly dataKey?: DataKey | undefined;
  readonly problem?: VaultProblem | undefined;
};

function openFound(files: VaultFiles, cipher: KeychainCipher, nowMs: () => number): Found {
  const bytes = readPrivateFile(files.vault);
  const counter = readCounter(files.counter, cipher);
  const version = counter ?? nowMs();
  if (counter === undefined) writeCounter(files.counter, version, cipher); // before the first vault that it must outlive
  if (!bytes) return { version, entries: [] };
  const opened = openVaultFile(bytes, cipher);
  if ('problem' in opened) return setAside(opened.problem, version, files, nowMs());
  // SECURITY(OA-31): without a counter nothing says that this is the latest.
  const isLatest = counter !== undefined && opened.version >= counter;
  return isLatest ? opened : setAside('rolled-back', version, files, nowMs());
}

function setAside(kind: VaultProblem['kind'], version: number, files: VaultFiles, nowMs: number): Found {
  const keptAt = `${files.vault}.${kind}-${nowMs}`;
  fs.renameSync(files.vault, keptAt);
  return { version, entries: [], problem: { kind, keptAt, sentence: sentences[kind] } };
}

const sentences: Readonly<Record<VaultProblem['kind'], string>> = {
  damaged: 'The vault was damaged or changed from outside. It is kept aside unused; sign in again.',
  undecryptable: 'The vault was made with another keychain. It is kept aside unused; sign in again.',
  'rolled-back': 'An older vault was put in place of yours. It is kept aside unused; sign in again.',
};

function removeFiles(files: VaultFiles): void {
  keeping(() => {
    let names: string[] = [];
    try {
      if (fs.lstatSync(files.folder).isDirectory()) names = fs.readdirSync(files.folder);
    } catch {
      return; // there never was one
    }
    for (const name of names) {
      if (name.startsWith('vault.json')) fs.rmSync(path.join(files.folder, name), { force: true });
    }
  });
}

function keeping(act: () => void): void {
  try {
    act();
  } catch (error) {
    throw new AppError('vault.unavailable', `the vault could not be written: ${codeOf(error)}`);
  }
}
