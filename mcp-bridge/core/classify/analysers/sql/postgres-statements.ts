/**
 * What each statement of PostgreSQL does, by its node tag (CL-04, CL-09). Statements that hold rows or conditions
 * (INSERT, UPDATE, DELETE, MERGE, SELECT) are in postgres-analyser.ts; a tag missing in both is not known to read.
 */

import type { AnalysedObject } from '../../../model/classification.ts';
import type { Effect } from '../../../model/effect.ts';
import { isFields, namesIn, nodeOf, nodesIn, type PgFields, relationName, textIn } from './postgres-tree.ts';

export type StatementEffect = {
  readonly effect: Effect;
  readonly action: string;
  readonly reason: string;
  readonly objects?: readonly AnalysedObject[];
};

/** Undefined: this is no statement that this table knows. */
export function utilityEffect(tag: string, fields: PgFields): StatementEffect | undefined {
  if (!tag.endsWith('Stmt')) return undefined;
  switch (tag) {
    case 'DropStmt':
      return dropped(fields);
    case 'TruncateStmt':
      return destroys(
        'truncate',
        'empties every row of',
        tables(nodesIn(fields, 'relations').map((n) => relationName(n.fields))),
      );
    case 'DropdbStmt':
      return destroys('drop-database', 'drops the database', [{ kind: 'database', name: textIn(fields, 'dbname') }]);
    case 'AlterTableStmt':
      return altered(fields);
    case 'RenameStmt':
      return destroys('rename', 'renames', tables([relationName(fields['relation']) || 'an object']));
    case 'CopyStmt':
      return copied(fields);
    case 'VariableSetStmt':
      return changes('set', `changes the setting ${textIn(fields, 'name') || 'of the session'}`);
    case 'DoStmt':
      return destroys('run-code', 'runs arbitrary code (DO)', []);
    case 'CallStmt':
      return destroys('run-code', 'calls a stored procedure, whose effect cannot be seen', []);
    case 'ExecuteStmt':
      return destroys('run-code', 'runs a prepared statement that is not shown here', []);
    case 'LoadStmt':
      return destroys('run-code', 'loads a shared library into the server', []);
    case 'DropOwnedStmt':
      return destroys('drop-owned', 'drops everything a role owns', []);
    default:
      return DESTROYING[tag] ?? CHANGING[tag] ?? (isReplacing(tag, fields) ? replaced(tag) : created(tag));
  }
}

const DESTROYING: { readonly [tag: string]: StatementEffect } = Object.fromEntries(
  Object.entries({
    DropRoleStmt: ['drop-role', 'drops a role'],
    DropTableSpaceStmt: ['drop-tablespace', 'drops a tablespace'],
    DropUserMappingStmt: ['drop-user-mapping', 'drops a user mapping'],
    DropSubscriptionStmt: ['drop-subscription', 'drops a subscription'],
    AlterSystemStmt: ['alter-system', 'changes the configuration of the whole server'],
  }).map(([tag, [action = '', what = '']]) => [tag, destroys(action, what, [])]),
);

const CHANGING: { readonly [tag: string]: StatementEffect } = Object.fromEntries(
  Object.entries({
    LockStmt: ['lock', 'locks a table'],
    GrantStmt: ['grant', 'grants or revokes privileges'],
    GrantRoleStmt: ['grant', 'grants or revokes membership of a role'],
    VacuumStmt: ['vacuum', 'vacuums or analyses tables'],
    ClusterStmt: ['cluster', 'rewrites a table in index order'],
    ReindexStmt: ['reindex', 'rebuilds indexes'],
    RefreshMatViewStmt: ['refresh', 'refreshes a materialized view'],
    NotifyStmt: ['notify', 'sends a notification'],
    ListenStmt: ['listen', 'starts listening'],
    UnlistenStmt: ['unlisten', 'stops listening'],
    CheckPointStmt: ['checkpoint', 'forces a checkpoint'],
    DiscardStmt: ['discard', 'discards the state of the session'],
    PrepareStmt: ['prepare', 'prepares a statement for later'],
    DeallocateStmt: ['deallocate', 'forgets a prepared statement'],
    DeclareCursorStmt: ['declare-cursor', 'opens a cursor'],
    FetchStmt: ['fetch', 'moves a cursor whose query is not shown here'],
    ClosePortalStmt: ['close', 'closes a cursor'],
    ConstraintsSetStmt: ['set', 'changes when constraints are checked'],
    ReassignOwnedStmt: ['reassign-owned', 'gives everything a role owns to another'],
    CommentStmt: ['comment', 'changes a comment'],
    SecLabelStmt: ['label', 'changes a security label'],
    ImportForeignSchemaStmt: ['import', 'creates foreign tables'],
  }).map(([tag, [action = '', what = '']]) => [tag, changes(action, what)]),
);

function isReplacing(tag: string, fields: PgFields): boolean {
  return fields['replace'] === true && /^(View|Create|Rule|Define)/.test(tag);
}

