/**
 * Gives an AI client another key, everywhere or nowhere: the settings, the shim's key file and the running bridge must
 * agree, or the AI client is locked out of one of its two ways by a key that nobody was shown.
 *
 * What can fail for want of room or rights comes first and changes nothing; what fails later is taken back.
 */
import { AppError } from '../../mcp-bridge/core/errors.ts';
import type { StagedFile } from '../vault/private-files.ts';
import { type NewPairing, newKeyFor, type PairedClient, readKeyFile, stageKeyFile, writeKeyFile } from './pairing.ts';

export type RotateKeyDeps = {
  readonly dataFolder: string;
  /** Writes the settings with this AI client in them; throws and changes nothing where it cannot. */
  readonly save: (paired: PairedClient) => void;
  /** Records the change before it takes effect. */
  readonly audit: () => Promise<unknown>;
  /** Tells the running bridge what the settings say. From then on the other key opens nothing. */
  readonly tellBridge: () => Promise<void>;
};

/** @throws AppError 'client.key-not-changed', or what the audit log or the bridge says; the old key holds then */
export async function rotateKey(before: PairedClient, deps: RotateKeyDeps): Promise<NewPairing> {
  const pairing = newKeyFor(before);
  const { mcpClientId } = before;
  const oldKey = readKeyFile(deps.dataFolder, mcpClientId);
  const staged = stage(deps.dataFolder, mcpClientId, pairing.key);
  try {
    await deps.audit();
    deps.save(pairing.paired);
  } catch (cause) {
    staged.drop();
    throw cause instanceof AppError ? cause : notChanged(cause);
  }
  let isInPlace = false;
  try {
    staged.commit();
    isInPlace = true;
    await deps.tellBridge();
    return pairing;
  } catch (cause) {
    staged.drop();
    deps.save(before);
    if (isInPlace && oldKey !== undefined) writeKeyFile(deps.dataFolder, mcpClientId, oldKey);
    await deps.tellBridge().catch(() => {}); // one that is not there reads the settings when it starts
    throw cause instanceof AppError ? cause : notChanged(cause);
  }
}

function stage(dataFolder: string, mcpClientId: string, key: string): StagedFile {
  try {
    return stageKeyFile(dataFolder, mcpClientId, key);
  } catch (cause) {
    throw notChanged(cause);
  }
}

function notChanged(cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : 'unknown';
  return new AppError('client.key-not-changed', `the new key was not put in place: ${why}`, { cause });
}
