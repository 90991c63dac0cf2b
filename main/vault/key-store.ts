/**
 * Is there a key that only this person's session has? Asked before anything is written: a file that only looks
 * encrypted is worse than none.
 */

/** The part of Electron's safeStorage that is used. `getSelectedStorageBackend` is missing in old runtimes. */
export type KeychainCipher = {
  isEncryptionAvailable(): boolean;
  encryptString(plain: string): Buffer;
  decryptString(sealed: Buffer): string;
  getSelectedStorageBackend?: (() => string) | undefined;
};

/** What protects the tokens, and why, in words for the person. */
export type VaultMode = { readonly mode: 'encrypted' | 'memory'; readonly reason: string };

const encrypted: VaultMode = { mode: 'encrypted', reason: 'Tokens are encrypted with a key of the system keychain.' };
const memory = (because: string): VaultMode => ({
  mode: 'memory',
  reason: `${because}, so tokens are kept in memory only.`,
});

export function judgeKeyStore(cipher: KeychainCipher, platform: NodeJS.Platform): VaultMode {
  try {
    if (!cipher.isEncryptionAvailable()) return memory('The system keychain is missing or locked');
    // SECURITY(OA-30): with `basic_text` the key is a constant of Chromium's source.
    if (platform === 'linux' && isKnownKey(cipher)) {
      return memory('This desktop has no keychain that protects anything');
    }
    return worksBothWays(cipher) ? encrypted : memory('The system keychain does not give back what it was given');
  } catch {
    return memory('The system keychain does not answer');
  }
}

/** An old runtime cannot name its backend, but on Linux the prefix tells: `v10` is the constant key, `v11` a keyring's. */
function isKnownKey(cipher: KeychainCipher): boolean {
  const backend = cipher.getSelectedStorageBackend?.();
  return backend === 'basic_text' || cipher.encryptString('probe').subarray(0, 3).toString('latin1') === 'v10';
}

function worksBothWays(cipher: KeychainCipher): boolean {
  return cipher.decryptString(cipher.encryptString('probe')) === 'probe';
}
