/** Reads while two hundred calls wait for a person, against the same reads before. */
import { join } from 'node:path';
import { build } from 'vite';
import { viteConfig } from '../../main/launch/build-entries.mjs';
import { repositoryRoot } from '../../main/launch/places.mjs';
import { httpCaller } from './callers.mjs';
import { echoProgram } from './gateways.mjs';
import { median, quantile, timeCalls } from './measure.mjs';
import { startReady } from './programs.mjs';

const waitingPerMcpClient = 50;
const mcpClients = 4;

/**
 * Built as the product is; `module` for what drives the app with tools that stay in node_modules.
 * @param {'parts' | 'audit' | 'pending-host' | 'desktop'} name @param {'node' | 'module'} [kind] @returns {Promise<string>} the file
 */
export async function buildBench(name, kind = 'node') {
  const output = `dist/bench/${name}.${kind === 'node' ? 'cjs' : 'mjs'}`;
  const entry = { name, kind, source: `test/bench/${name}.ts`, output };
  await build(viteConfig(entry, { name: 'nothing' }));
  return join(repositoryRoot, output);
}

/** @param {string} folder @param {{ rounds: number, calls: number }} effort */
export async function benchPending(folder, { rounds, calls }) {
  const { url } = await startReady([echoProgram, 'http']);
  const host = await startReady([await buildBench('pending-host'), join(folder, 'data'), url, String(mcpClients)]);
  const open = (/** @type {string} */ key) =>
    httpCaller({ url: `${host.url}/http`, headers: { authorization: `Bearer ${key}` } });
  const reader = await open(host.keys[0]);
  await timeCalls(reader, 'echo', calls);
  const before = [];
  for (let round = 0; round < rounds; round += 1) before.push(...(await timeCalls(reader, 'echo', calls)));
  const waiting = [];
  for (const key of host.keys) {
    for (let index = 0; index < waitingPerMcpClient; index += 1) {
      const caller = await open(key);
      waiting.push(caller);
      caller.call('create_note', `note ${index} of ${key.slice(-6)}`).catch(() => {});
    }
  }
  const told = await fetch(host.statusUrl).then((answer) => answer.json());
  const during = [];
  for (let round = 0; round < rounds; round += 1) during.push(...(await timeCalls(reader, 'echo', calls)));
  for (const caller of [...waiting, reader]) caller.close();
  return {
    'approvals waiting': { value: told.waiting, unit: 'calls' },
    'read p50 before': { value: median(before), unit: 'ms' },
    'read p50 beside them': { value: median(during), unit: 'ms' },
    'read p99 before': { value: quantile(before, 0.99), unit: 'ms' },
    'read p99 beside them': { value: quantile(during, 0.99), unit: 'ms' },
    'reads slowed (p50)': { value: (median(during) / median(before) - 1) * 100, unit: '%', target: 10 },
  };
}
