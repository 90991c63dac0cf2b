/**
 * Loads the parsers that are not pure JavaScript and builds every argument analyser with them.
 * Throws when a parser cannot be loaded: the bridge does not start without eyes.
 */
import type { Analysers } from '../core/classify/analysers/ports.ts';
import { createSqlAnalyser } from '../core/classify/analysers/sql/sql-analyser.ts';
import { loadPostgresParser } from './postgres-parser.ts';
import { loadOtherSqlParsers } from './sqlparser.ts';

export async function loadAnalysers(): Promise<Analysers> {
  const [postgres, others] = await Promise.all([loadPostgresParser(), loadOtherSqlParsers()]);
  return { sql: createSqlAnalyser({ postgres, ...others }) };
}
