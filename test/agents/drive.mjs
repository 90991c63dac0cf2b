// @ts-check
/** One AI client over one transport: a bridge of its own, connected by `countersign connect`, in a home of its own. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newerNode } from '../../main/launch/newer-node.mjs';
import { repositoryRoot } from '../../main/launch/places.mjs';
import { run } from '../../main/launch/run.mjs';
import { endPrograms, startReady, track } from '../bench/programs.mjs';
import { programOf } from './install.mjs';
import { judge, summary } from './judge.mjs';
import { endProcessesOf } from './processes.mjs';
import { script, startScriptedModel } from './scripted-model.mjs';

const cli = join(repositoryRoot, 'dist', 'mcp-bridge', 'cli.js');
const upstream = join(repositoryRoot, 'test', 'agents', 'note-upstream.mjs');
const besidesWaitingMs = 120_000;
const endsByItselfMs = 5_000;

/** @typedef {import('./clients.mjs').Agent} Agent */
/** @typedef {'stdio' | 'http'} Transport */

/** Folders that are still there, for the case that all of this is stopped. @type {Set<string>} */
const folders = new Set();

export async function leaveNothing() {
  for (const folder of folders) {
    await endProcessesOf(folder, 0);
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {Agent} agent @param {Transport} transport @param {{ host: string, waitMs: number }} options
 * @returns {Promise<{ wrong: string[], line: string, told: readonly import('./judge.mjs').Told[], output: string }>}
 */
export async function drive(agent, transport, { host, waitMs }) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-agent-'));
  folders.add(folder);
  const [home, data, project, temporary] = ['home', 'data', 'project', 'tmp'].map((name) => {
    mkdirSync(join(folder, name), { mode: 0o700 });
    return join(folder, name);
  });
  if (!home || !data || !project || !temporary) throw new Error('no folders');
  const journalFile = join(folder, 'journal.jsonl');
  writeFileSync(journalFile, '');
  const model = await startScriptedModel();
  try {
    const { port, mcpClientId } = await startReady([host, data, upstream, journalFile, String(waitMs)]);
    agent.prepare?.(home, model.url);
    const form = transport === 'http' ? ['--http', '--port', String(port)] : ['--stdio'];
    const who = ['--client', mcpClientId, '--data-dir', data, '--home', home];
    const connected = await run(process.execPath, [cli, 'connect', agent.id, ...who, ...form]);
    if (connected.code !== 0) throw new Error(`countersign connect ${agent.id}: ${connected.stderr}`);
    const environment = environmentOf(agent, home, temporary, model.url);
    const { status, output } = await runAgent(agent, {
      home,
      project,
      environment,
      limitMs: waitMs + besidesWaitingMs,
    });
    const leftBehind = await endProcessesOf(folder, endsByItselfMs);
    const journal = readFileSync(journalFile, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const told = model.told();
    const firstCallAtMs = model.firstCallAtMs() ?? Number.NaN;
    const judged = { journal, told, script, waitMs, firstCallAtMs, status, leftBehind };
    const wrong = judge(judged);
    const asked = JSON.stringify(model.requests);
    return {
      wrong,
      line: wrong.length === 0 ? summary(judged) : wrong.join('; '),
      told,
      output: `${output}\n${asked}`,
    };
  } finally {
    await endPrograms();
    await endProcessesOf(folder, 0);
    model.close();
    rmSync(folder, { recursive: true, force: true });
    folders.delete(folder);
  }
}

/** Nothing of the person's own. @param {Agent} agent @param {string} home @param {string} temporary @param {string} modelUrl */
function environmentOf(agent, home, temporary, modelUrl) {
  const nowhere = 'http://127.0.0.1:9'; // whatever would not go to loopback goes to a port where nobody listens
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    TMPDIR: temporary,
    TERM: 'dumb',
    HTTPS_PROXY: nowhere,
    HTTP_PROXY: nowhere,
    NO_PROXY: '127.0.0.1,localhost',
    ...agent.environment(modelUrl),
  };
}

/**
 * @param {Agent} agent
 * @param {{ home: string, project: string, environment: NodeJS.ProcessEnv, limitMs: number }} where
 * @returns {Promise<{ status: number | string, output: string }>}
 */
export function runAgent(agent, { home, project, environment, limitMs }) {
  const program = programOf(agent);
  const node = agent.newerNode ? newerNode() : process.execPath;
  const [command, ...before] = program.endsWith('.js') ? [node, program] : [program];
  return new Promise((resolve) => {
    const child = track(
      spawn(String(command), [...before, ...agent.args(home)], {
        cwd: project,
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (/** @type {Buffer} */ piece) => {
        output += piece;
      });
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
    child.once('error', (error) => resolve({ status: error.message, output }));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve({ status: code ?? String(signal), output });
    });
  });
}
