/**
 * The highest version of the vault that was ever written, kept outside the vault's folder, so that an old vault put
 * back is noticed (OA-31). Wrapped by the keychain, so that no smaller number can be made up. Not defended: somebody
 * who puts back the old counter together with the old vault.
 */
import type { KeychainCipher } from './key-store.ts';
import { readPrivateFile, writePrivateFile } from './private-files.ts';

const label = 'countersign-vault-version:';

export function readCounter(file: string, cipher: KeychainCipher): number | undefined {
  const bytes = readPrivateFile(file);
  if (!bytes) return undefined;
  try {
    const text = cipher.decryptString(Buffer.from(bytes.toString('latin1'), 'base64'));
    const version = text.startsWith(label) ? Number(text.slice(label.length)) : Number.NaN;
    return Number.isSafeInteger(version) && version > 0 ? version : undefined;
  } catch {
    return undefined; // damaged or of another keychain: as if it were missing, which refuses the vault
  }
}

export function writeCounter(file: string, version: number, cipher: KeychainCipher): void {
  writePrivateFile(file, cipher.encryptString(`${label}${version}`).toString('base64'));
}
