/**
 * PostgreSQL's own parser (libpg_query in WebAssembly).
 *
 * A text can exhaust its stack; WebAssembly then unwinds without cleaning up. Such an instance is thrown away and a
 * new one is made: until it is there every text is answered "could not parse", which is graded like a deletion.
 */
import createModule, { type PgQueryModule } from 'libpg-query/wasm/libpg-query.js';
import type { ParsedSql } from '../core/classify/analysers/sql/sql-parsers.ts';

export async function loadPostgresParser(): Promise<(text: string) => ParsedSql> {
  let module: PgQueryModule | undefined = await createModule();
  return (text) => {
    if (module === undefined) return { ok: false, broken: true };
    try {
      return parseWith(module, text);
    } catch {
      module = undefined;
      createModule().then(
        (fresh) => {
          module = fresh;
        },
        () => undefined, // stays broken: every SQL text is graded like a deletion
      );
      return { ok: false, broken: true };
    }
  };
}

function parseWith(module: PgQueryModule, text: string): ParsedSql {
  const bytes = module.lengthBytesUTF8(text) + 1;
  const query = module._malloc(bytes);
  module.stringToUTF8(text, query, bytes);
  const result = module._wasm_parse_query_raw(query);
  try {
    if (result === 0 || module.getValue(result + 8, 'i32') !== 0) return { ok: false };
    const tree = module.getValue(result, 'i32');
    return tree === 0 ? { ok: false } : { ok: true, tree: parseJson(module.UTF8ToString(tree)) };
  } finally {
    module._free(query);
    if (result !== 0) module._wasm_free_parse_result(result);
  }
}

/** Undefined (an unknown tree) when the nesting is too deep for JSON.parse. */
function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
