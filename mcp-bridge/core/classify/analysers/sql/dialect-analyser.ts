/**
 * SQL for MySQL and MariaDB, SQLite and T-SQL, from the tree of DataFusion's sqlparser.
 *
 * The same rules as for PostgreSQL: statements that read by name, variants and functions by allow-list, everything else
 * at least a write, and what destroys, replaces or runs code graded as a deletion. The parser is not the database's
 * own, so what it refuses is never taken to be harmless.
 */
import { type Finding, quoted } from '../findings.ts';
import { truthOf } from './condition.ts';
import { dialectTerm, namesOf } from './dialect-condition.ts';
import { functionStandingIn, READING_VARIANTS } from './dialect-expressions.ts';
import { EVERY_ROW } from './postgres-analyser.ts';
import { tables } from './postgres-statements.ts';
import { isFields, type PgFields, visit } from './postgres-tree.ts';
import type { SqlDialect } from './sql-parsers.ts';

type OtherDialect = Exclude<SqlDialect, 'postgres'>;

/** Undefined: not a tree that this module knows. */
export function dialectFindings(tree: unknown, dialect: OtherDialect): readonly Finding[] | undefined {
  if (!Array.isArray(tree)) return undefined;
  if (tree.length === 0) return [{ effect: 'read', action: 'none', reason: 'The SQL holds no statement.' }];
  const closed =
    tree.length > 2 && tagOf(tree[0]) === 'StartTransaction' && /^(Commit|Rollback)$/.test(tagOf(tree.at(-1)));
  return tree.flatMap((statement, index) => {
    const edge = index === 0 || index === tree.length - 1;
    if (closed && edge) return [{ effect: 'read' as const, reason: 'The SQL opens and closes its own transaction.' }];
    return statementFindings(statement, dialect);
  });
}

const READING_STATEMENTS =
  /^(Query|ExplainTable|Show(Tables|Columns|Databases|Schemas|Functions|Variables?|Status|Create|Collation|Views|Charset|ProcessList))$/;

function statementFindings(statement: unknown, dialect: OtherDialect): Finding[] {
  const tag = tagOf(statement);
  const fields = fieldsOf(statement);
  if (tag === 'Explain') {
    const inner = statementFindings(fields['statement'], dialect);
    if (fields['analyze'] === true) return inner;
    const calls = inner.filter((finding) => finding.action === 'call');
    return calls.length > 0
      ? calls
      : [{ effect: 'read', action: 'explain', reason: 'The SQL only asks for a query plan.' }];
  }
  const findings = contentFindings(statement, dialect);
  if (!READING_STATEMENTS.test(tag)) findings.unshift(statementEffect(tag, fields));
  if (findings.length > 0) return findings;
  return [{ effect: 'read', action: 'select', reason: 'The SQL only reads.', objects: tables(tableNames(statement)) }];
}

/** What stands anywhere inside a statement: functions, changes in CTEs, locks, INTO, assignments. */
function contentFindings(statement: unknown, dialect: OtherDialect): Finding[] {
  const findings: Finding[] = [];
  const reading = READING_STATEMENTS.test(tagOf(statement));
  visit(statement, ({ tag, fields }) => {
    if (tag === 'Function' || tag === 'TableFunction') findings.push(...callFindings(namesOf(fields['name']), dialect));
    else if (tag === 'Table' && isFields(fields['args']))
      findings.push(...callFindings(namesOf(fields['name']), dialect));
    else if (tag === 'BinaryOp' && fields['op'] === 'Assignment')
      findings.push({ effect: 'write', action: 'set', reason: 'The SQL assigns a variable while it reads.' });
    else if (tag === 'Select' && fields['into'] !== undefined && fields['into'] !== null)
      findings.push({
        effect: 'write',
        action: 'select-into',
        reason: 'The SQL writes what it selects INTO somewhere.',
      });
    else if (/^(Insert|Update|Delete|Merge)$/.test(tag) && reading) {
      // A change in a CTE is wrapped in a variant of the same name.
      if (!isFields(fields[tag])) findings.push(statementEffect(tag, fields));
    } else if (reading && !READING_VARIANTS.has(tag))
      findings.push({ effect: 'write', reason: `The SQL uses ${quoted(tag)}, which is not known to only read.` });
  });
  if (hasLocks(statement))
    findings.push({ effect: 'write', action: 'lock', reason: 'The SQL locks the rows it reads.' });
  return findings;
}

/** `locks` and T-SQL's locking hints stand in fields without a tag. */
function hasLocks(statement: unknown): boolean {
  let locked = false;
  const look = (value: unknown, depth: number): void => {
    if (locked || depth > 400) return;
    if (Array.isArray(value)) for (const item of value) look(item, depth + 1);
    else if (isFields(value)) {
      const locks = value['locks'];
      const hints = value['with_hints'];
      locked ||= Array.isArray(locks) && locks.length > 0;
      locked ||= Array.isArray(hints) && hints.some((hint) => !HARMLESS_HINTS.test(JSON.stringify(hint)));
      for (const name in value) look(value[name], depth + 1);
    }
  };
  look(statement, 0);
  return locked;
}

