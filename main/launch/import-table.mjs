/**
 * Who may import whom: DESIGN's layers as a table. The first line whose `place` holds a file is that file's layer; a file
 * that no line holds is a violation, so a new folder needs a decision here.
 *
 * A place is a folder or a file without its extension. `local`: places it may import. `types`: places it may import
 * types from, and nothing that exists at run time. `packages`: 'any', or the only ones allowed. `node`: whether Node's
 * own modules are. `pure`: no clock, randomness, timers or network either.
 * @typedef {{ place: string, local: readonly string[], types?: readonly string[], packages: 'any' | readonly string[],
 *   node: boolean, pure?: true }} Layer
 */

/** SECURITY(EL-05): one place checks who sends an IPC message, so one place may receive them. */
export const ipcMainOwner = 'main/ipc/handle';

const core = 'mcp-bridge/core';
/** What bridge and main speak with each other: the contract, the schemas it is made of, and calls over a message port. */
const spoken = ['contract', 'effect-view-schema', 'message-calls'].map((name) => `mcp-bridge/process/${name}`);
/** What a page may take from the core: the words, and how to draw text that is not to be trusted. */
const shown = [`${core}/model`, `${core}/display`];
const ports = 'mcp-bridge/pipeline/ports';
const ipc = 'main/ipc';

/** @param {string} name @param {readonly string[]} packages @returns {Layer} an adapter: one outside thing behind ports */
const adapter = (name, packages) => ({
  place: `mcp-bridge/${name}`,
  local: [`mcp-bridge/${name}`, core],
  types: [ports],
  packages: ['zod', ...packages],
  node: true,
});

/** @param {string} name @returns {Layer} one page: never the other page's code */
const page = (name) => ({
  place: `renderer/${name}`,
  local: [`renderer/${name}`, 'renderer/ui', 'renderer/lib', ipc, ...shown],
  packages: 'any',
  node: false,
});

/** @type {readonly Layer[]} */
export const layers = [
  { place: core, local: [core], packages: ['zod'], node: false, pure: true },
  { place: 'mcp-bridge/pipeline', local: ['mcp-bridge/pipeline', core], packages: [], node: false },
  adapter('inbound', []),
  adapter('upstream', ['undici']),
  adapter('facts', ['diff']),
  adapter('ledger', ['@photostructure/sqlite']),
  adapter('connect', ['jsonc-parser', 'smol-toml', 'yaml']),
  adapter('token', ['jose']),
  adapter('parsers', ['libpg-query', '@guanmingchiu/sqlparser-ts', 'web-tree-sitter', 'tree-sitter-bash', 'graphql']),
  ...spoken.map((place) => ({
    place,
    local: [core, ...spoken],
    packages: ['zod'],
    node: false,
  })),
  { place: 'mcp-bridge/process', local: ['mcp-bridge', 'package.json'], packages: 'any', node: true },

  { place: 'main/launch', local: ['main/launch'], packages: ['vite', '@vitejs/plugin-react', 'electron'], node: true },
  { place: ipcMainOwner, local: [ipc, core, ...spoken], packages: ['electron', 'zod'], node: true },
  { place: ipc, local: [ipc, core], packages: ['zod'], node: false },
  { place: 'main/preload', local: ['main/preload', ipc], packages: ['electron', 'zod'], node: false },
  // Checking a token is one piece of code, for the sign-in and for `countersign verify-token`.
  { place: 'main/identity', local: ['main', core, 'mcp-bridge/token', ...spoken], packages: 'any', node: true },
  { place: 'main', local: ['main', core, ...spoken], packages: 'any', node: true },

  page('dashboard'),
  page('approval'),
  { place: 'renderer/ui', local: ['renderer/ui', 'renderer/lib', ...shown], packages: 'any', node: false },
  { place: 'renderer/lib', local: ['renderer/lib', ipc, ...shown], packages: 'any', node: false },

  { place: 'test', local: ['test', 'main', 'mcp-bridge', 'renderer'], packages: 'any', node: true },
];

/** Folders whose code runs in Electron's main process. */
const mainProcess = ['app', 'approvals', 'authority', 'bridge-host', 'clients', 'identity', 'ipc', 'vault'].map(
  (name) => `main/${name}`,
);

/** Nobody but themselves, `except` and tests may import these, whatever the lines above say. */
export const closed = [
  { place: 'main/launch', except: [] },
  { place: 'main/preload', except: [] },
  { place: 'main/app/main', except: [] },
  { place: 'main/app/compose', except: ['main/app'] },
  { place: ipcMainOwner, except: mainProcess },
  { place: 'mcp-bridge/process/utility', except: [] },
  { place: 'mcp-bridge/process/cli', except: [] },
  { place: 'test', except: [] },
];

/** Only these may see Electron; `main/launch` merely builds for it, except for the old runtime's loader. */
export const electronPlaces = ['main', 'test'];

/** What a pure module may not name: it would read the clock, draw lots, wait, or talk. */
export const impureGlobals = [
  'fetch',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'process',
  'globalThis',
  'crypto',
  'console',
];
export const impureMembers = ['Date.now', 'Math.random'];
