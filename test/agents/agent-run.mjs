// @ts-check
/** A home of its own for one run of an AI client, connected by `countersign connect`, and the AI client's program in it. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newerNode } from '../../main/launch/newer-node.mjs';
import { repositoryRoot } from '../../main/launch/places.mjs';
import { run } from '../../main/launch/run.mjs';
import { track } from '../bench/programs.mjs';
import { programOf } from './install.mjs';
import { endProcessesOf } from './processes.mjs';

const cli = join(repositoryRoot, 'dist', 'mcp-bridge', 'cli.js');
export const upstream = join(repositoryRoot, 'test', 'agents', 'note-upstream.mjs');

/** @typedef {import('./clients.mjs').Agent} Agent */
/** @typedef {{ folder: string, home: string, data: string, project: string, temporary: string, journal: string }} Workplace */

/** Folders that are still there, for the case that all of this is stopped. @type {Set<string>} */
const folders = new Set();

/** @returns {Workplace} */
export function makeWorkplace() {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-agent-'));
  folders.add(folder);
  const make = (/** @type {string} */ name) => {
    mkdirSync(join(folder, name), { mode: 0o700 });
    return join(folder, name);
  };
  const journal = join(folder, 'journal.jsonl');
  writeFileSync(journal, '');
  return { folder, home: make('home'), data: make('data'), project: make('project'), temporary: make('tmp'), journal };
}

/** @param {string} folder */
export async function removeWorkplace(folder) {
  await endProcessesOf(folder, 0);
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

export async function leaveNothing() {
  for (const folder of folders) await removeWorkplace(folder);
}

/** @param {Agent} agent @param {Workplace} workplace @param {string} mcpClientId @param {readonly string[]} form */
export async function connectAgent(agent, { data, home }, mcpClientId, form) {
  const who = ['--client', mcpClientId, '--data-dir', data, '--home', home];
  const connected = await run(process.execPath, [cli, 'connect', agent.id, ...who, ...form]);
  if (connected.code !== 0) throw new Error(`countersign connect ${agent.id}: ${connected.stderr}`);
}

/** Nothing of the person's own. @param {Agent} agent @param {Workplace} workplace @param {string} modelUrl */
function environmentOf(agent, { home, temporary }, modelUrl) {
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
 * @param {Agent} agent @param {Workplace} workplace @param {string} modelUrl @param {number} limitMs
 * @returns {Promise<{ status: number | string, output: string }>}
 */
export function runAgent(agent, workplace, modelUrl, limitMs) {
  const program = programOf(agent);
  const node = agent.newerNode ? newerNode() : process.execPath;
  const [command, ...before] = program.endsWith('.js') ? [node, program] : [program];
  return new Promise((resolve) => {
    const child = track(
      spawn(String(command), [...before, ...agent.args(workplace.home)], {
        cwd: workplace.project,
        env: environmentOf(agent, workplace, modelUrl),
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
