// @ts-check
/** One AI client over one transport, with a bridge of its own, and the judgement on it. */
import { readFileSync } from 'node:fs';
import { endPrograms, startReady } from '../bench/programs.mjs';
import { connectAgent, makeWorkplace, removeWorkplace, runAgent, upstream } from './agent-run.mjs';
import { judge, summary } from './judge.mjs';
import { endProcessesOf } from './processes.mjs';
import { script, startScriptedModel } from './scripted-model.mjs';

const besidesWaitingMs = 120_000;
const endsByItselfMs = 5_000;

/** @typedef {'stdio' | 'http'} Transport */

/**
 * @param {import('./clients.mjs').Agent} agent @param {Transport} transport @param {{ host: string, waitMs: number }} options
 * @returns {Promise<{ wrong: string[], line: string, told: readonly import('./judge.mjs').Told[], output: string }>}
 */
export async function drive(agent, transport, { host, waitMs }) {
  const workplace = makeWorkplace();
  const model = await startScriptedModel();
  try {
    const parts = [workplace.data, upstream, workplace.journal, String(waitMs)];
    const { port, mcpClientId } = await startReady([host, ...parts]);
    agent.prepare?.(workplace.home, model.url);
    const form = transport === 'http' ? ['--http', '--port', String(port)] : ['--stdio'];
    await connectAgent(agent, workplace, mcpClientId, form);
    const { status, output } = await runAgent(agent, workplace, model.url, waitMs + besidesWaitingMs);
    const leftBehind = await endProcessesOf(workplace.folder, endsByItselfMs);
    const journal = readFileSync(workplace.journal, 'utf8')
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
    model.close();
    await removeWorkplace(workplace.folder);
  }
}
