// @ts-check
/**
 * How each AI client waits: the table of `docs/ai-clients.md`. A call that is never answered, once without and once with
 * progress, over HTTP, connected by `countersign connect`; all of them at the same time, since all they do is wait.
 *
 *   npm run build && node test/agents/measure.mjs [--only codex,gemini] [--limit MS]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fail, say } from '../../main/launch/say.mjs';
import { endPrograms, startReady } from '../bench/programs.mjs';
import { connectAgent, leaveNothing, makeWorkplace, removeWorkplace, runAgent, upstream } from './agent-run.mjs';
import { buildHost } from './build-host.mjs';
import { agents } from './clients.mjs';
import { installAgents, versionOf } from './install.mjs';
import { startScriptedModel } from './scripted-model.mjs';
import { startTap } from './tap.mjs';

const heldTool = 'create_note';
const usualLimitMs = 400_000;
const betweenStartsMs = 4_000;

/** @param {import('./clients.mjs').Agent} agent @param {string} host @param {boolean} withProgress @param {number} limitMs */
async function measure(agent, host, withProgress, limitMs) {
  const workplace = makeWorkplace();
  const model = await startScriptedModel();
  const { port, mcpClientId } = await startReady([host, workplace.data, upstream, workplace.journal, '1000']);
  const tap = await startTap({ bridgePort: port, heldTool, withProgress });
  try {
    agent.prepare?.(workplace.home, model.url);
    await connectAgent(agent, workplace, mcpClientId, ['--http', '--port', String(tap.port)]);
    const { status } = await runAgent(agent, workplace, model.url, limitMs);
    const calls = tap.seen.filter(
      ({ what, message }) => what === 'tools/call' && message.params.name.endsWith(heldTool),
    );
    const [call] = calls;
    const since = (/** @type {string} */ what) => {
      const entry = tap.seen.find((one) => call && one.what === what && one.atMs >= call.atMs);
      return entry && call ? `${((entry.atMs - call.atMs) / 1000).toFixed(1)} s` : '–';
    };
    const cancelled = tap.seen.filter(({ what }) => what === 'notifications/cancelled');
    return {
      agent: `${agent.id} ${versionOf(agent)}`,
      progress: withProgress,
      first: tap.seen[0]?.what,
      initialize: tap.seen.find(({ what }) => what === 'initialize')?.message.params.protocolVersion ?? '–',
      speaks: call?.protocolVersion ?? '–',
      progressToken: call?.message.params._meta?.progressToken ?? '–',
      meta: Object.keys(call?.message.params._meta ?? {}).join(' '),
      calls: calls.length,
      closed: since('closed'),
      cancelled: since('notifications/cancelled'),
      cancels: cancelled.length,
      status,
      told: model.told()[1]?.text.slice(0, 160) ?? '–',
    };
  } finally {
    tap.close();
    model.close();
    await removeWorkplace(workplace.folder);
  }
}

async function main() {
  const { values } = parseArgs({ options: { only: { type: 'string' }, limit: { type: 'string' } } });
  const limitMs = Number(values.limit ?? usualLimitMs);
  const chosen = agents.filter(({ id }) => values.only === undefined || values.only.split(',').includes(id));
  await installAgents(chosen);
  const host = await buildHost();
  const measured = [];
  for (const agent of chosen) {
    for (const withProgress of [false, true]) {
      measured.push(measure(agent, host, withProgress, limitMs).then((row) => say(JSON.stringify(row, undefined, 1))));
      await sleep(betweenStartsMs);
    }
  }
  await Promise.all(measured);
}

async function tidy() {
  await endPrograms();
  await leaveNothing();
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => void tidy().finally(() => process.exit(130)));
}
main().then(tidy, (error) => tidy().finally(() => fail(error)));
