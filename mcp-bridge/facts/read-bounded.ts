import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { Unreadable } from './unreadable.ts';

/**
 * The content of a regular file of at most `maxBytes`. What says it is empty and never ends, waits for a writer, or
 * was swapped for a link since it was looked at, is not read.
 */
export async function readBounded(path: string, maxBytes: number): Promise<Buffer> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(path, flags).catch(() => {
    throw new Unreadable('A file cannot be read.');
  });
  try {
    if (!(await handle.stat()).isFile()) throw new Unreadable('What is there now is not a file.');
    const buffer = Buffer.alloc(64 * 1024);
    const chunks: Buffer[] = [];
    for (let length = 0; ; ) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return Buffer.concat(chunks);
      length += bytesRead;
      if (length > maxBytes) throw new Unreadable('A file is too large to be compared.');
      chunks.push(Buffer.from(buffer.subarray(0, bytesRead)));
    }
  } catch (error) {
    throw error instanceof Unreadable ? error : new Unreadable('A file cannot be read.');
  } finally {
    await handle.close();
  }
}
