/**
 * What may stand in a statement that only reads: expression nodes, operators and functions, each by allow-list
 * (CL-04, CL-05). Whatever is not listed makes the statement at least a write.
 */
import functionLists from './postgres-functions.json' with { type: 'json' };

/** Node tags that neither change nor lock anything by themselves. FuncCall, A_Expr and SelectStmt are looked into. */
export const READING_NODES: ReadonlySet<string> = new Set(
  `A_ArrayExpr A_Const A_Indices A_Indirection A_Star Alias BitString BoolExpr Boolean BooleanTest CTECycleClause
  CTESearchClause CaseExpr CaseWhen CoalesceExpr CollateClause ColumnDef ColumnRef CommonTableExpr DefElem Float
  GroupingFunc GroupingSet Integer JoinExpr JsonAggConstructor JsonArgument JsonArrayAgg JsonArrayConstructor
  JsonArrayQueryConstructor JsonBehavior JsonFormat JsonFuncExpr JsonIsPredicate JsonKeyValue JsonObjectAgg
  JsonObjectConstructor JsonOutput JsonParseExpr JsonReturning JsonScalarExpr JsonSerializeExpr JsonTable
  JsonTableColumn JsonTablePath JsonTablePathScan JsonTablePathSpec JsonTableSiblingJoin JsonValueExpr List MinMaxExpr
  NamedArgExpr NullTest ParamRef ParenExpr RangeFunction RangeSubselect RangeTableFunc RangeTableFuncCol
  RangeTableSample RangeVar ResTarget RowExpr SQLValueFunction SetToDefault SortBy String SubLink TypeCast TypeName
  WindowDef WithClause XmlExpr XmlSerialize`.split(/\s+/),
);

const FUNCTIONS: ReadonlySet<string> = new Set(
  [
    functionLists.immutable,
    functionLists.stable,
    functionLists.volatile,
    functionLists.newer,
    functionLists.types,
  ].flatMap((lines) => lines.flatMap((line) => line.split(' '))),
);

/** Functions whose text argument is a query that they run: the text is analysed in its own right. */
export const RUNS_ITS_TEXT: ReadonlySet<string> = new Set([
  'query_to_xml',
  'query_to_xmlschema',
  'query_to_xml_and_xmlschema',
  'ts_stat',
  'ts_rewrite',
]);

/** Built-in functions that destroy, end other people's work or reach outside the database. */
const DESTRUCTIVE_FUNCTION =
  /^(lo_(unlink|import|export|truncate(64)?|put)|lowrite|dblink.*|pg_(terminate|cancel)_backend|pg_drop_replication_slot|pg_(read|write|file|ls).*|pg_stat_file|pg_(promote|switch_wal|rotate_logfile|reload_conf)|pg_stat_reset.*|pg_replication_.*|pg_logical_.*|query_to_.*|ts_stat|xp_.*|sys_exec|sys_eval|load_extension|readfile|writefile)$/;

export type FunctionStanding = 'reads' | 'runs-its-text' | 'destructive' | 'unknown';

export function functionStanding(names: readonly string[]): FunctionStanding {
  const name = names.at(-1) ?? '';
  const schema = names.length > 1 ? names.at(-2) : undefined;
  const ours = schema === undefined || schema === 'pg_catalog';
  if (names.length > 2) return 'unknown';
  if (ours && RUNS_ITS_TEXT.has(name)) return 'runs-its-text';
  if (ours && FUNCTIONS.has(name)) return 'reads';
  if (schema === 'information_schema' && name.startsWith('_pg_')) return 'reads';
  return DESTRUCTIVE_FUNCTION.test(name) ? 'destructive' : 'unknown';
}

/** Every operator that PostgreSQL ships (pg_operator), and the parser's own names for IN, LIKE and BETWEEN. */
const OPERATORS: ReadonlySet<string> = new Set(
  `!! !~ !~* !~~ !~~* # ## #- #> #>> % & && &< &<| &> * *< *<= *<> *= *> *>= + - -> ->> -|- / < <-> << <<= <<| <= <> <@
  <^ = > >= >> >>= >^ ? ?# ?& ?- ?-| ?| ?|| @ @-@ @> @? @@ @@@ ^ ^@ | |&> |/ |>> || ||/ ~ ~* ~<=~ ~<~ ~= ~>=~ ~>~ ~~ ~~*
  BETWEEN`.split(/\s+/),
)
  .add('NOT BETWEEN')
  .add('BETWEEN SYMMETRIC')
  .add('NOT BETWEEN SYMMETRIC');

export function isBuiltInOperator(names: readonly string[]): boolean {
  const schema = names.length > 1 ? names[0] : undefined;
  return names.length <= 2 && (schema === undefined || schema === 'pg_catalog') && OPERATORS.has(names.at(-1) ?? '');
}

/** TABLESAMPLE methods that only read; others come from extensions. */
export const SAMPLE_METHODS: ReadonlySet<string> = new Set(['bernoulli', 'system']);
