/**
 * SQL for PostgreSQL, from the tree of PostgreSQL's own parser.
 *
 * A text reads when every statement in it is SELECT, VALUES, TABLE, SHOW, COPY … TO STDOUT or EXPLAIN of anything
 * (without ANALYZE), and its whole tree holds only reading nodes, operators that PostgreSQL ships and functions of
 * the allow-list. Locks are writes. UPDATE without a real condition, DELETE, TRUNCATE, DROP, replacing, renaming and
 * code that cannot be seen into are deletions. A transaction opened and closed within the text is the sum of its
 * statements; one that stays open is a write.
 *
 * Not seen: what a view, a rule, a cast of a user's type, `row.function` notation or a user's overload of a built-in
 * name runs. To create any of those is a write, which a person has been asked about (MC-32).
 */
import { type Finding, quoted } from '../findings.ts';
import { truthOf } from './condition.ts';
import { postgresTerm } from './postgres-condition.ts';
import { functionStanding, isBuiltInOperator, READING_NODES, SAMPLE_METHODS } from './postgres-expressions.ts';
import { explainRuns, tables, utilityEffect } from './postgres-statements.ts';
import {
  namesIn,
  nodesIn,
  numberIn,
  type PgFields,
  type PgNode,
  type PgStatement,
  relationName,
  textIn,
  visit,
} from './postgres-tree.ts';

/** Analyses SQL text found inside the SQL (`query_to_xml('…')`). */
export type AnalyseInnerText = (text: string) => readonly Finding[];

/** A finding with the byte where it stands. */
export type PgFinding = Finding & { readonly byte?: number | undefined };

export function postgresFindings(
  statements: readonly PgStatement[],
  analyseInner: AnalyseInnerText,
): readonly PgFinding[] {
  const findings: PgFinding[] = [];
  if (statements.length === 0) return [{ effect: 'read', action: 'none', reason: 'The SQL holds no statement.' }];
  const closed = isClosedTransaction(statements);
  for (const { node, startByte } of statements) {
    if (node.tag === 'TransactionStmt') findings.push(transaction(node.fields, closed));
    else findings.push(...statementFindings(node, startByte, analyseInner));
  }
  return findings;
}

function statementFindings(root: PgNode, startByte: number, analyseInner: AnalyseInnerText): PgFinding[] {
  const findings: PgFinding[] = [];
  const explainOnly = root.tag === 'ExplainStmt' && !explainRuns(root.fields);
  const add = (finding: PgFinding) => findings.push({ byte: startByte, ...finding });
  let known = root.tag === 'ExplainStmt' || root.tag === 'VariableShowStmt' || root.tag === 'SelectStmt';
  let reading = known || root.tag === 'CopyStmt';
  visit({ [root.tag]: root.fields }, ({ tag, fields }) => {
    if (READING_NODES.has(tag)) {
      if (tag === 'RangeTableSample' && !SAMPLE_METHODS.has(namesIn(fields, 'method').at(-1) ?? ''))
        add({ effect: 'write', action: 'call', reason: 'The SQL samples a table by a method of an extension.' });
      return;
    }
    switch (tag) {
      case 'FuncCall':
        functionFindings(fields, analyseInner).forEach(add);
        return;
      case 'A_Expr':
        if (!isBuiltInOperator(namesIn(fields, 'name'))) add(customOperator(namesIn(fields, 'name')));
        return;
      case 'LockingClause':
        if (!explainOnly) add({ effect: 'write', action: 'lock', reason: 'The SQL locks the rows it reads.' });
        return;
      case 'SelectStmt':
        if (!explainOnly) intoFindings(fields).forEach(add);
        return;
      case 'InsertStmt':
      case 'UpdateStmt':
      case 'DeleteStmt':
      case 'MergeStmt':
        known = true;
        if (!explainOnly) add(rowChange(tag, fields));
        return;
      case 'ExplainStmt':
      case 'VariableShowStmt':
        return;
      default: {
        if (explainOnly) return;
        const effect = utilityEffect(tag, fields);
        if (effect !== undefined) {
          known = true;
          reading = false;
          add(effect);
        } else if (tag === 'CopyStmt') known = true;
        else if (reading) add({ effect: 'write', reason: `The SQL uses ${tag}, which is not known to only read.` });
      }
    }
  });
  if (!known) add({ effect: 'delete', reason: `The SQL statement ${root.tag} is not known.`, uninterpreted: true });
  if (findings.length === 0) return [readFinding(root)];
  return findings;
}

function readFinding(root: PgNode): PgFinding {
  const names: string[] = [];
  visit(root.fields, ({ tag, fields }) => {
    if (tag === 'RangeVar') names.push(relationName(fields));
    return undefined;
  });
  const action = { ExplainStmt: 'explain', VariableShowStmt: 'show', CopyStmt: 'copy-out' }[root.tag] ?? 'select';
  return { effect: 'read', action, reason: 'The SQL only reads.', objects: tables(names) };
}

function functionFindings(fields: PgFields, analyseInner: AnalyseInnerText): PgFinding[] {
  const names = namesIn(fields, 'funcname');
  const byte = numberIn(fields, 'location');
  const objects = [{ kind: 'function', name: names.join('.') }];
  switch (functionStanding(names)) {
    case 'reads':
      return [];
    case 'runs-its-text':
      return innerText(fields, analyseInner);
    case 'destructive': {
      const reason = `The SQL calls ${quoted(names.join('.'))}, which acts beyond the rows it is given.`;
      return [{ effect: 'delete', action: 'call', reason, objects, byte }];
    }
    default: {
      const reason = `The SQL calls ${quoted(names.join('.'))}, which is not known to only read.`;
      return [{ effect: 'write', action: 'call', reason, objects, byte }];
    }
  }
}

