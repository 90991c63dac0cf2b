/**
 * What the SQL analyser asks of the parsers that are handed in. They never throw.
 * `broken`: the parser could not work at all, as opposed to having refused the text.
 */
export type ParsedSql = { readonly ok: true; readonly tree: unknown } | { readonly ok: false; readonly broken?: true };

export const SQL_DIALECTS = ['postgres', 'mysql', 'sqlite', 'tsql'] as const;
export type SqlDialect = (typeof SQL_DIALECTS)[number];

export type SqlParsers = { readonly [dialect in SqlDialect]: (text: string) => ParsedSql };
