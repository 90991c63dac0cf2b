/** The product as it is built, in front of the fixture that has everything, behind a front with the suite's key. */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startKeyFront } from './key-front.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const fixtureProgram = join(root, 'test/support/conformance-upstream.mjs');
const readyMs = 20_000;

/** @typedef {{ era: 'both' | 'initialize', wire: 'http' | 'stdio' }} UpstreamKind */

/**
 * @param {readonly string[]} args for Node
 * @returns {Promise<{ child: import('node:child_process').ChildProcess, ready: any }>} its first line, as JSON
 */
async function startProgram(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdout) });
  const line = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${args[0]} was not ready in ${readyMs} ms`)), readyMs);
    lines.once('line', (text) => {
      clearTimeout(timer);
      resolve(text);
    });
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code} before it was ready`)));
  });
  return { child, ready: JSON.parse(line) };
}

/** @param {import('node:child_process').ChildProcess} child */
function end(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(undefined);
    child.once('exit', resolve);
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 5_000).unref();
  });
}

/**
 * @param {UpstreamKind} upstream
 * @param {string} folder of our own, for the configuration
 * @returns {Promise<{ url: string, era: string, close(): Promise<void> }>} the endpoint with unchanged names
 */
export async function serveFixture({ era, wire }, folder) {
  /** @type {import('node:child_process').ChildProcess[]} */
  const children = [];
  const start = async (/** @type {readonly string[]} */ args) => {
    const { child, ready } = await startProgram(args);
    children.unshift(child);
    return ready;
  };
  const args = [fixtureProgram, '--era', era];
  const entry =
    wire === 'stdio'
      ? { command: process.execPath, args }
      : { url: /** @type {string} */ ((await start([...args, '--http', '0'])).url) };
  const config = join(folder, `${era}-${wire}.json`);
  const allow = { sampling: true, elicitation: true, roots: true };
  await writeFile(
    config,
    JSON.stringify({
      mcpServers: { fixture: { ...entry, allow } },
      review: 'first-use',
      clients: [{ id: 'suite' }],
    }),
  );
  const cli = join(root, 'dist/mcp-bridge/cli.js');
  const served = [cli, 'serve', '--config', config, '--port', '0', '--approvals', 'dangerously-allow-all'];
  try {
    const { url, clients, servers } = await start(served);
    const front = await startKeyFront({ bridgeUrl: `${url}/fixture`, key: clients[0].key });
    return {
      url: front.url,
      era: servers[0].era,
      async close() {
        front.close();
        for (const child of children) await end(child);
      },
    };
  } catch (error) {
    for (const child of children) await end(child);
    throw error;
  }
}