function replaced(tag: string): StatementEffect {
  const noun = nounOf(tag);
  return destroys(`replace-${noun.replaceAll(' ', '-')}`, `replaces the ${noun}: what was there before is gone`, []);
}

/** CREATE … and ALTER … in their many kinds add or change; none of them reads. */
function created(tag: string): StatementEffect | undefined {
  const noun = nounOf(tag);
  const action = noun.replace(/[^a-z]+/g, '-');
  if (/^(Create|Define|Composite|View|Rule|Index)/.test(tag))
    return changes(`create-${action}`, `creates ${withArticle(noun)}`);
  if (/^Alter/.test(tag)) return changes(`alter-${action}`, `alters ${withArticle(noun)}`);
  return undefined;
}

function withArticle(noun: string): string {
  return `${/^[aeio]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

const NOUNS: { readonly [words: string]: string } = {
  '': 'table',
  db: 'database',
  plang: 'language',
  trig: 'trigger',
  'event trig': 'event trigger',
  seq: 'sequence',
  owner: "object's owner",
  'object schema': "object's schema",
  'table as': 'table',
  am: 'access method',
  fdw: 'foreign data wrapper',
};

function nounOf(tag: string): string {
  const words = tag
    .replace(/Stmt$/, '')
    .replace(/^(Create|Alter|Define)/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return NOUNS[words] ?? words;
}

function dropped(fields: PgFields): StatementEffect {
  const kind = textIn(fields, 'removeType')
    .replace(/^OBJECT_/, '')
    .toLowerCase();
  const objects = nodesIn(fields, 'objects').map((object) => {
    const names =
      object.tag === 'List'
        ? namesIn(object.fields, 'items')
        : object.tag === 'ObjectWithArgs'
          ? namesIn(object.fields, 'objname')
          : object.tag === 'TypeName'
            ? namesIn(object.fields, 'names')
            : [textIn(object.fields, 'sval')];
    return { kind, name: names.filter(Boolean).join('.') };
  });
  const drop = destroys(`drop-${kind.replaceAll('_', '-')}`, `drops the ${kind.replaceAll('_', ' ')}`, objects);
  const cascades = textIn(fields, 'behavior') === 'DROP_CASCADE';
  return cascades ? { ...drop, reason: drop.reason.replace(/\.$/, ' and everything that depends on it.') } : drop;
}

const ALTER_DESTROYS = /^AT_(Drop|Detach|AlterColumnType|ResetOptions|ReplaceRelOptions|SetLogged|SetUnLogged)/;

function altered(fields: PgFields): StatementEffect {
  const objects = tables([relationName(fields['relation'])]);
  const kinds = nodesIn(fields, 'cmds').map((command) => textIn(command.fields, 'subtype'));
  const worst = kinds.find((kind) => ALTER_DESTROYS.test(kind));
  if (worst === undefined) return changes('alter-table', 'alters a table', objects);
  const what = worst
    .slice(3)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return destroys(`alter-table-${what.replaceAll(' ', '-')}`, `alters a table (${what})`, objects);
}

function copied(fields: PgFields): StatementEffect | undefined {
  const objects = tables([relationName(fields['relation'])]);
  if (fields['is_program'] === true) return destroys('run-code', 'runs a program on the database server', objects);
  if (fields['is_from'] === true) return changes('copy-from', 'loads rows into a table', objects);
  if (fields['filename'] !== undefined)
    return destroys('copy-to-file', 'overwrites a file on the database server', objects);
  return undefined;
}

export function destroys(action: string, what: string, objects: readonly AnalysedObject[]): StatementEffect {
  return { effect: 'delete', action, reason: sentence(what, objects), objects };
}

export function changes(action: string, what: string, objects: readonly AnalysedObject[] = []): StatementEffect {
  return { effect: 'write', action, reason: sentence(what, objects), objects };
}

function sentence(what: string, objects: readonly AnalysedObject[]): string {
  const names = objects.map((object) => object.name).filter(Boolean);
  return `The SQL ${what}${names.length === 0 ? '' : ` ${names.slice(0, 5).join(', ')}`}.`;
}

export function tables(names: readonly string[]): readonly AnalysedObject[] {
  return names.filter(Boolean).map((name) => ({ kind: 'table', name }));
}

/** EXPLAIN runs its statement only with ANALYZE on (the option may be spelled out, quoted, or a number). */
export function explainRuns(fields: PgFields): boolean {
  return nodesIn(fields, 'options').some((option) => {
    if (textIn(option.fields, 'defname').toLowerCase() !== 'analyze') return false;
    const value = nodeOf(option.fields['arg']);
    if (value === undefined) return true;
    const off = value.fields['sval'] ?? (isFields(value.fields) ? value.fields['boolval'] : undefined);
    if (value.tag === 'Integer') return Number(value.fields['ival'] ?? 0) !== 0;
    return !/^(false|off|0)$/i.test(String(off));
  });
}
