/** `npm run check`: types, lint, import rules, dead code. All of them run, whatever the first one says. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkImports } from './import-rules.mjs';
import { repositoryRoot } from './places.mjs';
import { run } from './run.mjs';
import { fail, say } from './say.mjs';

const bin = (/** @type {string} */ path) => join(repositoryRoot, 'node_modules', path);

/** @param {readonly string[]} args of Node @returns {Promise<string | undefined>} the complaints, undefined when none */
async function tool(args) {
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd: repositoryRoot });
  return code === 0 ? undefined : `${stdout}${stderr}`.trim();
}

const types = (/** @type {string} */ project) => tool([bin('typescript/bin/tsc'), '-p', project]);

/** @type {readonly [string, () => Promise<string | undefined>][]} */
const checks = [
  ['types', () => types('tsconfig.json')],
  ['types: the core has neither Node nor the DOM', () => types('tsconfig.core.json')],
  ['types: the bridge has no DOM', () => types('tsconfig.bridge.json')],
  ['types: the renderer has no Node', () => types('tsconfig.renderer.json')],
  ['lint and format', () => tool([bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings'])],
  ['import rules', async () => checkImports(repositoryRoot).join('\n') || undefined],
  ['dead code and dependencies', () => tool([bin('knip/bin/knip.js'), '--no-progress'])],
];

/** @returns {Promise<import('./test-counts.mjs').Counts>} one per check */
export async function runChecks() {
  let failed = 0;
  for (const [name, check] of checks) {
    const complaints = await check();
    say(complaints === undefined ? `✓ ${name}` : `✗ ${name}\n${complaints}\n`);
    if (complaints !== undefined) failed += 1;
  }
  return { passed: checks.length - failed, failed, skipped: 0 };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  runChecks().then(({ failed }) => process.exit(failed === 0 ? 0 : 1), fail);
}
