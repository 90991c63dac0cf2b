/** What only reads in MySQL, SQLite and T-SQL, by allow-list: functions, variants of the parsed tree, pragmas. */
import functionLists from './dialect-functions.json' with { type: 'json' };
import { functionStanding } from './postgres-expressions.ts';
import type { SqlDialect } from './sql-parsers.ts';

type OtherDialect = Exclude<SqlDialect, 'postgres'>;

const listed = (lines: readonly string[]) => lines.flatMap((line) => line.split(' '));
const FUNCTIONS: { readonly [dialect in OtherDialect]: ReadonlySet<string> } = {
  mysql: new Set([...listed(functionLists.common), ...listed(functionLists.mysql)]),
  sqlite: new Set([...listed(functionLists.common), ...listed(functionLists.sqlite)]),
  tsql: new Set([...listed(functionLists.common), ...listed(functionLists.tsql)]),
};

/** Functions that reach files, other servers or the operating system, or load code. */
const DESTRUCTIVE =
  /^(load_file|load_extension|readfile|writefile|edit|fts3_tokenizer|eval|sys_eval|sys_exec|sys_set|lib_mysqludf.*|openrowset|opendatasource|openquery|openxml|xp_.*|sp_.*)$/;

export function functionStandingIn(
  dialect: OtherDialect,
  names: readonly string[],
): 'reads' | 'destructive' | 'unknown' {
  const name = (names.at(-1) ?? '').toLowerCase();
  if (DESTRUCTIVE.test(name)) return 'destructive';
  if (dialect === 'sqlite' && names.length === 1 && READING_PRAGMAS.has(name.replace(/^pragma_/, ''))) return 'reads';
  return names.length === 1 && FUNCTIONS[dialect].has(name) ? 'reads' : 'unknown';
}

/** Any of the databases has such a function, none has one of that name that does more. */
export function readsSomewhere(name: string): boolean {
  const plain = name.toLowerCase();
  const standings = [
    functionStanding([plain]),
    ...(['mysql', 'sqlite', 'tsql'] as const).map((dialect) => functionStandingIn(dialect, [plain])),
  ];
  return !name.includes('.') && standings.includes('reads') && !standings.includes('destructive');
}

/** Pragmas that answer a question whatever their argument names (SQLite pragma.html). */
export const READING_PRAGMAS: ReadonlySet<string> = new Set(
  `collation_list compile_options database_list foreign_key_check foreign_key_list function_list index_info index_list
  index_xinfo integrity_check module_list pragma_list quick_check stats table_info table_list table_xinfo`.split(/\s+/),
);
/** Pragmas that answer a question when they are given no value, and set something otherwise. */
export const ASKING_PRAGMAS: ReadonlySet<string> = new Set(
  `application_id auto_vacuum automatic_index busy_timeout cache_size cell_size_check data_version defer_foreign_keys
  encoding foreign_keys freelist_count fullfsync hard_heap_limit journal_mode journal_size_limit locking_mode
  max_page_count mmap_size page_count page_size query_only read_uncommitted recursive_triggers schema_version
  secure_delete soft_heap_limit synchronous temp_store threads trusted_schema user_version`.split(/\s+/),
);

/** Variants of sqlparser's tree that are expressions, literals, joins and types: nothing among them acts. */
export const READING_VARIANTS: ReadonlySet<string> = new Set(
  `Identifier CompoundIdentifier CompoundFieldAccess JsonAccess IsFalse IsNotFalse IsTrue IsNotTrue IsNull IsNotNull
  IsUnknown IsNotUnknown IsDistinctFrom IsNotDistinctFrom IsNormalized InList InSubquery InUnnest Between BinaryOp Like
  ILike SimilarTo RLike AnyOp AllOp UnaryOp Convert Cast AtTimeZone Extract Ceil Floor Position Substring Trim Overlay
  Collate Nested Value Prefixed TypedString Case Exists Subquery GroupingSets Cube Rollup Tuple Named Array Interval
  MatchAgainst Wildcard QualifiedWildcard MemberOf Number SingleQuotedString DoubleQuotedString NationalStringLiteral
  HexStringLiteral Boolean Null Placeholder UnicodeStringLiteral SingleQuotedByteStringLiteral
  DoubleQuotedByteStringLiteral Word token Query Select SetOperation Values Table Derived TableFunction UNNEST NestedJoin
  JsonTable OpenJsonTable Pivot Unpivot Inner Left LeftOuter Right RightOuter FullOuter CrossJoin Join On Using
  CrossApply OuterApply StraightJoin Semi Anti Expressions LimitOffset OffsetCommaLimit UnnamedExpr ExprWithAlias
  ExprWithAliases Unnamed List Expr Constant TableName WindowSpec NamedWindow Preceding Following Dot Subscript Index
  Subquery Function Explain ExplainTable ShowTables ShowColumns ShowDatabases ShowSchemas ShowFunctions ShowVariables
  ShowVariable ShowStatus ShowCreate ShowCollation ShowViews ShowCharset ShowProcessList Name Single Double DateTimeField
  Custom Varchar Nvarchar Char Character CharacterVarying Nchar Text Blob Int Integer Unsigned UnsignedInteger Signed
  SignedInteger BigInt SmallInt TinyInt Decimal Numeric Dec Float Real DoublePrecision Date Datetime Time Timestamp
  Binary Varbinary IntegerLength CharacterLength Precision PrecisionAndScale ExactNumberInfo Max Json Identifiers
  AllColumns Columns ColumnName WithTimeZone Filter Where Rows Range Groups ForBrowse ForJson ForXml Json Xml
  Separator OrderBy Limit Having OnOverflow IgnoreOrRespectNulls NullTreatment PathElem Path Bracket ObjectKey Key
  AliasedSelectItem WithAlias ExpressionWithAlias Ansi Parenthesized Percent Quantity`.split(/\s+/),
);
