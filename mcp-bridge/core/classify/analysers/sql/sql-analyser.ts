/**
 * SQL: what would this text do to the database? (CL-01 … CL-09)
 *
 * With a dialect from the upstream's pinned configuration the text is parsed as that dialect. Without one it is the
 * worst case over all (CL-07): a text that every dialect cuts into the same tokens means what one of them says; where
 * they would cut it differently (`/*! … *\/`, `#`, backslashes, `$tag$`, `[…]`) each that could run it must understand it,
 * or it could not be interpreted. Ordinary reads are cut alike by all and cost one parse.
 *
 * What cannot be parsed, is too long or too deeply nested is graded like a deletion. Pure but for the parsers, which are
 * handed in and never throw; linear, with a bound on length.
 */

import { worstEffect } from '../../../model/effect.ts';
import { isJsonObject, type JsonValue } from '../../../model/json.ts';
import { couldNotInterpret, type Finding, verdictOf, worstVerdict } from '../findings.ts';
import type { AnalyserVerdict, ArgumentAnalyser } from '../ports.ts';
import { dialectFindings } from './dialect-analyser.ts';
import { readsSomewhere } from './dialect-expressions.ts';
import { type PgFinding, postgresFindings } from './postgres-analyser.ts';
import { statementsOf } from './postgres-tree.ts';
import { pragmaFinding } from './pragma.ts';
import { hasCommentPileUp, type SqlShape, shapeOf } from './sql-lexer.ts';
import { SQL_DIALECTS, type SqlDialect, type SqlParsers } from './sql-parsers.ts';

/** Past these a parse would not end within 50 ms. Lengths in UTF-16 units. */
const MAX_LENGTH = 400_000;
const MAX_POSTGRES_TOKENS = 24_000;
const MAX_TOKENS = 4_000;
/** sqlparser nests one level per operator and exhausts its stack between 300 and 1,000 of them. */
const MAX_CHAIN = 250;
/** PostgreSQL's parser stands several thousand; beyond that it is no query a person would read. */
const MAX_POSTGRES_CHAIN = 4_000;
/** Queries within queries (`query_to_xml('…')`). */
const MAX_INNER = 3;

/** Finding the place of a mark walks the text; a person reads the first ones. */
const MAX_MARKS = 50;

const TOO_HARD = 'The SQL could not be interpreted.';

export function createSqlAnalyser(parsers: SqlParsers): ArgumentAnalyser {
  const one = (text: string, dialect: string | undefined): AnalyserVerdict => {
    const named = dialectOf(dialect);
    if (text.length > MAX_LENGTH) return couldNotInterpret('database', 'The SQL is too long to be interpreted.');
    // SECURITY(CL-06): a parser that stops at NUL would approve what comes after it.
    if (text.includes('\0')) return couldNotInterpret('database', 'The SQL holds a NUL character.');
    const findings =
      named === undefined ? worstOverDialects(text, parsers) : findingsIn(named, text, parsers, shapeOf(text, named));
    return findings === undefined
      ? couldNotInterpret('database', TOO_HARD)
      : verdictOf(located(findings, text), 'database');
  };
  return (value, context) => {
    const texts = textsOf(value);
    if (texts === undefined || texts.length === 0)
      return couldNotInterpret('database', 'There is no SQL text to interpret.');
    const verdicts = texts.map((text) => one(text, context.dialect));
    return verdicts.length === 1 && verdicts[0] !== undefined ? verdicts[0] : worstVerdict(verdicts, 'database');
  };
}

const DIALECT_NAMES: readonly (readonly [RegExp, SqlDialect])[] = [
  [/^(postgres(ql)?|pg|pgsql|cockroach(db)?|redshift|timescale(db)?|supabase|neon)$/i, 'postgres'],
  [/^(mysql|mariadb|tidb|planetscale|vitess|singlestore)$/i, 'mysql'],
  [/^(sqlite3?|libsql|turso|d1)$/i, 'sqlite'],
  [/^(t-?sql|mssql|sql-?server|transactsql|azure-?sql|sybase)$/i, 'tsql'],
];