/** The string constants among the arguments are queries; an argument made at run time could be any query. */
function innerText(fields: PgFields, analyseInner: AnalyseInnerText): PgFinding[] {
  const name = namesIn(fields, 'funcname').at(-1) ?? '';
  const args = nodesIn(fields, 'args');
  const queryIndex = name === 'ts_rewrite' ? 1 : 0;
  // ts_rewrite(query, target, substitute) rewrites by values and runs nothing.
  if (name === 'ts_rewrite' && args.length === 3) return [];
  const query = stringConstant(args[queryIndex]);
  if (query === undefined)
    return [
      { effect: 'delete', action: 'run-code', reason: `The SQL runs a query that it makes at run time (${name}).` },
    ];
  return analyseInner(query).filter((finding) => finding.effect !== 'read');
}

function stringConstant(node: PgNode | undefined): string | undefined {
  if (node?.tag !== 'A_Const') return undefined;
  const value = node.fields['sval'];
  return typeof value === 'object' && value !== null ? textIn(value as PgFields, 'sval') : undefined;
}

function customOperator(names: readonly string[]): PgFinding {
  return {
    effect: 'write',
    action: 'call',
    reason: `The SQL uses the operator ${quoted(names.join('.'))}, which PostgreSQL does not ship.`,
  };
}

function intoFindings(fields: PgFields): PgFinding[] {
  const into = fields['intoClause'];
  if (typeof into !== 'object' || into === null) return [];
  const name = relationName((into as PgFields)['rel']);
  return [
    { effect: 'write', action: 'select-into', reason: `The SQL creates the table ${name}.`, objects: tables([name]) },
  ];
}

function rowChange(tag: string, fields: PgFields): PgFinding {
  const name = relationName(fields['relation']);
  const objects = tables([name]);
  const byte = numberIn((fields['relation'] ?? {}) as PgFields, 'location');
  const where = fields['whereClause'] === undefined ? undefined : truthOf(postgresTerm(fields['whereClause']));
  const everyRow = where === undefined ? 'no-where' : where === 'always' ? 'always-true' : undefined;
  const every = everyRow && EVERY_ROW[everyRow];
  switch (tag) {
    case 'InsertStmt':
      return { effect: 'write', action: 'insert', reason: `The SQL inserts into ${name}.`, objects, byte };
    case 'DeleteStmt': {
      const action = every === undefined ? 'delete-rows' : 'delete-all-rows';
      const reason =
        every === undefined ? `The SQL deletes rows of ${name}.` : `The SQL deletes ALL rows of ${name} (${every}).`;
      return { effect: 'delete', action, reason, everyRow, objects, byte };
    }
    case 'UpdateStmt':
      return every === undefined
        ? { effect: 'write', action: 'update', reason: `The SQL updates rows of ${name}.`, objects, byte }
        : {
            effect: 'delete',
            action: 'update-all-rows',
            reason: `The SQL overwrites ALL rows of ${name} (${every}).`,
            everyRow,
            objects,
            byte,
          };
    default: {
      const deletes = nodesIn(fields, 'mergeWhenClauses').some(
        (when) => textIn(when.fields, 'commandType') === 'CMD_DELETE',
      );
      const updates = nodesIn(fields, 'mergeWhenClauses').some(
        (when) => textIn(when.fields, 'commandType') === 'CMD_UPDATE',
      );
      const all = updates && truthOf(postgresTerm(fields['joinCondition'])) === 'always';
      const reason = `The SQL merges rows into ${name}${deletes ? ' and deletes some' : ''}.`;
      return { effect: deletes || all ? 'delete' : 'write', action: 'merge', reason, objects, byte };
    }
  }
}

export const EVERY_ROW = { 'no-where': 'no WHERE', 'always-true': 'its WHERE is true of every row' } as const;

const OPENS = new Set(['TRANS_STMT_BEGIN', 'TRANS_STMT_START']);
const CLOSES = new Set(['TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK']);

/** One transaction around everything, opened first and closed last, without savepoints or chaining. */
function isClosedTransaction(statements: readonly PgStatement[]): boolean {
  const kinds = statements.map(({ node }) => (node.tag === 'TransactionStmt' ? node.fields : undefined));
  const [first, ...rest] = kinds;
  const last = rest.pop();
  return (
    first !== undefined &&
    last !== undefined &&
    OPENS.has(textIn(first, 'kind')) &&
    CLOSES.has(textIn(last, 'kind')) &&
    last['chain'] !== true &&
    rest.every((kind) => kind === undefined)
  );
}

function transaction(fields: PgFields, closed: boolean): PgFinding {
  const kind = textIn(fields, 'kind').replace('TRANS_STMT_', '').toLowerCase().replaceAll('_', ' ');
  if (closed) return { effect: 'read', action: 'select', reason: 'The SQL opens and closes its own transaction.' };
  return {
    effect: 'write',
    action: 'transaction',
    reason: `The SQL leaves the session in another transaction state (${kind}).`,
  };
}
