/**
 * Loads the parsers that are not pure JavaScript and builds every argument analyser with them.
 * Throws when a parser cannot be loaded: the bridge does not start without eyes.
 */
import { analyseCloudCli, analyseKubernetes } from '../core/classify/analysers/cloud/cloud-analyser.ts';
import { analyseGitArgv } from '../core/classify/analysers/git/git-analyser.ts';
import type { Analysers } from '../core/classify/analysers/ports.ts';
import { createShellAnalyser } from '../core/classify/analysers/shell/shell-analyser.ts';
import { createSqlAnalyser } from '../core/classify/analysers/sql/sql-analyser.ts';
import { loadPostgresParser } from './postgres-parser.ts';
import { loadShellParser } from './shell-parser.ts';
import { loadOtherSqlParsers } from './sqlparser.ts';

export async function loadAnalysers(): Promise<Analysers> {
  const [postgres, others, shell] = await Promise.all([loadPostgresParser(), loadOtherSqlParsers(), loadShellParser()]);
  return {
    sql: createSqlAnalyser({ postgres, ...others }),
    shell: createShellAnalyser(shell),
    'git-argv': analyseGitArgv,
    kubernetes: analyseKubernetes,
    'cloud-cli': analyseCloudCli,
  };
}