/** A name this table does not hold is no dialect: the worst case over all. */
function dialectOf(name: string | undefined): SqlDialect | undefined {
  return name === undefined ? undefined : DIALECT_NAMES.find(([pattern]) => pattern.test(name))?.[1];
}

/** Undefined: this dialect could not parse it. */
function findingsIn(
  dialect: SqlDialect,
  text: string,
  parsers: SqlParsers,
  shape: SqlShape,
): readonly PgFinding[] | undefined {
  if (dialect === 'postgres') {
    if (shape.tokens > MAX_POSTGRES_TOKENS || shape.chain > MAX_POSTGRES_CHAIN || hasCommentPileUp(text))
      return undefined;
    return inPostgres(text, parsers, 0);
  }
  if (shape.tokens > MAX_TOKENS || shape.chain > MAX_CHAIN) return undefined;
  if (!shape.valid || /\/\*M!/i.test(text)) return undefined;
  if (dialect === 'sqlite') {
    const pragma = pragmaFinding(text);
    if (pragma !== undefined) return [pragma];
  }
  if (dialect === 'mysql' && shape.words.has('delimiter')) return undefined;
  const parsed = parsers[dialect](text);
  if (!parsed.ok) return undefined;
  const findings = dialectFindings(parsed.tree, dialect);
  if (findings === undefined || dialect !== 'tsql') return findings;
  const bare = isRead(findings) ? bareStatementWord(text, shape) : undefined;
  return bare === undefined ? findings : [...findings, bare];
}

function inPostgres(text: string, parsers: SqlParsers, depth: number): readonly PgFinding[] | undefined {
  if (depth > MAX_INNER) return undefined;
  const parsed = parsers.postgres(text);
  if (!parsed.ok) return undefined;
  const statements = statementsOf(parsed.tree);
  if (statements === undefined) return undefined;
  return postgresFindings(statements, (inner) => {
    const found = inPostgres(inner, parsers, depth + 1)?.map(({ byte: _, ...finding }) => finding);
    return (
      found ?? [{ effect: 'delete', uninterpreted: true, reason: 'The SQL runs a text that could not be interpreted.' }]
    );
  });
}

/**
 * T-SQL needs no semicolon: after `select 1` these words begin a statement of their own, where others read an alias.
 * They are reserved there, so an ordinary read does not hold them unquoted; EXPLAIN, which T-SQL lacks, does.
 */
const STATEMENT_WORDS = (
  'shutdown checkpoint reconfigure revert kill dbcc backup restore exec execute waitfor bulk deny goto raiserror throw writetext ' +
  'updatetext delete update drop insert truncate create alter merge grant revoke'
).split(' ');

function bareStatementWord(text: string, shape: SqlShape): Finding | undefined {
  const word = STATEMENT_WORDS.find((candidate) => shape.words.has(candidate));
  if (word === undefined || /^\s*explain\s/i.test(text)) return undefined;
  return {
    effect: 'delete',
    action: 'run-code',
    reason: `In T-SQL ${word.toUpperCase()} may begin a statement of its own here.`,
  };
}

const isRead = (findings: readonly Finding[]) => findings.every(({ effect }) => effect === 'read');

