/** Parts of the product by themselves, built as it is and run in a process of their own. */
import { buildBench } from './pending.mjs';
import { startReady } from './programs.mjs';

/** @typedef {Record<string, import('./tables.mjs').Figure>} Figures */

/** @param {string} folder @param {boolean} quick @returns {Promise<Figures>} */
export async function benchParts(folder, quick) {
  const { pid: _pid, ...numbers } = await startReady(
    [await buildBench('parts'), folder, quick ? 'quick' : 'full'],
    300_000,
  );
  return numbers;
}

/** @param {string} folder @param {number} records @returns {Promise<Figures>} */
export async function benchAudit(folder, records) {
  const { pid: _pid, ...numbers } = await startReady([await buildBench('audit'), folder, String(records)], 300_000);
  return numbers;
}
