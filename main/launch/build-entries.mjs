/**
 * What is built, from what, to where: one Vite build per entry, because a chunk shared between two entries would break
 * the sandboxed preload scripts and let the two windows' code mix.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import react from '@vitejs/plugin-react';
import { repositoryRoot } from './places.mjs';

/**
 * `node`: one CommonJS file for Electron's main, utility and preload processes and for system Node.
 * `module`: one ES module for system Node. `page`: an HTML page with its own script, styles and assets.
 * @typedef {{ name: string, kind: 'node' | 'module' | 'page', source: string, output: string, shebang?: true }} Entry
 */

/** @type {readonly Entry[]} */
export const entries = [
  { name: 'main', kind: 'node', source: 'main/app/main.ts', output: 'dist/main/main.cjs' },
  { name: 'utility', kind: 'node', source: 'mcp-bridge/process/utility.ts', output: 'dist/mcp-bridge/utility.cjs' },
  { name: 'cli', kind: 'node', source: 'mcp-bridge/process/cli.ts', output: 'dist/mcp-bridge/cli.js', shebang: true },
  {
    name: 'shim',
    kind: 'node',
    source: 'mcp-bridge/inbound/stdio-shim.ts',
    output: 'dist/mcp-bridge/stdio-shim.cjs',
    shebang: true,
  },
  {
    name: 'preload-dashboard',
    kind: 'node',
    source: 'main/preload/dashboard.ts',
    output: 'dist/preload/dashboard.cjs',
  },
  { name: 'preload-approval', kind: 'node', source: 'main/preload/approval.ts', output: 'dist/preload/approval.cjs' },
  {
    name: 'dashboard',
    kind: 'page',
    source: 'renderer/dashboard/index.html',
    output: 'dist/renderer/dashboard/index.html',
  },
  {
    name: 'approval',
    kind: 'page',
    source: 'renderer/approval/index.html',
    output: 'dist/renderer/approval/index.html',
  },
  {
    name: 'demo-provider',
    kind: 'module',
    source: 'main/identity/demo-provider.ts',
    output: 'dist/identity/demo-provider.mjs',
  },
  {
    name: 'walkthrough',
    kind: 'module',
    source: 'test/walkthrough/run.ts',
    output: 'dist/walkthrough/walkthrough.mjs',
  },
];

/**
 * Stays in node_modules: Electron, what brings native or WebAssembly files beside its code, and, for the two entries
 * that only run from a checkout, the development tools they drive.
 */
const external = [
  'electron',
  /^@photostructure\/sqlite(\/|$)/,
  /^@guanmingchiu\/sqlparser-ts(\/|$)/,
  /^libpg-query(\/|$)/,
  /^@guanmingchiu\/sqlparser-ts(\/|$)/,
  /^web-tree-sitter(\/|$)/,
  /^tree-sitter-bash(\/|$)/,
];
const externalFromCheckout = [
  ...external,
  /^playwright(-core)?(\/|$)/,
  /^@playwright\//,
  /^oidc-provider(\/|$)/,
  /^@modelcontextprotocol\//,
];

/** @param {Entry} entry */
export const entryExists = (entry) => existsSync(join(repositoryRoot, entry.source));

/** @param {Entry} entry @param {import('vite').Plugin} recorder @returns {import('vite').InlineConfig} */
export function viteConfig(entry, recorder) {
  const common = {
    configFile: /** @type {false} */ (false),
    logLevel: /** @type {'warn'} */ ('warn'),
    publicDir: /** @type {false} */ (false),
  };
  const outDir = join(repositoryRoot, dirname(entry.output));
  if (entry.kind === 'page') {
    return {
      ...common,
      root: join(repositoryRoot, dirname(entry.source)),
      base: './',
      plugins: [react(), recorder],
      build: {
        outDir,
        emptyOutDir: true,
        target: 'chrome114',
        // SECURITY(EL-01): `script-src 'self'` allows no inline script and no data: module.
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
      },
    };
  }
  const isModule = entry.kind === 'module';
  return {
    ...common,
    root: repositoryRoot,
    plugins: [recorder],
    build: {
      ssr: join(repositoryRoot, entry.source),
      outDir,
      emptyOutDir: false,
      copyPublicDir: false,
      target: isModule ? 'node20' : 'node18',
      minify: false,
      rolldownOptions: {
        external: isModule ? externalFromCheckout : external,
        output: {
          format: isModule ? 'es' : 'cjs',
          codeSplitting: false,
          entryFileNames: basename(entry.output),
          ...(entry.shebang ? { banner: '#!/usr/bin/env node' } : {}),
        },
      },
    },
    ssr: { noExternal: true, target: 'node' },
  };
}
