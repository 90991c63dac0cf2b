// @ts-check
/**
 * Real AI clients against the bridge, driven by a scripted model on loopback: a read, a write that waits for a person,
 * a denied deletion, over the stdio shim and over HTTP, connected by `countersign connect`. What counts is the upstream's
 * own log. Not one of the usual stages, because it installs the AI clients (some 1.5 GB, into the cache folder):
 *
 *   npm run build && node test/bench/agents/run.mjs [--wait MS] [--only codex,opencode] [--packages FOLDER]
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder, repositoryRoot } from '../../../main/launch/places.mjs';
import { buildBench } from '../pending.mjs';
import { endPrograms, startReady, track } from '../programs.mjs';
import { agents } from './agents.mjs';
import { startFakeModel } from './fake-model.mjs';

const { values } = parseArgs({
  options: { wait: { type: 'string' }, only: { type: 'string' }, packages: { type: 'string' } },
});
const waitMs = Number(values.wait ?? 45_000);
const wanted = values.only?.split(',') ?? agents.map(({ id }) => id);
const packages = values.packages ?? join(cacheFolder(), 'agents');
const cli = join(repositoryRoot, 'dist', 'mcp-bridge', 'cli.js');
const agentEndsWithinMs = waitMs + 90_000;

const host = await buildBench('agents/agents-host');
const rows = [];
try {
  for (const agent of agents.filter(({ id }) => wanted.includes(id))) {
    install(agent);
    for (const way of ['stdio', 'http']) {
      const row = { agent: agent.id, way, ...(await drive(agent, way)) };
      process.stdout.write(`${JSON.stringify(row)}\n`);
      rows.push(row);
    }
  }
} finally {
  await endPrograms();
}
console.table(rows);
process.exitCode = rows.every(({ works }) => works) ? 0 : 1;

/** @param {import('./agents.mjs').Agent} agent */
function install({ npmName }) {
  if (existsSync(join(packages, 'node_modules', npmName))) return;
  mkdirSync(packages, { recursive: true });
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', packages, npmName], {
    stdio: 'inherit',
  });
}

/** @param {import('./agents.mjs').Agent} agent @param {string} way */
async function drive(agent, way) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-agent-'));
  const make = (/** @type {string} */ name) => {
    mkdirSync(join(folder, name), { mode: 0o700 });
    return join(folder, name);
  };
  const [home, data, project] = [make('home'), make('data'), make('project')];
  const log = join(folder, 'uplog.jsonl');
  writeFileSync(log, '');
  const model = await startFakeModel();
  const startedMs = Date.now();
  try {
    const upstream = join(repositoryRoot, 'test', 'support', 'office-upstream.mjs');
    const { port, mcpClientId, pid } = await startReady([host, data, upstream, log, String(waitMs)]);
    agent.prepare?.(home, model.url);
    const form = way === 'http' ? ['--http', '--port', String(port)] : ['--stdio'];
    const options = ['--client', mcpClientId, '--data-dir', data, '--home', home];
    execFileSync(process.execPath, [cli, 'connect', agent.id, ...options, ...form]);
    const { status, output } = await runAgent(agent, home, project, model.url);
    process.kill(pid);
    const executed = readFileSync(log, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).executed);
    const works =
      JSON.stringify(executed) === '["read_note","create_note"]' && model.requests.some(({ done }) => done === 3);
    if (!works)
      process.stderr.write(`${agent.id} ${way}: ${JSON.stringify(model.requests)}\n${output.slice(-3_000)}\n`);
    return { works, executed: executed.join(' '), status, seconds: Math.round((Date.now() - startedMs) / 1000) };
  } finally {
    model.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {import('./agents.mjs').Agent} agent @param {string} home @param {string} project @param {string} modelUrl
 * @returns {Promise<{ status: number | string, output: string }>}
 */
function runAgent(agent, home, project, modelUrl) {
  const program = join(packages, 'node_modules', agent.program);
  // Whatever would not go to loopback goes to a port where nobody listens.
  const nowhere = 'http://127.0.0.1:9';
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    TERM: 'dumb',
    HTTPS_PROXY: nowhere,
    HTTP_PROXY: nowhere,
    NO_PROXY: '127.0.0.1,localhost',
    ...agent.environment(modelUrl),
  };
  return new Promise((resolve) => {
    const child = track(
      spawn(program, agent.args(project), {
        cwd: project,
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      }),
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (/** @type {Buffer} */ piece) => {
        output += piece;
      });
    const timer = setTimeout(() => process.kill(-Number(child.pid), 'SIGKILL'), agentEndsWithinMs);
    child.once('error', (error) => resolve({ status: error.message, output }));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve({ status: code ?? String(signal), output });
    });
  });
}
