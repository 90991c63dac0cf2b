/**
 * The official suite's scenarios of MCP authorization, against the product's own client side of it. The suite brings the
 * authorization server and the MCP server; each scenario is one way in which they differ, or misbehave.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const require = createRequire(import.meta.url);
const suite = join(dirname(require.resolve('@modelcontextprotocol/conformance/package.json')), 'dist', 'index.js');
const scenarioMs = 60_000;

/** Extensions (DPoP, client credentials, enterprise) are not claimed, nor is an authorization server without metadata. */
const scenarios = [
  ...['metadata-default', 'metadata-var1', 'metadata-var2', 'metadata-var3', 'metadata-issuer-mismatch'],
  'basic-cimd', // warns that we register, as an app without a public address has to
  ...['scope-from-www-authenticate', 'scope-from-scopes-supported', 'scope-omitted-when-undefined'],
  ...['scope-step-up', 'scope-retry-limit', 'offline-access-scope', 'offline-access-not-supported'],
  ...['token-endpoint-auth-basic', 'token-endpoint-auth-post', 'token-endpoint-auth-none', 'pre-registration'],
  ...['resource-mismatch', 'authorization-server-migration'],
  ...['iss-supported', 'iss-not-advertised', 'iss-supported-missing', 'iss-wrong-issuer', 'iss-unexpected'],
  ...['iss-normalized', '2025-03-26-oauth-metadata-backcompat'],
];

/** @param {string} node @param {string} work a folder for what it writes @returns {Promise<{ passed: number, failed: number }>} */
export async function runSignInScenarios(node, work) {
  const program = await bundledClient(join(work, 'sign-in-client'));
  const total = { passed: 0, failed: 0 };
  for (const scenario of scenarios) {
    const folder = join(work, `sign-in-${scenario}`);
    const printed = await runScenario(node, scenario, program, folder);
    const complaints = complaintsIn(folder);
    const isFine = complaints?.length === 0;
    total[isFine ? 'passed' : 'failed'] += 1;
    if (isFine) continue;
    console.log(`✗ auth/${scenario}`);
    for (const complaint of complaints ?? [printed.slice(-2_000)]) console.log(`    ${complaint}`);
  }
  const sign = total.failed === 0 ? '✓' : '✗';
  console.log(`${sign} 0.2.0-alpha.12 client auth: ${total.passed}/${scenarios.length} scenarios`);
  return total;
}

/** @param {string} outDir */
async function bundledClient(outDir) {
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: fileURLToPath(new URL('sign-in-client.ts', import.meta.url)),
      outDir,
      target: 'node18',
      minify: false,
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'client.cjs', codeSplitting: false } },
    },
    ssr: { noExternal: true },
  });
  return join(outDir, 'client.cjs');
}

/** @param {string} node @param {string} scenario @param {string} program @param {string} folder @returns {Promise<string>} */
function runScenario(node, scenario, program, folder) {
  const command = `"${process.execPath}" "${program}"`;
  const args = [suite, 'client', '--command', command, '--scenario', `auth/${scenario}`, '--output-dir', folder];
  return new Promise((resolve) => {
    const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: scenarioMs });
    let printed = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      printed += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve(error.message));
    child.once('close', () => resolve(printed));
  });
}

/** Undefined: it did not come to an end. @param {string} folder @returns {string[] | undefined} */
function complaintsIn(folder) {
  try {
    const file = readdirSync(folder, { recursive: true })
      .map(String)
      .find((name) => name.endsWith('checks.json'));
    const checks = JSON.parse(readFileSync(join(folder, file ?? 'checks.json'), 'utf8'));
    if (!Array.isArray(checks) || checks.length === 0) return undefined;
    return checks
      .filter(({ status }) => status === 'FAILURE')
      .map(({ id, errorMessage, description }) => `${id}: ${errorMessage ?? description}`);
  } catch {
    return undefined;
  }
}
