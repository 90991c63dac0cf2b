/** The Emscripten module beneath libpg-query: the package types only its wrapper, which cannot be made anew. */
declare module 'libpg-query/wasm/libpg-query.js' {
  export type PgQueryModule = {
    lengthBytesUTF8(text: string): number;
    stringToUTF8(text: string, pointer: number, maxBytes: number): void;
    UTF8ToString(pointer: number): string;
    getValue(pointer: number, type: 'i32'): number;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    /** Returns a struct of three pointers: the tree as JSON, stderr, the error. */
    _wasm_parse_query_raw(query: number): number;
    _wasm_free_parse_result(result: number): void;
  };
  const create: () => Promise<PgQueryModule>;
  // biome-ignore lint/style/noDefaultExport: the package exports nothing else
  export default create;
}
