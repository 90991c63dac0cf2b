/**
 * Where tokens are kept: in a file, encrypted with a key of the system's keychain, or in memory only where there is no
 * keychain. Nothing in between: a file that only looks encrypted is worse than none (OA-30).
 */
import fs from 'node:fs';
import path from 'node:path';
import { AppError } from '../../mcp-bridge/core/errors.ts';

/** The part of Electron's safeStorage that is used. `getSelectedStorageBackend` is missing in old runtimes. */
export type KeychainCipher = {
  isEncryptionAvailable(): boolean;
  encryptString(plain: string): Buffer;
  decryptString(sealed: Buffer): string;
  getSelectedStorageBackend?: (() => string) | undefined;
};

export type VaultMode = { readonly mode: 'encrypted' | 'memory'; readonly reason: string };

export type Vault = {
  readonly mode: VaultMode;
  get(): string | undefined;
  /** @throws AppError 'vault.unavailable' when it could not be kept */
  put(secret: string): void;
  wipe(): void;
};

export function openVault(folder: string, cipher: KeychainCipher, platform: NodeJS.Platform): Vault {
  const mode = vaultMode(cipher, platform);
  return mode.mode === 'encrypted' ? fileVault(path.join(folder, 'vault.bin'), cipher, mode) : memoryVault(mode);
}

function vaultMode(cipher: KeychainCipher, platform: NodeJS.Platform): VaultMode {
  if (!cipher.isEncryptionAvailable()) {
    return { mode: 'memory', reason: 'The system keychain is missing or locked, so tokens are kept in memory only.' };
  }
  // SECURITY(OA-30): `basic_text` is a key that everybody knows; an old runtime does not tell, but is then not "available".
  if (platform === 'linux' && cipher.getSelectedStorageBackend?.() === 'basic_text') {
    return {
      mode: 'memory',
      reason: 'This desktop has no keychain that protects anything, so tokens are kept in memory only.',
    };
  }
  return { mode: 'encrypted', reason: 'Tokens are encrypted with a key of the system keychain.' };
}

function memoryVault(mode: VaultMode): Vault {
  let held: string | undefined;
  return {
    mode,
    get: () => held,
    put(secret) {
      held = secret;
    },
    wipe() {
      held = undefined;
    },
  };
}

function fileVault(file: string, cipher: KeychainCipher, mode: VaultMode): Vault {
  return {
    mode,
    get() {
      const sealed = readOwn(file);
      if (!sealed) return undefined;
      try {
        return cipher.decryptString(sealed);
      } catch {
        // Kept aside: another keychain or a damaged file. The person signs in again; nothing is overwritten unseen.
        fs.renameSync(file, `${file}.unreadable-${Date.now()}`);
        return undefined;
      }
    },
    put(secret) {
      const fresh = `${file}.${process.pid}.new`;
      try {
        fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
        fs.rmSync(fresh, { force: true });
        const descriptor = fs.openSync(fresh, 'wx', 0o600); // SECURITY(LO-13): never through a planted file or link
        try {
          fs.writeSync(descriptor, cipher.encryptString(secret));
          fs.fsyncSync(descriptor);
        } finally {
          fs.closeSync(descriptor);
        }
        fs.renameSync(fresh, file);
      } catch (cause) {
        fs.rmSync(fresh, { force: true });
        throw new AppError('vault.unavailable', 'the vault could not be written', { cause });
      }
    },
    wipe: () => fs.rmSync(file, { force: true }),
  };
}

/** Ours, a plain file, and read without following a link. */
function readOwn(file: string): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
  } catch {
    return undefined;
  }
  try {
    const stats = fs.fstatSync(descriptor);
    const ours = process.getuid === undefined || stats.uid === process.getuid();
    return stats.isFile() && ours ? fs.readFileSync(descriptor) : undefined;
  } finally {
    fs.closeSync(descriptor);
  }
}
