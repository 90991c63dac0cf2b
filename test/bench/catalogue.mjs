/** Fifty upstreams with forty tools each, one of them hung: how long a list takes, and what the hung one costs. */
import { httpCaller } from './callers.mjs';
import { echoProgram, startBridge } from './gateways.mjs';
import { median, quantile, timeCalls } from './measure.mjs';
import { startReady } from './programs.mjs';

/** @param {string} folder @param {{ rounds: number, calls: number }} effort */
export async function benchCatalogue(folder, { rounds, calls }) {
  const { url } = await startReady([echoProgram, 'http']);
  const { origin } = new URL(url);
  const many = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`many-${index}`, { url: `${origin}/many/${index}` }]),
  );
  const hung = { url: `${origin}/hung` };
  const bridge = await startBridge(folder, { ...many, http: { url, trusted: true }, hung });
  const { headers } = bridge;
  const everything = await httpCaller({ url: bridge.url, headers });
  const one = await httpCaller({ url: `${bridge.url}/http`, headers });
  const lists = [];
  let tools = 0;
  for (let round = 0; round < rounds * 10; round += 1) {
    const startedMs = performance.now();
    const answer = await everything.ask('tools/list', {});
    lists.push(performance.now() - startedMs);
    tools = answer.result.tools.length;
  }
  await timeCalls(one, 'echo', calls);
  const beside = await timeCalls(one, 'echo', calls);
  everything.close();
  one.close();
  return {
    'tools listed': { value: tools, unit: 'tools' },
    'start, one upstream hung': { value: bridge.readyAfterMs, unit: 'ms' },
    'list p50': { value: median(lists), unit: 'ms', target: 30 },
    'list p99': { value: quantile(lists, 0.99), unit: 'ms' },
    'read beside a hung upstream p50': { value: median(beside), unit: 'ms' },
  };
}
