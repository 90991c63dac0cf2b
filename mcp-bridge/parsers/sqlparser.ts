/**
 * DataFusion's sqlparser in WebAssembly, for MySQL, SQLite and T-SQL.
 *
 * It has a recursion limit of its own; a text that breaks it all the same leaves the instance unusable, after which it
 * answers "broken" for good: such SQL is then graded like a deletion until the bridge starts anew. The analyser keeps
 * texts away that could do it.
 */
import { init, Parser, ParserError } from '@guanmingchiu/sqlparser-ts';
import type { ParsedSql } from '../core/classify/analysers/sql/sql-parsers.ts';

export type OtherSqlParsers = {
  readonly mysql: (text: string) => ParsedSql;
  readonly sqlite: (text: string) => ParsedSql;
  readonly tsql: (text: string) => ParsedSql;
};

/** The parser's own words; anything else came out of WebAssembly itself. */
const REFUSAL = /^sql parser error|at Line: \d+, Column: \d+$/;

export async function loadOtherSqlParsers(): Promise<OtherSqlParsers> {
  await init();
  let broken = false;
  const parserFor =
    (dialect: 'mysql' | 'sqlite' | 'mssql') =>
    (text: string): ParsedSql => {
      if (broken) return { ok: false, broken: true };
      try {
        return { ok: true, tree: Parser.parse(text, dialect) };
      } catch (error) {
        broken = !(error instanceof ParserError && REFUSAL.test(error.message));
        return broken ? { ok: false, broken } : { ok: false };
      }
    };
  return { mysql: parserFor('mysql'), sqlite: parserFor('sqlite'), tsql: parserFor('mssql') };
}
