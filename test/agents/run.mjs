// @ts-check
/**
 * Real AI clients against the bridge, driven by a scripted model on loopback: a read, a write that waits for a person, a
 * denied deletion, over the stdio shim and over HTTP, connected by `countersign connect`. What counts is what the
 * upstream executed, when, and what the AI client told its model.
 *
 *   npm test -- agents [--wait MS] [--only codex,opencode] [--show]
 *
 * INVARIANT: a person's own configuration of these AI clients is neither read nor written: each run has a home of its own.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fail, SetUpError, say } from '../../main/launch/say.mjs';
import { endPrograms } from '../bench/programs.mjs';
import { leaveNothing } from './agent-run.mjs';
import { buildHost } from './build-host.mjs';
import { agents } from './clients.mjs';
import { drive } from './drive.mjs';
import { installAgents, versionOf } from './install.mjs';

const usualWaitMs = 5_000;
const longestWaitMs = 600_000;
const transports = /** @type {const} */ (['stdio', 'http']);

function given() {
  const text = /** @type {const} */ ({ type: 'string' });
  try {
    return parseArgs({ options: { wait: text, only: text, report: text, show: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new SetUpError(error instanceof Error ? error.message : String(error));
  }
}

function options() {
  const values = given();
  const waitMs = Number(values.wait ?? usualWaitMs);
  if (!Number.isInteger(waitMs) || waitMs < 1_000 || waitMs > longestWaitMs) {
    throw new SetUpError(`--wait is in milliseconds, from 1000 to ${longestWaitMs}, not ${values.wait}.`);
  }
  const wanted = values.only?.split(',') ?? agents.map(({ id }) => id);
  const unknown = wanted.filter((id) => !agents.some((agent) => agent.id === id));
  if (unknown.length > 0) {
    throw new SetUpError(
      `No such AI client: ${unknown.join(', ')}. There are ${agents.map(({ id }) => id).join(', ')}.`,
    );
  }
  if (process.platform !== 'linux') throw new SetUpError('This stage runs on Linux: it looks for processes in /proc.');
  return { ...values, waitMs, chosen: agents.filter(({ id }) => wanted.includes(id)) };
}

async function main() {
  const { waitMs, chosen, show, report } = options();
  await installAgents(chosen);
  const host = await buildHost();
  const runs = [];
  for (const agent of chosen) {
    for (const transport of transports) {
      const startedMs = Date.now();
      const { wrong, line, told, output } = await drive(agent, transport, { host, waitMs });
      const seconds = Math.round((Date.now() - startedMs) / 1000);
      const name = `${agent.id} ${versionOf(agent)}`.padEnd(24);
      say(`${wrong.length === 0 ? '✓' : '✗'} ${name}${transport.padEnd(7)}${`${seconds} s`.padEnd(6)}${line}`);
      if (wrong.length > 0) say(output.slice(-3_000).replaceAll(/^/gm, '    '));
      if (show) for (const { text, isError } of told) say(`    told${isError ? ' (error)' : ''}: ${text}`);
      runs.push({ agent: agent.id, transport, wrong });
    }
  }
  const failed = runs.filter(({ wrong }) => wrong.length > 0).length;
  const counts = { passed: runs.length - failed, failed, skipped: 0 };
  if (report) writeFileSync(report, JSON.stringify(counts));
  return failed === 0 ? 0 : 1;
}

async function end(/** @type {number} */ status) {
  await endPrograms();
  await leaveNothing();
  process.exit(status);
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => void end(130));
main().then(end, async (error) => {
  await endPrograms();
  await leaveNothing();
  fail(error);
});
