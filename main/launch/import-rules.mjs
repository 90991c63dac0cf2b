/**
 * Checks every source file against import-table.mjs. Real parser, real resolution, no configuration beside the table,
 * so there is nothing that could make it silently check nothing; test/architecture plants violations to prove it.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { scan } from './import-scan.mjs';
import { closed, electronPlaces, impureGlobals, impureMembers, ipcMainOwner, layers } from './import-table.mjs';
import { repositoryRoot } from './places.mjs';

/** @typedef {import('./import-table.mjs').Layer} Layer */

const roots = ['main', 'mcp-bridge', 'renderer', 'test'];
const loader = 'main/launch/old-runtime-loader.cjs';

/** @param {string} file @param {string} place a folder, or a file without its extension */
export function isIn(file, place) {
  return file.startsWith(`${place}/`) || file.replace(/\.[cm]?[jt]sx?$/, '') === place;
}

/** @param {string} file @returns {Layer | undefined} */
const layerOf = (file) => layers.find((layer) => isIn(file, layer.place));

/** @param {string} root @returns {string[]} source files, relative to root, with forward slashes */
function sourceFiles(root) {
  return roots
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, String(name))))
    .filter(
      (file) => /\.[cm]?[jt]sx?$/.test(file) && !file.includes('node_modules') && statSync(join(root, file)).isFile(),
    )
    .map((file) => file.split(sep).join('/'))
    .sort();
}

/** @param {string} specifier @returns {string} the package's name */
const packageName = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/**
 * @param {string} file @param {import('./import-scan.mjs').Import} one @param {Layer} layer
 * @returns {string | undefined} what is wrong with importing something from outside the tree
 */
function outsideFault(file, { specifier }, layer) {
  if (specifier === '') return file === loader || isIn(file, 'test') ? undefined : 'imports a computed path';
  if (specifier.startsWith('node:')) return layer.node ? undefined : `imports ${specifier}: no Node here`;
  if (builtinModules.includes(specifier)) return `imports ${specifier} without its node: prefix`;
  const name = packageName(specifier);
  if (
    name === 'electron' &&
    (!electronPlaces.some((place) => isIn(file, place)) || (isIn(file, 'main/launch') && file !== loader))
  ) {
    return 'imports electron: only main/ may';
  }
  if (layer.packages !== 'any' && !layer.packages.includes(name))
    return `imports the package ${name}: not allowed here`;
  return undefined;
}

/**
 * @param {string} file @param {string} target @param {boolean} typeOnly @param {Layer} layer
 * @returns {string | undefined} what is wrong with importing another file of the tree
 */
function insideFault(file, target, typeOnly, layer) {
  const isTest = isIn(file, 'test');
  const shut = closed.find(
    ({ place, except }) => isIn(target, place) && ![place, ...except].some((one) => isIn(file, one)),
  );
  if (shut !== undefined && !isTest) return `imports ${target}: ${shut.place} is closed to others`;
  if (layer.local.some((place) => isIn(target, place))) return undefined;
  if (!layer.types?.some((place) => isIn(target, place))) return `imports ${target}: ${layer.place} may not`;
  return typeOnly ? undefined : `imports ${target} at run time: only its types are allowed`;
}

/** @param {string} file @param {import('./import-scan.mjs').Use} use @param {Set<string>} bound @param {Layer} layer @returns {string | undefined} */
function nameFault(file, { name }, bound, layer) {
  if (/(^|\.)ipcMain$/.test(name) && !isIn(file, ipcMainOwner) && !isIn(file, 'test'))
    return `uses ipcMain: only ${ipcMainOwner} may`;
  if (!layer.pure || bound.has(name)) return undefined;
  const impure = name === 'new Date()' || impureGlobals.includes(name) || impureMembers.includes(name);
  return impure ? `uses ${name}: the core has no clock, randomness or IO` : undefined;
}

/** @param {Map<string, string[]>} edges @returns {string[]} each cycle once, as a chain of files */
function cycles(edges) {
  /** @type {Map<string, 'open' | 'done'>} */
  const state = new Map();
  /** @type {string[]} */
  const found = [];
  const visit = (/** @type {string} */ file, /** @type {string[]} */ path) => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      found.push([...path.slice(path.indexOf(file)), file].join(' → '));
      return;
    }
    state.set(file, 'open');
    for (const target of edges.get(file) ?? []) visit(target, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of edges.keys()) visit(file, []);
  return found;
}

/** @param {string} root of a checkout @returns {string[]} violations, one line each; empty when all is well */
export function checkImports(root) {
  const files = sourceFiles(root);
  if (files.length === 0) return [`${root} has no source files: nothing was checked`];
  /** @type {Map<string, string[]>} */
  const edges = new Map();
  /** @type {string[]} */
  const faults = [];
  for (const file of files) {
    const layer = layerOf(file);
    if (!layer) {
      faults.push(`${file}: no layer of import-table.mjs holds it`);
      continue;
    }
    const { imports, uses, bound, errors } = scan(file, readFileSync(join(root, file), 'utf8'));
    for (const error of errors) faults.push(`${file}: cannot be parsed: ${error}`);
    const say = (/** @type {number} */ line, /** @type {string | undefined} */ fault) => {
      if (fault !== undefined) faults.push(`${file}:${line} ${fault}`);
    };
    for (const use of uses) say(use.line, nameFault(file, use, bound, layer));
    for (const one of imports) {
      if (!one.specifier.startsWith('.')) {
        say(one.line, outsideFault(file, one, layer));
        continue;
      }
      const target = posix.normalize(posix.join(posix.dirname(file), one.specifier.split('?')[0] ?? ''));
      if (!existsSync(join(root, target)) || !statSync(join(root, target)).isFile()) {
        say(one.line, `imports ${one.specifier}: no such file (extensions are written out)`);
        continue;
      }
      say(one.line, insideFault(file, target, one.typeOnly, layer));
      // What is only a type is gone at run time; two files may describe each other.
      if (!one.typeOnly) edges.set(file, [...(edges.get(file) ?? []), target]);
    }
  }
  return [...new Set(faults), ...cycles(edges).map((chain) => `cycle: ${chain}`)];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const faults = checkImports(process.argv[2] ?? repositoryRoot);
  process.stdout.write(faults.length === 0 ? '✓ import rules\n' : `${faults.join('\n')}\n`);
  process.exit(faults.length === 0 ? 0 : 1);
}
