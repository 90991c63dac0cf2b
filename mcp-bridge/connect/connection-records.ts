/**
 * What connecting changed, so that disconnecting can undo exactly that: one small private file per entry in the data
 * folder. Of an entry with our key in it only the rest is kept.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { EntryPlace } from './configuration-format.ts';

const jsonObject = z.record(z.string(), z.json());

const connectionRecord = z.strictObject({
  file: z.string(),
  container: z.string(),
  name: z.string(),
  /** The entry that was written, without headers. */
  written: jsonObject,
  containerCreated: z.boolean(),
  fileCreated: z.boolean(),
  /** The entry that stood there before, as text of the file; left out when there was none. */
  previous: z.strictObject({ text: z.string(), entry: z.json() }).optional(),
  /** SHA-256 of the whole text before and after. */
  beforeHash: z.string(),
  afterHash: z.string(),
  /** What the two texts differ in. `inserted` is left out when a key is in it. */
  splice: z.strictObject({
    at: z.int(),
    insertedLength: z.int(),
    inserted: z.string().optional(),
    removed: z.string(),
  }),
});
export type ConnectionRecord = z.infer<typeof connectionRecord>;

export type ConnectionRecords = {
  read(file: string, place: EntryPlace): ConnectionRecord | undefined;
  write(record: ConnectionRecord): void;
  remove(file: string, place: EntryPlace): void;
};

/** @param dataDir 0700, the person's own */
export function connectionRecords(dataDir: string): ConnectionRecords {
  const pathOf = (file: string, { container, name }: EntryPlace): string => {
    const digest = createHash('sha256')
      .update(JSON.stringify([file, container, name]))
      .digest('hex');
    return join(dataDir, 'connections', `${digest.slice(0, 24)}.json`);
  };
  return {
    read(file, place) {
      try {
        const record = connectionRecord.parse(JSON.parse(readOwn(pathOf(file, place))));
        return record.file === file && record.name === place.name ? record : undefined;
      } catch {
        return undefined; // without a record only the entry itself is known, which is enough to take it out
      }
    },
    write(record) {
      const path = pathOf(record.file, record);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const fresh = `${path}.${randomBytes(6).toString('hex')}`;
      writeFileSync(fresh, JSON.stringify(connectionRecord.parse(record)), { mode: 0o600, flag: 'wx' });
      renameSync(fresh, path);
    },
    remove: (file, place) => rmSync(pathOf(file, place), { force: true }),
  };
}

/** SECURITY(LO-13): a file that others could have written says nothing. */
function readOwn(path: string): string {
  const noFollow = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW;
  const descriptor = openSync(path, constants.O_RDONLY | noFollow);
  try {
    const { uid, mode } = fstatSync(descriptor);
    const ours = process.platform === 'win32' || (uid === process.getuid?.() && (mode & 0o077) === 0);
    if (!ours) throw new Error('not a private file');
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}
