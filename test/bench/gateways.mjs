/** The path of an allowed read, everything on, beside the direct way and beside other gateways. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { httpCaller, stdioCaller } from './callers.mjs';
import { measureInTurns } from './measure.mjs';
import { installPeer, peers } from './peers.mjs';
import { startReady, within } from './programs.mjs';

/** @typedef {import('./measure.mjs').Target} Target */

const root = fileURLToPath(new URL('../../', import.meta.url));
export const cli = join(root, 'dist/mcp-bridge/cli.js');
const shim = join(root, 'dist/mcp-bridge/stdio-shim.cjs');
export const echoProgram = fileURLToPath(new URL('./echo-upstream.mjs', import.meta.url));

/**
 * `countersign serve` with approvals denied: what is answered is a read that was decided as one.
 * @param {string} folder @param {Record<string, object>} mcpServers @param {readonly string[]} [nodeArgs]
 */
export async function startBridge(folder, mcpServers, nodeArgs = []) {
  const config = join(folder, 'countersign.json');
  const dataFolder = join(folder, 'data');
  const clients = [{ id: 'bench' }];
  await writeFile(config, JSON.stringify({ mcpServers, clients, dataFolder, review: 'first-use' }));
  const startedMs = performance.now();
  const ready = await startReady(
    [...nodeArgs, cli, 'serve', '--config', config, '--port', '0', '--approvals', 'deny'],
    60_000,
  );
  const readyAfterMs = performance.now() - startedMs;
  const headers = { authorization: `Bearer ${ready.clients[0].key}` };
  return { url: /** @type {string} */ (ready.url), pid: ready.pid, headers, dataFolder, readyAfterMs };
}

/**
 * @param {{ folder: string, withPeers: boolean, effort: { rounds: number, calls: number, burst: number },
 *   nodeArgs: readonly string[] }} options
 */
export async function benchGateways({ folder, withPeers, effort, nodeArgs }) {
  const { url: httpUrl } = await startReady([echoProgram, 'http']);
  const stdioArgs = [echoProgram, 'stdio'];
  const bridge = await startBridge(
    folder,
    { http: { url: httpUrl, trusted: true }, stdio: { command: process.execPath, args: stdioArgs, trusted: true } },
    nodeArgs,
  );
  const { headers, url } = bridge;
  const shimArgs = [shim, '--client', 'bench', '--server', 'http', '--data-dir', bridge.dataFolder];
  /** @type {Target[]} */
  const targets = [
    direct('direct HTTP', () => httpCaller({ url: httpUrl }), 32),
    direct('direct stdio', () => stdioCaller({ args: stdioArgs }), 1),
    ours('HTTP → HTTP', 'direct HTTP', () => httpCaller({ url: `${url}/http`, headers }), 32),
    ours('HTTP → stdio', 'direct stdio', () => httpCaller({ url: `${url}/stdio`, headers }), 32),
    ours('shim → HTTP', 'direct HTTP', () => stdioCaller({ args: shimArgs }), 1),
  ];
  /** @type {{ name: string, reason: string }[]} */
  const missing = [];
  /** @type {import('./callers.mjs').Caller[]} */
  const trials = [];
  for (const peer of withPeers ? peers : []) {
    const name = `${peer.npmPackage} ${peer.version}`;
    try {
      const program = await installPeer(peer);
      const open = await within(name, 30_000, peer.start(program, { httpUrl, stdioArgs, folder }));
      const trial = await within(`${name}, opening`, 15_000, open());
      await within(`${name}, a call`, 15_000, trial.call(peer.tool, 'trial'));
      trials.push(trial); // open to the end: some gateways do not survive a caller that leaves
      targets.push({ name, tool: peer.tool, over: peer.over, open, connections: peer.connections });
    } catch (error) {
      missing.push({ name, reason: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) });
    }
  }
  const measured = await measureInTurns(targets, effort);
  for (const trial of trials) trial.close();
  const rows = measured.map((row) => {
    const base = measured.find(({ name }) => name === row.over) ?? row;
    const directHttp = measured[0] ?? row;
    return {
      ...row,
      addedP50Ms: row.p50Ms - base.p50Ms,
      addedP99Ms: row.p99Ms - base.p99Ms,
      shareOfDirect:
        row.perSecond === undefined || directHttp.perSecond === undefined
          ? undefined
          : row.perSecond / directHttp.perSecond,
    };
  });
  return { rows, missing, readyAfterMs: bridge.readyAfterMs };
}

/** @param {string} name @param {Target['open']} open @param {number} connections @returns {Target} */
function direct(name, open, connections) {
  return { name, over: name, tool: 'echo', open, connections };
}

/** @param {string} way @param {string} over @param {Target['open']} open @param {number} connections @returns {Target} */
function ours(way, over, open, connections) {
  return { name: `Countersign ${way}`, over, tool: 'echo', open, connections };
}
