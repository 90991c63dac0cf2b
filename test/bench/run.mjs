/**
 * `npm run bench [-- --quick] [--no-build] [--no-peers] [--only NAME] [--cpu-prof DIR]`
 *
 *   gateways   an allowed read, HTTP and stdio, beside the direct way and beside other gateways
 *   catalogue  the list of 2,000 tools of 50 upstreams, one of them hung
 *   pending    reads while 200 calls wait for a person
 *   parts      decisions, classification, durable records
 *   audit      pages, filters and the whole check of a log of 1,000,000 records
 *   heap       what the bridge still holds after 200,000 calls
 *   desktop    the app itself: a call is seen, an approval arrives, 200 wait, start, memory in the tray
 *
 * Prints tables and writes test-results/bench.json. Numbers of one run may be compared with each other; those of two
 * runs, or two machines, may not: that is why other gateways and raw costs are measured in turns with ours. Nothing here
 * passes or fails.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from '../../main/launch/build.mjs';
import { repositoryRoot } from '../../main/launch/places.mjs';
import { benchCatalogue } from './catalogue.mjs';
import { benchDesktop } from './desktop-runner.mjs';
import { gatewayGoals } from './gateway-goals.mjs';
import { benchGateways } from './gateways.mjs';
import { benchHeap } from './heap.mjs';
import { benchAudit, benchParts } from './parts-runner.mjs';
import { benchPending } from './pending.mjs';
import { endPrograms } from './programs.mjs';
import { printGateways, printNumbers } from './tables.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: true },
    build: { type: 'boolean', default: true },
    only: { type: 'string' },
    'cpu-prof': { type: 'string' },
  },
  allowNegative: true,
});
const effort = values.quick ? { rounds: 4, calls: 200, burst: 600 } : { rounds: 12, calls: 400, burst: 2_000 };
const profile = values['cpu-prof'];
const nodeArgs = profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile];

/** @type {Record<string, (folder: string) => Promise<unknown>>} */
const benches = {
  async gateways(folder) {
    const result = await benchGateways({ folder, withPeers: values.peers, effort, nodeArgs });
    printGateways(result);
    const goals = printNumbers('what it aims at', gatewayGoals(result.rows));
    return { ...result, goals };
  },
  async catalogue(folder) {
    return printNumbers('50 upstreams, 2,000 tools', await benchCatalogue(folder, effort));
  },
  async pending(folder) {
    return printNumbers('200 approvals waiting', await benchPending(folder, effort));
  },
  async parts(folder) {
    return printNumbers('parts', await benchParts(folder, values.quick));
  },
  async audit(folder) {
    const records = values.quick ? 100_000 : 1_000_000;
    return printNumbers(`an audit log of ${records.toLocaleString('en')} records`, await benchAudit(folder, records));
  },
  async heap(folder) {
    const { numbers, ...course } = await benchHeap(folder, values.quick ? 20_000 : 200_000);
    return { ...printNumbers('what the bridge holds after collecting', numbers), ...course };
  },
  async desktop(folder) {
    return printNumbers('the app', await benchDesktop(folder, values.quick));
  },
};

if (values.only !== undefined && !(values.only in benches)) {
  console.error(`There is no benchmark ${values.only}; there are ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => endPrograms().finally(() => process.exit(130)));
const needsApp = values.only === undefined || values.only === 'desktop';
if (values.build) await buildAll(needsApp ? undefined : ['cli', 'shim']);
/** @type {Record<string, unknown>} */
const results = { node: process.version, processors: cpus().length, model: cpus()[0]?.model, quick: values.quick };
for (const [name, bench] of Object.entries(benches)) {
  if (values.only !== undefined && values.only !== name) continue;
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
  try {
    results[name] = await bench(folder);
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    console.log(`\n${name}: not measured: ${failure}`);
    results[name] = { failure };
  } finally {
    await endPrograms();
    await rm(folder, { recursive: true, force: true });
  }
}
await mkdir(join(repositoryRoot, 'test-results'), { recursive: true });
const file = join(repositoryRoot, 'test-results', 'bench.json');
await writeFile(file, `${JSON.stringify(results, undefined, 2)}\n`);
console.log(`\nAll numbers: ${file}`);
process.exit(0);
