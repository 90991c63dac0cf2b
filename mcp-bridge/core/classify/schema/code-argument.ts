/**
 * Arguments that hold code, a command or a query: whatever the tool is called, such a value can do anything its
 * language can. Which arguments these are is told by their names and by what the tool says it runs.
 */
import type { AnalyserKind } from '../analysers/ports.ts';
import { wordsOf } from '../names/words.ts';
import type { Property } from './properties.ts';

export type CodeArgument = {
  readonly name: string;
  readonly depth: number;
  /** `undefined`: a programming language, which no analyser reads. */
  readonly kind: AnalyserKind | undefined;
  /** What it holds, as a person would say it. */
  readonly noun: string;
  /** The tool's words or its listed values already say the worst; the bytes of a call can only raise (CL-08, CL-15). */
  readonly onlyRaises?: boolean | undefined;
};

export type CodeContext = {
  /** Tool name, description and server words, lower-case; decides which language a `query` is in. */
  readonly text: string;
  /** The verb that decided about its own words. */
  readonly verb: string | undefined;
  /** It keeps a query for later (`create_saved_query`) and does not run it. */
  readonly stores: boolean;
  /** The tool's own words say that it runs something. */
  readonly runs: boolean;
  /** The tool's name says surely that it only looks. */
  readonly looks: boolean;
  /** Its name says surely what else it does, and that is not to run something. */
  readonly changes: boolean;
  /** It looks at code without running it: analyses, validates, formats, repairs. */
  readonly studies: boolean;
};

const sqlNames = new Set(['statement', 'statements', 'ddl', 'dml', 'migration']);
const sqlEndings = new Set('sql query queries text statement statements string command code script body'.split(' '));
const queryNames = new Set(['query', 'queries']);
const shellNames = new Set(['command', 'commands', 'cmd', 'cmds', 'commandline', 'shell', 'bash', 'argv', 'cli']);
const codeNames = new Set(
  'code script function expression javascript js python py typescript ts program source snippet lua ruby apex eval'.split(
    ' ',
  ),
);
const textType = (property: Property) =>
  property.choices.length === 0 &&
  (property.types.size === 0 || property.types.has('string') || property.types.has('array'));

export function codeArguments(properties: readonly Property[], context: CodeContext): readonly CodeArgument[] {
  const addressed = properties.some(({ name, depth }) => depth === 0 && addresses.has(wordsOf(name).at(-1) ?? ''));
  return properties.flatMap((property): readonly CodeArgument[] => {
    if (addressed && isMethod(property) && !context.looks && !context.changes) {
      const { name, depth } = property;
      return [{ name, depth, kind: 'http', noun: 'an HTTP method', onlyRaises: property.choices.length > 0 }];
    }
    if (!textType(property)) return [];
    const found = languageOf(property, context);
    return found ? [{ name: property.name, depth: property.depth, ...found }] : [];
  });
}

const addresses = new Set(['url', 'uri', 'path', 'endpoint']);

/** `method` beside an address: GET or DELETE, as the caller likes; headers may say yet another. */
function isMethod(property: Property): boolean {
  const whole = wordsOf(property.name).join('');
  return property.depth === 0 && (whole === 'method' || whole === 'httpmethod');
}

function languageOf(property: Property, context: CodeContext): Omit<CodeArgument, 'name' | 'depth'> | undefined {
  const words = wordsOf(property.name);
  const last = words.at(-1) ?? '';
  const whole = words.join('');
  const about = property.description.toLowerCase();
  if (words.includes('sql') && sqlEndings.has(last)) return context.stores ? { ...sql, onlyRaises: true } : sql;
  if (sqlNames.has(last)) return speaksSql.test(`${about} ${context.text}`) && !context.looks ? sql : undefined;
  if (queryNames.has(last)) return queryLanguage(about, context);
  if (shellNames.has(last) || whole === 'commandline') {
    if (context.looks || (context.changes && property.depth > 0)) return undefined;
    return { kind: shellKind(context.text), noun: 'a command' };
  }
  if (
    (last === 'args' || last === 'arguments') &&
    context.runs &&
    /\b(?:cli|kubectl|helm|git|terraform|aws|gcloud|az)\b/.test(context.text)
  ) {
    return { kind: shellKind(context.text), noun: 'command-line arguments' };
  }
  if (last === 'code' && codeOfThings.test(about)) return undefined;
  if (codeNames.has(last)) return context.runs && !context.looks && words.at(-2) !== 'country' ? code : undefined;
  if (last === 'pipeline' && property.types.has('array') && /\baggregat/.test(context.text)) {
    const onlyRaises = context.looks || context.changes;
    return { kind: 'mongo', noun: 'an aggregation pipeline', onlyRaises };
  }
  return undefined;
}

/** A project's short name, a country, a coupon: a code, but none that runs. */
const codeOfThings =
  /\b(?:project|country|currency|language|locale|status|promo|discount|coupon|error|postal|zip|invite|access|verification)\b.{0,20}\bcode\b/;

const sql = { kind: 'sql', noun: 'SQL' } as const;
const code = { kind: undefined, noun: 'code' } as const;

const speaksSql =
  /\b(?:sql|postgres(?:ql)?|mysql|mariadb|sqlite|mssql|clickhouse|bigquery|snowflake|redshift|duckdb|hive|trino|athena)\b|\bselect\b.{0,20}\bfrom\b/;

const runsSql =
  /\b(?:execut(?:e|es|ing)|runs?|running) (?:an? |the |any |arbitrary |custom |raw )*(?:t-|my|postgre)?sql\b/;

/** A `query` is a search text unless the tool speaks of a language that can also change things. */
function queryLanguage(
  about: string,
  { text, verb, looks, changes, studies }: CodeContext,
): Omit<CodeArgument, 'name' | 'depth'> | undefined {
  const all = `${about} ${text}`;
  if (/\bgraphql\b/.test(looks && verb !== 'query' ? about : all) && !changes)
    return { kind: 'graphql', noun: 'a GraphQL document' };
  if (/\bcypher\b|\bsparql\b|\bsurrealql\b/.test(all) && !looks) return { kind: undefined, noun: 'a database query' };
  if (/\bmanagement (?:operations|commands)\b/.test(all)) return { kind: undefined, noun: 'a database query' };
  if (studies || /\bcosmos ?db\b/.test(all)) return undefined;
  if (runsSql.test(text)) return sql;
  if (/\bsql\b|\bselect\b|\bddl\b/.test(about) || (speaksSql.test(text) && /\bquery|queries\b/.test(text) && !looks))
    return sql;
  return undefined;
}

function shellKind(text: string): AnalyserKind {
  if (/\bkubectl\b|\bhelm\b/.test(text)) return 'kubernetes';
  if (/\bredis\b/.test(text)) return 'redis';
  if (/\b(?:aws|gcloud|az|terraform) (?:cli|command)|\bterraform\b/.test(text)) return 'cloud-cli';
  if (/\bgit (?:command|argument|subcommand)/.test(text)) return 'git-argv';
  return 'shell';
}
