/** The app itself, in a virtual display of its own where there is none. */
import { fileURLToPath } from 'node:url';
import { withDisplay } from '../../main/launch/display.mjs';
import { buildBench } from './pending.mjs';
import { startReady } from './programs.mjs';

const echoProgram = fileURLToPath(new URL('./echo-upstream.mjs', import.meta.url));

/** @param {string} folder @param {boolean} quick @returns {Promise<Record<string, import('./tables.mjs').Figure>>} */
export async function benchDesktop(folder, quick) {
  const program = await buildBench('desktop', 'module');
  const args = [program, folder, echoProgram, quick ? 'quick' : 'full'];
  const { pid: _pid, ...numbers } = await withDisplay((env) => startReady(args, 600_000, env));
  return numbers;
}
