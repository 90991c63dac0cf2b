/**
 * One key per AI client: 256 random bits, kept as a SHA-256 only, compared in constant time (LO-05, LO-06).
 *
 * A key is long-lived, because no AI client refreshes a static header; it ends by rotation or removal, and then at once.
 * Keys are full-strength random, so a plain hash is enough: there is nothing to guess that a slow hash would protect.
 *
 * INVARIANT: a key is returned once, by `issue` and `rotate`, and is held nowhere after that.
 */
import { createHash, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { AppError } from '../core/errors.ts';

export type ClientKeyRecord = {
  readonly mcpClientId: string;
  /** The person's name for this AI client. */
  readonly name: string;
  /** SHA-256 of the key, lower-case hex. */
  readonly keyHash: string;
};

export type IssuedKey = { readonly key: string; readonly record: ClientKeyRecord };

export type ClientKeys = {
  /** The AI client that this key belongs to. Calls `onUsed`. */
  verify(presentedKey: string): ClientKeyRecord | undefined;
  /** By id, for the proof of the stdio shim; does not count as use. */
  find(mcpClientId: string): ClientKeyRecord | undefined;
  list(): readonly ClientKeyRecord[];
  issue(mcpClientId: string, name: string): IssuedKey;
  /** undefined when there is no such AI client. */
  rotate(mcpClientId: string): IssuedKey | undefined;
  /** Takes a record from the settings; a changed hash ends what the old key had opened. @throws AppError 'config.invalid' */
  put(record: ClientKeyRecord): void;
  remove(mcpClientId: string): void;
  /** Tells that a key no longer stands, so that open streams end; returns the unsubscribe function. */
  onRevoked(listener: (mcpClientId: string) => void): () => void;
  /** Tells the bridge that a proof over the socket used this AI client's key. */
  noteUse(mcpClientId: string): void;
};

const keyPrefix = 'cs_';
const keyBytes = 32;

export function generateClientKey(): string {
  return keyPrefix + randomBytes(keyBytes).toString('base64url');
}

export function hashClientKey(key: string): string {
  return digestOf(key).toString('hex');
}

/** `hash` is twice as fast, and Node 18 lacks it. */
function digestOf(key: string): Buffer {
  return typeof hash === 'function' ? hash('sha256', key, 'buffer') : createHash('sha256').update(key, 'utf8').digest();
}

/** @throws AppError 'config.invalid' where two records have one id or one key */
export function createClientKeys(
  records: readonly ClientKeyRecord[],
  onUsed: (mcpClientId: string) => void = () => {},
): ClientKeys {
  const entries = new Map<string, { readonly record: ClientKeyRecord; readonly digest: Buffer }>();
  const listeners = new Set<(mcpClientId: string) => void>();
  const revoked = (mcpClientId: string): void => {
    for (const listener of listeners) listener(mcpClientId);
  };
  const put = (record: ClientKeyRecord): void => {
    const digest = Buffer.from(record.keyHash, 'hex');
    if (digest.length !== 32) throw new RangeError('a key hash is 64 hexadecimal digits');
    // SECURITY(LO-05): a key says who calls, so it cannot be two AI clients'
    for (const [other, { digest: taken }] of entries) {
      if (other !== record.mcpClientId && taken.equals(digest))
        throw new AppError('config.invalid', `the AI clients ${other} and ${record.mcpClientId} have the same key`);
    }
    const previous = entries.get(record.mcpClientId);
    entries.set(record.mcpClientId, { record, digest });
    if (previous !== undefined && !previous.digest.equals(digest)) revoked(record.mcpClientId);
  };
  const issue = (mcpClientId: string, name: string): IssuedKey => {
    const key = generateClientKey();
    const record = { mcpClientId, name, keyHash: hashClientKey(key) };
    put(record);
    return { key, record };
  };
  for (const record of records) {
    if (entries.has(record.mcpClientId))
      throw new AppError('config.invalid', `there are two AI clients with the id ${record.mcpClientId}`);
    put(record);
  }
  return {
    verify(presentedKey) {
      const presented = digestOf(presentedKey);
      let match: ClientKeyRecord | undefined;
      // SECURITY(LO-06): every record is compared, in constant time, whether or not one matched already
      for (const { record, digest } of entries.values()) if (timingSafeEqual(digest, presented)) match = record;
      if (match !== undefined) onUsed(match.mcpClientId);
      return match;
    },
    find: (mcpClientId) => entries.get(mcpClientId)?.record,
    list: () => [...entries.values()].map(({ record }) => record),
    issue,
    rotate(mcpClientId) {
      const entry = entries.get(mcpClientId);
      return entry === undefined ? undefined : issue(mcpClientId, entry.record.name);
    },
    put,
    remove(mcpClientId) {
      if (entries.delete(mcpClientId)) revoked(mcpClientId);
    },
    onRevoked(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    noteUse: onUsed,
  };
}
