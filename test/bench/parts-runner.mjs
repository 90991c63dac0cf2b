/** Parts of the path by themselves, built as the product is and run in a process of their own. */
import { buildBench } from './pending.mjs';
import { startReady } from './programs.mjs';

/** @param {string} folder @param {boolean} quick @returns {Promise<Record<string, import('./tables.mjs').Figure>>} */
export async function benchParts(folder, quick) {
  const { pid: _pid, ...numbers } = await startReady(
    [await buildBench('parts'), folder, quick ? 'quick' : 'full'],
    300_000,
  );
  return numbers;
}
