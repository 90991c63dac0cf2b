/**
 * Loads the parsers that are not pure JavaScript and builds every argument analyser with them.
 * Throws when a parser cannot be loaded: the bridge does not start without eyes.
 */
import { analyseCloudCli, analyseKubernetes } from '../core/classify/analysers/cloud/cloud-analyser.ts';
import { analyseGitArgv } from '../core/classify/analysers/git/git-analyser.ts';
import { createGraphqlAnalyser } from '../core/classify/analysers/http/graphql-analyser.ts';
import { createHttpAnalyser } from '../core/classify/analysers/http/http-analyser.ts';
import { analysePath } from '../core/classify/analysers/path/path-analyser.ts';
import type { Analysers } from '../core/classify/analysers/ports.ts';
import { createShellAnalyser } from '../core/classify/analysers/shell/shell-analyser.ts';
import { createSqlAnalyser } from '../core/classify/analysers/sql/sql-analyser.ts';
import { analyseMongo } from '../core/classify/analysers/stores/mongo-analyser.ts';
import { analyseRedis } from '../core/classify/analysers/stores/redis-analyser.ts';
import { parseGraphql } from './graphql-parser.ts';
import { loadPostgresParser } from './postgres-parser.ts';
import { loadShellParser } from './shell-parser.ts';
import { loadOtherSqlParsers } from './sqlparser.ts';

export async function loadAnalysers(): Promise<Analysers> {
  const [postgres, others, shell] = await Promise.all([loadPostgresParser(), loadOtherSqlParsers(), loadShellParser()]);
  const graphql = createGraphqlAnalyser(parseGraphql);
  return {
    sql: createSqlAnalyser({ postgres, ...others }),
    shell: createShellAnalyser(shell),
    'git-argv': analyseGitArgv,
    http: createHttpAnalyser(graphql),
    graphql,
    mongo: analyseMongo,
    redis: analyseRedis,
    path: analysePath,
    kubernetes: analyseKubernetes,
    'cloud-cli': analyseCloudCli,
  };
}
