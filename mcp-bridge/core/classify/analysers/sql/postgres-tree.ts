/**
 * The tree of PostgreSQL's own parser (libpg_query JSON): a node is `{ Tag: { fields } }`, and a few fields hold a
 * node without its tag (`relation`, `withClause`, `typeName`). Whoever knows a tag by name may read its fields; every
 * walk here covers the whole tree whatever its shape, so that nothing hides in a field nobody thought of.
 */
export type PgFields = { readonly [field: string]: unknown };
export type PgNode = { readonly tag: string; readonly fields: PgFields };
export type PgStatement = { readonly node: PgNode; readonly startByte: number };

/** Undefined: not a tree this module knows. */
export function statementsOf(tree: unknown): readonly PgStatement[] | undefined {
  const raw = isFields(tree) ? tree['stmts'] : undefined;
  if (!Array.isArray(raw)) return undefined;
  const statements: PgStatement[] = [];
  for (const entry of raw) {
    const node = isFields(entry) ? nodeOf(entry['stmt']) : undefined;
    if (node === undefined) return undefined;
    statements.push({ node, startByte: numberIn(entry as PgFields, 'stmt_location') });
  }
  return statements;
}

/** Calls `see` for every tagged node below `root`, itself included; false from `see` keeps the walk out of it. */
export function visit(root: unknown, see: (node: PgNode) => unknown): void {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) {
      for (let index = value.length - 1; index >= 0; index--) pending.push(value[index]);
    } else if (isFields(value)) {
      for (const name in value) {
        const member = value[name];
        if (typeof member !== 'object' || member === null) continue;
        const first = name.charCodeAt(0);
        const tagged = first >= 65 && first <= 90 && !Array.isArray(member);
        if (tagged && see({ tag: name, fields: member as PgFields }) === false) continue;
        pending.push(member);
      }
    }
  }
}

export function nodeOf(value: unknown): PgNode | undefined {
  if (!isFields(value)) return undefined;
  for (const tag in value) {
    const fields = value[tag];
    return isFields(fields) ? { tag, fields } : undefined;
  }
  return undefined;
}

export function nodesIn(fields: PgFields, name: string): readonly PgNode[] {
  const list = fields[name];
  if (!Array.isArray(list)) return [];
  return list.map(nodeOf).filter((node) => node !== undefined);
}

export function textIn(fields: PgFields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

export function numberIn(fields: PgFields, name: string): number {
  const value = fields[name];
  return typeof value === 'number' ? value : 0;
}

/** The words of a qualified name: `[{String}, {String}]`. */
export function namesIn(fields: PgFields, name: string): readonly string[] {
  return nodesIn(fields, name).map((node) => (node.tag === 'String' ? textIn(node.fields, 'sval') : '*'));
}

/** `schema.table` of a RangeVar, tagged or not. */
export function relationName(relation: unknown): string {
  const fields =
    nodeOf(relation)?.tag === 'RangeVar' ? nodeOf(relation)?.fields : isFields(relation) ? relation : undefined;
  if (fields === undefined) return '';
  return [textIn(fields, 'catalogname'), textIn(fields, 'schemaname'), textIn(fields, 'relname')]
    .filter(Boolean)
    .join('.');
}

export function isFields(value: unknown): value is PgFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
