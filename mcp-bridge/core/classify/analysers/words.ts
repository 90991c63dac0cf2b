/**
 * One word of a command line. `text` is undefined when it is only known at run time (`$x`, `$(…)`, a brace or glob that
 * may become anything): such a word could be any option, so only commands without a harmful option may take it.
 */
export type Word = {
  readonly text: string | undefined;
  /** Holds an unquoted `*`, `?` or `[`: becomes file names, of which one may begin with a dash unless it starts fixed. */
  readonly glob?: boolean | undefined;
};

export function fixedWords(texts: readonly string[]): readonly Word[] {
  return texts.map((text) => ({ text }));
}

export function textOf(word: Word | undefined): string {
  return word?.text ?? '';
}

/** Could this word be read as an option once the shell has expanded it? */
export function mayBeOption(word: Word): boolean {
  if (word.text === undefined) return true;
  return word.text.startsWith('-') || (word.glob === true && /^[*?[]/.test(word.text));
}

/** Splits off `--`: what follows is never an option. */
export function splitAtDashes(words: readonly Word[]): {
  readonly options: readonly Word[];
  readonly rest: readonly Word[];
} {
  const at = words.findIndex((word) => word.text === '--');
  return at < 0 ? { options: words, rest: [] } : { options: words.slice(0, at), rest: words.slice(at + 1) };
}

/** The name of an option without its value: `--output=x` → `--output`. */
export function optionName(word: Word): string {
  const text = textOf(word);
  const equals = text.indexOf('=');
  return text.startsWith('--') && equals > 0 ? text.slice(0, equals) : text;
}
