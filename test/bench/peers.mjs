/**
 * Other gateways, side by side. They are no dependencies: each is installed from npm into the cache folder when a
 * benchmark first wants it, with its install scripts off; one that cannot be installed or started is reported as such.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inWorkFolder } from '../../main/launch/npm-archive.mjs';
import { cacheFolder } from '../../main/launch/places.mjs';
import { runNpm } from '../../main/launch/run.mjs';
import { httpCaller, sseCaller, stdioCaller } from './callers.mjs';
import { freePort, startListening } from './programs.mjs';

/**
 * @typedef {{ httpUrl: string, stdioArgs: readonly string[], folder: string }} Upstream `folder`: of our own
 * @typedef {{ npmPackage: string, version: string, program: string, over: 'direct HTTP' | 'direct stdio', tool: string,
 *   connections: number,
 *   start(program: string, upstream: Upstream): Promise<() => Promise<import('./callers.mjs').Caller>> }} Peer
 */

const npx = (/** @type {readonly string[]} */ args) => [process.execPath, ...args];

/** @type {readonly Peer[]} */
export const peers = [
  {
    npmPackage: '@civic/passthrough-mcp-server',
    version: '0.12.1',
    program: 'dist/cli.js',
    over: 'direct HTTP',
    tool: 'echo',
    connections: 32,
    async start(program, { httpUrl }) {
      const port = await freePort();
      const target = { TARGET_SERVER_URL: httpUrl, TARGET_SERVER_TRANSPORT: 'httpStream', LOG_LEVEL: 'error' };
      await startListening([program], port, { ...process.env, PORT: String(port), ...target });
      return () => httpCaller({ url: `http://127.0.0.1:${port}/mcp` });
    },
  },
  {
    npmPackage: 'mcp-hub',
    version: '4.2.1',
    program: 'dist/cli.js',
    over: 'direct HTTP',
    tool: 'up__echo',
    connections: 32,
    async start(program, { httpUrl, folder }) {
      const config = join(folder, 'mcp-hub.json');
      await writeFile(config, JSON.stringify({ mcpServers: { up: { url: httpUrl } } }));
      const port = await freePort();
      const home = { HOME: folder, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
      await startListening([program, '--port', String(port), '--config', config], port, { ...process.env, ...home });
      await sleep(2_000); // it listens before it has connected its upstream, and takes nobody until then
      return () => sseCaller({ url: `http://127.0.0.1:${port}/mcp` });
    },
  },
  {
    npmPackage: 'mcp-proxy',
    version: '6.7.19',
    program: 'dist/bin/mcp-proxy.mjs',
    over: 'direct stdio',
    tool: 'echo',
    connections: 32,
    async start(program, { stdioArgs }) {
      const port = await freePort();
      const listen = ['--host', '127.0.0.1', '--port', String(port), '--server', 'stream'];
      await startListening([program, ...listen, '--', ...npx(stdioArgs)], port);
      return () => httpCaller({ url: `http://127.0.0.1:${port}/mcp` });
    },
  },
  {
    npmPackage: 'supergateway',
    version: '4.0.0',
    program: 'dist/index.js',
    over: 'direct stdio',
    tool: 'echo',
    connections: 32,
    async start(program, { stdioArgs }) {
      const port = await freePort();
      const out = ['--outputTransport', 'streamableHttp', '--stateful', '--logLevel', 'none', '--port', String(port)];
      await startListening([program, '--stdio', npx(stdioArgs).join(' '), ...out], port);
      return () => httpCaller({ url: `http://127.0.0.1:${port}/mcp` });
    },
  },
  {
    npmPackage: 'mcp-remote',
    version: '0.15.1',
    program: 'dist/proxy.js',
    over: 'direct HTTP',
    tool: 'echo',
    connections: 1,
    async start(program, { httpUrl, folder }) {
      const env = { ...process.env, HOME: folder, MCP_REMOTE_CONFIG_DIR: folder };
      return () => stdioCaller({ args: [program, httpUrl, '--transport', 'http-only'], env });
    },
  },
];

/** @param {Peer} peer @returns {Promise<string>} the path of its program */
export async function installPeer({ npmPackage, version, program }) {
  const name = `${npmPackage.replace(/[@/]/g, '-')}-${version}`;
  const place = join(cacheFolder(), 'bench-peers', name);
  const file = join(place, 'node_modules', npmPackage, program);
  if (existsSync(file)) return file;
  await mkdir(join(cacheFolder(), 'bench-peers'), { recursive: true });
  await inWorkFolder(async (work) => {
    await writeFile(join(work, 'package.json'), '{ "private": true }\n');
    const wanted = `${npmPackage}@${version}`;
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const npm = await runNpm(['install', wanted, ...quiet], { cwd: work, timeoutMs: 180_000 });
    if (npm.code !== 0) throw new Error(npm.timedOut ? 'npm took too long' : npm.stderr.trim().split('\n')[0]);
    await rename(work, place);
  });
  return file;
}
