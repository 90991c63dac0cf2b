/** Reads one source file with a real parser: what it imports, and which names of interest it uses. */
import { parseSync } from 'vite';

/**
 * @typedef {{ specifier: string, typeOnly: boolean, line: number }} Import `specifier` is '' when it is computed
 * @typedef {{ name: string, line: number }} Use an identifier, `a.b`, or `new Date()` without arguments
 * @typedef {{ imports: Import[], uses: Use[], bound: Set<string>, errors: string[] }} Scan `bound`: names the file
 *   gives to things itself, so that they are not the globals of that name
 */

/** Members that hold types only: a name there is not a use of the global. */
const typeOnlyNodes = /^TS(?!AsExpression|SatisfiesExpression|NonNullExpression|EnumDeclaration)/;

/** @param {any} node @returns {boolean} whether nothing of it is left at run time */
function isTypeOnly(node) {
  if (node.importKind === 'type' || node.exportKind === 'type') return true;
  const specifiers = node.specifiers ?? [];
  return (
    specifiers.length > 0 &&
    specifiers.every((/** @type {any} */ one) => one.importKind === 'type' || one.exportKind === 'type')
  );
}

/** @param {any} node @returns {{ source: any, typeOnly: boolean } | undefined} */
function importOf(node) {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return node.source ? { source: node.source, typeOnly: isTypeOnly(node) } : undefined;
    case 'ImportExpression':
      return { source: node.source, typeOnly: false };
    case 'TSImportType':
      return { source: node.source, typeOnly: true };
    case 'CallExpression':
      // `require` itself, and what createRequire(…) gives under that name.
      if (node.callee.type !== 'Identifier' || node.callee.name !== 'require') return undefined;
      return { source: node.arguments[0], typeOnly: false };
    default:
      return undefined;
  }
}

/** @param {any} node @returns {string | undefined} the name it uses */
function nameUsed(node) {
  if (node.type === 'NewExpression' && node.callee.name === 'Date' && node.arguments.length === 0) return 'new Date()';
  if (node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.property.type === 'Identifier') {
    return `${node.object.name}.${node.property.name}`;
  }
  if (node.type === 'ImportSpecifier') return node.imported.name ?? node.imported.value;
  return node.type === 'Identifier' ? node.name : undefined;
}

/** @param {any} node @returns {any} the name it binds, when it binds one */
function bindingOf(node) {
  if (/^Import\w*Specifier$/.test(node.type)) return node.local;
  return node.type === 'VariableDeclarator' || node.type === 'FunctionDeclaration' ? node.id : undefined;
}

/** @param {string} file its name decides the syntax @param {string} text @returns {Scan} */
export function scan(file, text) {
  const { program, errors } = parseSync(file, text);
  const lineOf = (/** @type {number} */ offset) => text.slice(0, offset).split('\n').length;
  /** @type {Scan} */
  const found = { imports: [], uses: [], bound: new Set(), errors: errors.map((error) => error.message) };
  const visit = (/** @type {any} */ node, /** @type {boolean} */ inType) => {
    if (Array.isArray(node)) {
      for (const child of node) visit(child, inType);
      return;
    }
    if (node === null || typeof node !== 'object' || typeof node.type !== 'string') return;
    const here = inType || typeOnlyNodes.test(node.type);
    const imported = importOf(node);
    if (imported) {
      const value = imported.source?.type === 'Literal' ? imported.source.value : '';
      found.imports.push({ specifier: String(value), typeOnly: imported.typeOnly, line: lineOf(node.start) });
    }
    const binding = bindingOf(node);
    if (binding?.type === 'Identifier') found.bound.add(binding.name);
    const name = here ? undefined : nameUsed(node);
    if (name !== undefined) found.uses.push({ name, line: lineOf(node.start) });
    for (const [key, child] of Object.entries(node)) {
      // `a.b` and `{ b: 1 }` name a property, not the global b.
      const isPropertyName =
        (node.type === 'MemberExpression' && key === 'property') || (node.type === 'Property' && key === 'key');
      if (isPropertyName && !node.computed) continue;
      visit(child, here);
    }
  };
  visit(program, false);
  return found;
}