function worstOverDialects(text: string, parsers: SqlParsers): readonly PgFinding[] | undefined {
  const shapes = SQL_DIALECTS.map((dialect) => [dialect, shapeOf(text, dialect)] as const);
  const postgres = shapes.find(([dialect]) => dialect === 'postgres')?.[1];
  if (postgres === undefined) return undefined;
  const pragma = pragmaFinding(text);
  if (pragma !== undefined) return [pragma]; // no other database has it
  const asPostgres = findingsIn('postgres', text, parsers, postgres)?.map(knownSomewhere);
  const bare = asPostgres !== undefined && isRead(asPostgres) ? bareStatementWord(text, postgres) : undefined;
  const alike = shapes.every(([, shape]) => shape.regions === postgres.regions && !shape.executableComment);
  if (asPostgres !== undefined && alike && bare === undefined) {
    const effect = worstEffect(...asPostgres.map((finding) => finding.effect));
    if (effect !== 'write') return asPostgres;
  }
  const understood = new Set<string>();
  const findings: PgFinding[] = [...(asPostgres ?? []), ...(bare === undefined ? [] : [bare])];
  if (asPostgres !== undefined) understood.add(postgres.regions);
  const refused: SqlShape[] = [];
  for (const [dialect, shape] of shapes) {
    if (dialect === 'postgres') continue; // its parser is the database's own: what it refuses, it would not run
    const found = findingsIn(dialect, text, parsers, shape);
    if (found !== undefined) {
      const restates = understood.size > 0;
      findings.push(...found.map(knownSomewhere).map((finding) => (restates ? { ...finding, restates } : finding)));
      understood.add(shape.regions);
    } else if (shape.valid) refused.push(shape);
  }
  if (understood.size === 0) return undefined;
  const doubtful = refused.some((shape) => shape.executableComment || !understood.has(shape.regions));
  if (!doubtful) return findings;
  return [
    ...findings,
    {
      effect: 'delete',
      uninterpreted: true,
      reason: 'Another database would read this SQL differently, and could not be ruled out.',
    },
  ];
}

/** Which database it is for is not known, so a function that one of them knows to read is not a function of a user. */
function knownSomewhere(finding: PgFinding): PgFinding {
  const name = finding.effect === 'write' && finding.action === 'call' ? (finding.objects?.[0]?.name ?? '') : '';
  return name !== '' && readsSomewhere(name)
    ? { effect: 'read', action: 'select', reason: 'The SQL only reads.' }
    : finding;
}

/** A string, a list of strings, or an object that holds the text under a usual name. */
function textsOf(value: JsonValue): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) {
    const texts = value.map((item: JsonValue) =>
      typeof item === 'string' ? [item] : isJsonObject(item) ? textsOf(item) : undefined,
    );
    return texts.every((text) => text !== undefined) ? texts.flat() : undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const named = ['sql', 'query', 'statement', 'text']
    .map((name) => value[name])
    .filter((text) => typeof text === 'string');
  return named.length === 0 ? undefined : named;
}

/** Byte offsets of PostgreSQL's parser become marks in UTF-16 units; reads need none. */
function located(findings: readonly PgFinding[], text: string): readonly Finding[] {
  return findings.map(({ byte, ...finding }, index) => {
    if (byte === undefined || finding.effect === 'read' || index >= MAX_MARKS) return finding;
    const mark = clauseAt(text, unitsAt(text, byte));
    return mark === undefined ? finding : { ...finding, marks: [{ ...mark, reason: finding.reason }] };
  });
}

/** Sticky and bounded: no text makes them walk far. */
const BLANK = /(?:\s|--[^\n]{0,500}\n|\/\*[^*]{0,500}\*\/){0,50}/y;
const WHOLE_CLAUSE = /(?:drop|truncate)\b[^;'"$]{0,200}|[\w$."]{1,128}/iy;
const VERB_BEFORE = /(?:delete\s{1,20}from|update|insert\s{1,20}into|merge\s{1,20}into)\s{1,20}(?:only\s{1,20})?$/i;

/** From the verb to the name that it acts on: `DELETE FROM orders`, `DROP TABLE orders CASCADE`. */
function clauseAt(text: string, at: number): { readonly start: number; readonly end: number } | undefined {
  BLANK.lastIndex = at;
  const word = at + (BLANK.exec(text)?.[0].length ?? 0);
  WHOLE_CLAUSE.lastIndex = word;
  const clause = WHOLE_CLAUSE.exec(text)?.[0].trimEnd() ?? '';
  if (clause === '') return undefined;
  const verb = VERB_BEFORE.exec(text.slice(Math.max(0, word - 80), word))?.[0].length ?? 0;
  return { start: word - verb, end: word + clause.length };
}

function unitsAt(text: string, byte: number): number {
  let units = 0;
  for (let bytes = 0; bytes < byte && units < text.length; ) {
    const code = text.codePointAt(units) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    units += code > 0xffff ? 2 : 1;
  }
  return units;
}
