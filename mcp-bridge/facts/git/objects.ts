/** Contents of objects, by id, in one process. Raw: no filter and no text conversion runs. */
import { Unreadable } from '../unreadable.ts';
import type { Git } from './run-git.ts';

export async function readBlobs(
  git: Git,
  folder: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const { output } = await git({ folder, arguments: ['cat-file', '--batch'], input: `${wanted.join('\n')}\n` });
  const blobs = new Map<string, Buffer>();
  let position = 0;
  for (const id of wanted) {
    const headerEnd = output.indexOf(0x0a, position);
    const [, type, size] = output.toString('latin1', position, headerEnd).split(' ');
    const length = Number(size);
    if (headerEnd < 0 || type !== 'blob' || !Number.isSafeInteger(length))
      throw new Unreadable('An object of the repository could not be read.');
    blobs.set(id, output.subarray(headerEnd + 1, headerEnd + 1 + length));
    position = headerEnd + 1 + length + 1;
  }
  return blobs;
}