const HARMLESS_HINTS =
  /"value":"(nolock|readuncommitted|readcommitted|readpast|noexpand|forceseek|forcescan|snapshot|index)"/i;

function callFindings(names: readonly string[], dialect: OtherDialect): Finding[] {
  const standing = functionStandingIn(dialect, names);
  const name = names.join('.');
  const objects = [{ kind: 'function', name }];
  if (standing === 'reads') return [];
  if (standing === 'destructive')
    return [
      {
        effect: 'delete',
        action: 'call',
        reason: `The SQL calls ${quoted(name)}, which acts outside the database.`,
        objects,
      },
    ];
  return [
    {
      effect: 'write',
      action: 'call',
      reason: `The SQL calls ${quoted(name)}, which is not known to only read.`,
      objects,
    },
  ];
}

function statementEffect(tag: string, fields: PgFields): Finding {
  const names = tableNames(
    fields['table_names'] ?? fields['table'] ?? fields['from'] ?? fields['name'] ?? fields['names'] ?? fields,
  );
  const kind = tag === 'Drop' ? String(fields['object_type'] ?? 'table').toLowerCase() : 'table';
  const objects = tables(names.slice(0, 20)).map((object) => ({ ...object, kind }));
  const where = names.slice(0, 5).join(', ');
  const everyRow =
    fields['selection'] === undefined
      ? 'no-where'
      : truthOf(dialectTerm(fields['selection'])) === 'always'
        ? 'always-true'
        : undefined;
  const every = everyRow && EVERY_ROW[everyRow];
  const limited = fields['limit'] !== undefined && fields['limit'] !== null;
  if (tag === 'Insert') {
    const replaces = fields['replace_into'] === true || fields['or'] === 'Replace';
    return {
      effect: 'write',
      action: 'insert',
      reason: `The SQL ${replaces ? 'inserts or replaces rows of' : 'inserts into'} ${where}.`,
      objects,
    };
  }
  if (tag === 'Update')
    return every === undefined || limited
      ? { effect: 'write', action: 'update', reason: `The SQL updates rows of ${where}.`, objects }
      : {
          effect: 'delete',
          action: 'update-all-rows',
          reason: `The SQL overwrites ALL rows of ${where} (${every}).`,
          everyRow,
          objects,
        };
  if (tag === 'Delete')
    return every === undefined || limited
      ? { effect: 'delete', action: 'delete-rows', reason: `The SQL deletes rows of ${where}.`, objects }
      : {
          effect: 'delete',
          action: 'delete-all-rows',
          reason: `The SQL deletes ALL rows of ${where} (${every}).`,
          everyRow,
          objects,
        };
  const words = tag.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const action = words.replaceAll(' ', '-');
  if (/^Create/.test(tag) && fields['or_replace'] !== true && fields['or_alter'] !== true)
    return { effect: 'write', action, reason: `The SQL runs ${words} ${where}.`, objects };
  if (tag === 'AlterTable' && !ALTER_DESTROYS.test(JSON.stringify(fields['operations'] ?? '')))
    return { effect: 'write', action, reason: `The SQL alters the table ${where}.`, objects };
  if (CHANGES.has(tag)) return { effect: 'write', action, reason: `The SQL runs ${words}.`, objects };
  if (tag === 'Merge' && !/"Delete"/.test(JSON.stringify(fields['clauses'] ?? '')))
    return { effect: 'write', action, reason: `The SQL merges rows into ${where}.`, objects };
  return { effect: 'delete', action, reason: `The SQL runs ${words} ${where}.`.replace(' .', '.'), objects };
}

const ALTER_DESTROYS = /"(Drop|Rename|Truncate|Detach|Modify|Change|Swap|Disable|Replace|AlterColumn|Exchange)\w*"/;
const CHANGES: ReadonlySet<string> = new Set(
  `Set Use StartTransaction Commit Rollback Savepoint ReleaseSavepoint Grant Revoke Comment Analyze Vacuum LockTables
  UnlockTables Prepare Deallocate Declare Open Fetch Close Print Flush Cache UNCache Discard Listen NOTIFY UNLISTEN
  OptimizeTable AlterView AlterIndex AlterSchema AlterRole AlterUser LoadData Copy Raise RaisError WaitFor Return`.split(
    /\s+/,
  ),
);

function tableNames(value: unknown): string[] {
  const names: string[] = [];
  visit([value], ({ tag, fields }) => {
    if (tag === 'Table') names.push(namesOf(fields['name']).join('.'));
    return undefined;
  });
  if (isFields(value) && Array.isArray(value['TableName'])) names.push(namesOf(value['TableName']).join('.'));
  if (names.length === 0) names.push(namesOf(value).join('.'));
  if (names.length === 1 && /^\.*$/.test(names[0] ?? '') && Array.isArray(value))
    return value
      .map((name) => namesOf(isFields(name) && 'name' in name ? name['name'] : name).join('.'))
      .filter(Boolean);
  return names.filter(Boolean);
}

function tagOf(value: unknown): string {
  return typeof value === 'string' ? value : isFields(value) ? (Object.keys(value)[0] ?? '') : '';
}

function fieldsOf(value: unknown): PgFields {
  const body = isFields(value) ? value[tagOf(value)] : undefined;
  return isFields(body) ? body : {};
}
