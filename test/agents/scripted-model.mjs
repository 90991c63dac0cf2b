// @ts-nocheck: plain Node runs it, without a build.
/**
 * A model server on loopback that follows a script: it looks for the tools it wants among those the agent offers, calls
 * them one after the other, and calls again where the answer says so. How far it is, it reads off the conversation.
 */
import { createServer } from 'node:http';
import { dialects } from './dialects.mjs';
import { isPending } from './judge.mjs';

/**
 * The tools to call, by the end of their name, each with its arguments.
 * @type {readonly (readonly [string, Record<string, string>])[]}
 */
export const script = [
  ['read_note', { name: 'plan' }],
  ['create_note', { name: 'plan', text: 'ship it' }],
  ['delete_note', { name: 'plan' }],
];

const nothing = '{"object":"list","data":[],"models":[]}';
const isSearch = ({ id }) => id.startsWith('search');

/**
 * What to do next: a call of a tool that is offered; or, where the agent keeps tools back until they were searched for,
 * the search, then the call through the agent's own tool; or nothing.
 */
function nextCall(names, results) {
  const answered = results.filter((result) => !isSearch(result));
  const [tool, args] = script[answered.filter((result) => !isPending(result)).length] ?? [];
  if (tool === undefined) return undefined;
  const call = { id: `call_${results.length}`, args };
  const name = names.find((candidate) => candidate.endsWith(tool));
  if (name !== undefined) return { ...call, name };
  if (!names.includes('tool_search') || !names.includes('tool_call')) return undefined; // titles, summaries: a word will do
  const found = results
    .filter(isSearch)
    .map(({ text }) => new RegExp(`[\\w-]+__${tool}\\b`).exec(text)?.[0])
    .find(Boolean);
  if (found) return { ...call, name: 'tool_call', args: { name: found, arguments: args } };
  return results.some(isSearch) && results.at(-1).id.startsWith('search')
    ? undefined
    : { id: `search_${results.length}`, name: 'tool_search', args: { query: tool } };
}

/**
 * @returns {Promise<{ url: string, told(): { id: string, text: string, isError: boolean | undefined }[],
 *   firstCallAtMs(): number | undefined, requests: { path: string, tools: number, results: number }[], close(): void }>}
 *   `told`: what the agent passed on of the calls' answers, searches left out
 */
export async function startScriptedModel() {
  const requests = [];
  let told = [];
  let firstCallAtMs;
  const server = createServer(async (incoming, outgoing) => {
    let text = '';
    for await (const piece of incoming) text += piece;
    const path = incoming.url ?? '';
    const dialect = dialects.find(({ matches }) => matches.test(path));
    if (!dialect || incoming.method !== 'POST') {
      outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end(nothing);
      return;
    }
    const asked = JSON.parse(text);
    const names = dialect.toolNames(asked);
    const results = dialect.results(asked);
    requests.push({ path, tools: names.length, results: results.length });
    if (results.length > told.length) told = results;
    const call = nextCall(names, results);
    if (call && !isSearch(call)) firstCallAtMs ??= Date.now();
    dialect.answer(outgoing, asked, call, path);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    told: () => told.filter((result) => !isSearch(result)),
    firstCallAtMs: () => firstCallAtMs,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
