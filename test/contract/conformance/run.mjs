/**
 * The official conformance suites against the built product:
 *
 *   node test/contract/conformance/run.mjs --node NODE22 [--report FILE]
 *
 * Each row is one way a call may cross the eras; the suites decide what is right. Exit status 1 when anything regressed.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serveFixture } from './served-fixture.mjs';
import { runSignInScenarios } from './sign-in.mjs';
import { scoreOf, suites } from './suites.mjs';

const suiteMs = 180_000;
const [old, initializeEra, statelessEra] = suites;

/** @type {readonly (import('./served-fixture.mjs').UpstreamKind & { suites: readonly (import('./suites.mjs').Suite | undefined)[] })[]} */
const rows = [
  { era: 'both', wire: 'http', suites: [old, initializeEra, statelessEra] },
  { era: 'both', wire: 'stdio', suites: [old, initializeEra, statelessEra] },
  // What an upstream of the initialize era lacks (capabilities per request, say) no bridge can give it.
  { era: 'initialize', wire: 'http', suites: [old, initializeEra] },
];

/**
 * @param {string} node @param {import('./suites.mjs').Suite} suite @param {string} url @param {string} folder
 * @returns {Promise<string>} what it printed
 */
function runSuite(node, suite, url, folder) {
  const args = [suite.program, 'server', '--url', url, '--output-dir', folder, ...suite.args];
  return new Promise((resolve) => {
    const child = spawn(node, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: suiteMs });
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    child.stderr.on('data', (chunk) => {
      printed += chunk;
    });
    child.once('error', (error) => resolve(error.message));
    child.once('close', () => resolve(printed));
  });
}

/** @param {string} node @param {string} work */
async function runAll(node, work) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { suites: wanted, ...upstream } of rows) {
    const served = await serveFixture(upstream, work);
    try {
      for (const suite of wanted) {
        if (suite === undefined) throw new Error('a row names a suite that does not exist');
        const folder = await mkdtemp(join(work, 'results-'));
        const printed = await runSuite(node, suite, served.url, folder);
        const { passed, failed, complaints } = scoreOf(suite, folder);
        total.passed += passed;
        total.failed += failed;
        const sign = failed === 0 ? '✓' : '✗';
        const upstreamText = `${upstream.wire} upstream of ${served.era}`;
        console.log(`${sign} ${suite.name}: ${passed}/${suite.expected} ${suite.counts}, ${upstreamText}`);
        for (const complaint of complaints) console.log(`    ${complaint}`);
        if (failed > 0 && complaints.length === 0) console.log(printed.split('\n').slice(-30).join('\n'));
      }
    } finally {
      await served.close();
    }
  }
  return total;
}

const { values } = parseArgs({ options: { node: { type: 'string' }, report: { type: 'string' } } });
const work = await mkdtemp(join(tmpdir(), 'countersign-conformance-'));
try {
  const node = values.node ?? process.execPath;
  const total = await runAll(node, work);
  const signIn = await runSignInScenarios(node, work);
  total.passed += signIn.passed;
  total.failed += signIn.failed;
  if (values.report === undefined) console.log(`${total.passed} passed, ${total.failed} failed`);
  else await writeFile(values.report, JSON.stringify(total));
  process.exitCode = total.failed === 0 ? 0 : 1;
} finally {
  await rm(work, { recursive: true, force: true });
}
