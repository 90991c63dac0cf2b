/** Two hundred thousand reads through one bridge: what it still holds afterwards. */
import { request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { httpCaller } from './callers.mjs';
import { echoProgram, startBridge } from './gateways.mjs';
import { throughput } from './measure.mjs';
import { startReady } from './programs.mjs';

const probe = fileURLToPath(new URL('./heap-probe.cjs', import.meta.url));
const connections = 8;
const steps = 10;
const mib = 1_048_576;

/** @param {string} socketPath @returns {Promise<NodeJS.MemoryUsage>} after a full collection */
function collected(socketPath) {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, path: '/' }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.once('end', () => resolve(JSON.parse(text)));
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}

/**
 * The first tenth is the warm-up: compiled code, caches that fill, connections.
 * @param {string} folder @param {number} calls
 * @returns {Promise<{ numbers: Record<string, import('./tables.mjs').Figure>, heapUsedMiB: number[], rssMiB: number[] }>}
 */
export async function benchHeap(folder, calls) {
  const { url } = await startReady([echoProgram, 'http']);
  const bridge = await startBridge(folder, { http: { url, trusted: true } }, ['--expose-gc', '--require', probe]);
  const callers = [];
  for (let index = 0; index < connections; index += 1) {
    callers.push(await httpCaller({ url: `${bridge.url}/http`, headers: bridge.headers }));
  }
  const memory = [];
  const startedMs = performance.now();
  for (let step = 0; step < steps; step += 1) {
    await throughput(callers, 'echo', calls / steps);
    memory.push(await collected(join(folder, 'heap.sock')));
  }
  const tookMs = performance.now() - startedMs;
  for (const caller of callers) caller.close();
  const heapUsedMiB = memory.map(({ heapUsed }) => heapUsed / mib);
  const rssMiB = memory.map(({ rss }) => rss / mib);
  const [first = Number.NaN, last = Number.NaN] = [heapUsedMiB[0], heapUsedMiB.at(-1)];
  const count = (/** @type {number} */ share) => ((calls * share) / steps).toLocaleString('en');
  return {
    numbers: {
      [`heap after ${count(1)} calls`]: { value: first, unit: 'MiB' },
      [`heap after ${count(steps)} calls`]: { value: last, unit: 'MiB' },
      'heap growth': { value: last - first, unit: 'MiB', target: 5 },
      [`RSS after ${count(1)} calls`]: { value: rssMiB[0] ?? Number.NaN, unit: 'MiB' },
      [`RSS after ${count(steps)} calls`]: { value: rssMiB.at(-1) ?? Number.NaN, unit: 'MiB' },
      [`calls a second, ${connections} connections`]: { value: (calls / tookMs) * 1_000, unit: '/s' },
    },
    heapUsedMiB,
    rssMiB,
  };
}
