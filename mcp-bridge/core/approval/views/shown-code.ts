import type { AnalysedCode } from '../../model/classification.ts';
import type { JsonValue } from '../../model/json.ts';

/** Code with its value, found in the call where the classifier did not pass it on. */
export type ShownCode = AnalysedCode & { readonly value: JsonValue };

export function isTexts(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

/** POSIX quoting, so that one word with a blank cannot pass for two. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
