/**
 * `npm test [-- STAGE…]`: set up, then every stage in turn; one that fails does not keep the next from running. Prints
 * what each stage counted and, last, one line `N passed, N failed` over all of them. `agents` runs only when it is named,
 * because it installs 1.6 GB of AI clients; options behind it are its own.
 *
 * INVARIANT: exit status 0 means every stage ran at least one test and none failed.
 */
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withDisplay } from './display.mjs';
import { newerNode } from './newer-node.mjs';
import { repositoryRoot } from './places.mjs';
import { fail, SetUpError, say } from './say.mjs';
import { setUp } from './setup.mjs';
import { appEnvironment, walkthroughProgram } from './start.mjs';
import {
  addCounts,
  countsLine,
  playwrightCounts,
  stageCounts,
  vitestCounts,
  walkthroughCounts,
} from './test-counts.mjs';

/** @typedef {import('./test-counts.mjs').Counts} Counts */
/** @typedef {{ runtime: import('./electron-runtime.mjs').Runtime, reports: string, options: readonly string[] }} Context */

const minute = 60_000;
const bin = (/** @type {string} */ path) => join(repositoryRoot, 'node_modules', path);

/**
 * Runs a stage's program in a process group of its own, so that what it started can be ended with it.
 * @param {readonly string[]} args for Node
 * @param {NodeJS.ProcessEnv} env
 * @param {number} limitMs
 * @returns {Promise<number>} exit status; 124 when the time was over
 */
function runNode(args, env, limitMs) {
  const child = spawn(process.execPath, args, {
    cwd: repositoryRoot,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  const endAll = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // already gone
    }
  };
  const onSignal = () => {
    const leave = () => {
      endAll();
      process.exit(130);
    };
    // A moment for it to tidy up in: only it knows what it has started and made elsewhere.
    child.once('exit', leave).kill('SIGTERM');
    setTimeout(leave, 3_000);
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      say(`✗ Not done after ${limitMs / minute} minutes: ended.`);
      endAll();
      resolve(124);
    }, limitMs);
    child.once('exit', (code) => {
      clearTimeout(timer);
      process.removeListener('SIGINT', onSignal);
      process.removeListener('SIGTERM', onSignal);
      endAll();
      resolve(code ?? 1);
    });
  });
}

/** @param {string} project @param {number} limitMs @returns {(context: Context) => Promise<Counts>} */
function vitest(project, limitMs) {
  return async ({ runtime, reports }) => {
    const report = join(reports, `${project}.json`);
    const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const env = appEnvironment(runtime, process.env);
    return stageCounts(await runNode([bin('vitest/vitest.mjs'), ...args], env, limitMs), report, vitestCounts);
  };
}

/** @type {Record<string, (context: Context) => Promise<Counts>>} */
const stages = {
  // Imported when it runs: it needs packages that set-up installs.
  check: async () => (await import('./check.mjs')).runChecks(),
  unit: vitest('unit', 10 * minute),
  contract: vitest('contract', 10 * minute),
  // `npm test -- conformance`: the official suites, a matter of half a minute
  conformance: async ({ reports }) => {
    const report = join(reports, 'conformance.json');
    const program = join(repositoryRoot, 'test', 'contract', 'conformance', 'run.mjs');
    const code = await runNode([program, '--node', newerNode(), '--report', report], process.env, 10 * minute);
    return stageCounts(code, report, (counts) => counts);
  },
  integration: vitest('integration', 15 * minute),
  abuse: vitest('abuse', 15 * minute),
  architecture: vitest('architecture', 5 * minute),
  e2e: async ({ runtime, reports }) => {
    const report = join(reports, 'e2e.json');
    return withDisplay(async (display) => {
      const env = { ...appEnvironment(runtime, display), PLAYWRIGHT_JSON_OUTPUT_FILE: report };
      const code = await runNode([bin('@playwright/test/cli.js'), 'test', '--reporter=list,json'], env, 20 * minute);
      return stageCounts(code, report, playwrightCounts);
    });
  },
  walkthrough: async ({ runtime }) => {
    const report = join(repositoryRoot, 'walkthrough', 'report.json');
    await rm(report, { force: true }); // an old one proves nothing
    return withDisplay(async (display) => {
      const code = await runNode([walkthroughProgram()], appEnvironment(runtime, display), 15 * minute);
      return stageCounts(code, report, walkthroughCounts);
    });
  },
  // `npm test -- agents [--wait MS] [--only ID,ID] [--show]`: real AI clients, each over both transports
  agents: async ({ reports, options }) => {
    const report = join(reports, 'agents.json');
    const program = join(repositoryRoot, 'test', 'agents', 'run.mjs');
    const code = await runNode([program, '--report', report, ...options], process.env, 240 * minute);
    return stageCounts(code, report, (counts) => counts);
  },
};
const usualStages = Object.keys(stages).filter((name) => name !== 'agents');

/** Stages that need neither a build nor a desktop. */
const sourceOnly = ['check', 'unit', 'architecture'];

/** @param {readonly string[]} wanted @param {readonly string[]} options @returns {Promise<boolean>} whether all is well */
async function test(wanted, options) {
  const light = wanted.every((name) => sourceOnly.includes(name));
  const runtime = await setUp({ profile: light ? 'app' : 'test', build: !light });
  const reports = await mkdtemp(join(tmpdir(), 'countersign-test-'));
  await chmod(reports, 0o700);
  await mkdir(join(repositoryRoot, 'test-results'), { recursive: true });
  /** @type {[string, Counts][]} */
  const results = [];
  try {
    for (const name of wanted) {
      say(`\n━━ ${name} ━━`);
      const startedAtMs = Date.now();
      const counts = await stages[name]?.({ runtime, reports, options }).catch((error) => {
        say(`✗ ${error instanceof Error ? error.message : String(error)}`);
        return { passed: 0, failed: 1, skipped: 0 };
      });
      if (counts === undefined) throw new SetUpError(`No such stage: ${name}`);
      results.push([name, counts]);
      say(`${name}: ${countsLine(counts)} (${Math.round((Date.now() - startedAtMs) / 1000)} s)`);
    }
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
  say('\n━━ total ━━');
  for (const [name, counts] of results) say(`${name.padEnd(14)}${countsLine(counts)}`);
  const total = addCounts(results.map(([, counts]) => counts));
  say(`\n${countsLine(total)}`);
  return total.failed === 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const asked = process.argv.slice(2);
  const firstOption = asked.findIndex((word) => word.startsWith('-'));
  const names = firstOption === -1 ? asked : asked.slice(0, firstOption);
  const options = asked.slice(names.length);
  const unknown = names.filter((name) => !(name in stages));
  if (unknown.length > 0) {
    fail(new SetUpError(`No such stage: ${unknown.join(', ')}. There are ${Object.keys(stages).join(', ')}.`));
  }
  if (options.length > 0 && !names.includes('agents')) {
    fail(new SetUpError(`Only the stage agents has options, so ${options[0]} means nothing here.`));
  }
  test(names.length > 0 ? names : usualStages, options).then((allWell) => process.exit(allWell ? 0 : 1), fail);
}
