/**
 * Where quotes and comments begin and end, by dialect: the only thing that makes one text mean different things to two
 * databases (CL-01, CL-06, CL-07). Nothing is parsed here.
 *
 * `regions`: start and end of every quoted part and comment. Two dialects that cut a text alike see the same tokens.
 * `valid` is false when the dialect's own scanner would refuse the text. `chain`: the longest run of operators that a
 * parser must nest. Linear: every loop moves `at` forward over the text once.
 */
import type { SqlDialect } from './sql-parsers.ts';

export type SqlShape = {
  readonly valid: boolean;
  readonly regions: string;
  /** MySQL runs what stands in `/*! … *\/`. */
  readonly executableComment: boolean;
  readonly chain: number;
  /** Words, signs and quoted parts: what a parser's time goes by. */
  readonly tokens: number;
  /** Unquoted words, lower case. */
  readonly words: ReadonlySet<string>;
};

type Habits = {
  readonly nestedComments: boolean;
  readonly hashComments: boolean;
  readonly dashesNeedSpace: boolean;
  readonly backslashEscapes: boolean;
  readonly dollarQuotes: boolean;
  readonly backticks: boolean;
  readonly brackets: boolean;
  /** Characters that cannot stand outside quotes. */
  readonly foreign: RegExp;
};

const HABITS: { readonly [dialect in SqlDialect]: Habits } = {
  postgres: {
    nestedComments: true,
    hashComments: false,
    dashesNeedSpace: false,
    backslashEscapes: false,
    dollarQuotes: true,
    backticks: false,
    brackets: false,
    foreign: /[\\{}\uFEFF]/,
  },
  mysql: {
    nestedComments: false,
    hashComments: true,
    dashesNeedSpace: true,
    backslashEscapes: true,
    dollarQuotes: false,
    backticks: true,
    brackets: false,
    foreign: /[[\]\\\uFEFF]/,
  },
  sqlite: {
    nestedComments: false,
    hashComments: false,
    dashesNeedSpace: false,
    backslashEscapes: false,
    dollarQuotes: false,
    backticks: true,
    brackets: true,
    foreign: /[#\\^{}\uFEFF]/,
  },
  tsql: {
    nestedComments: true,
    hashComments: false,
    dashesNeedSpace: false,
    backslashEscapes: false,
    dollarQuotes: false,
    backticks: false,
    brackets: true,
    foreign: /[`\uFEFF]/,
  },
};

const WORD = /[\p{L}\p{N}_$@#]+/uy;
const DOLLAR_TAG = /\$([\p{L}_][\p{L}\p{N}_]*)?\$/uy;
const PLAIN_BRACKETS = /^\[(?:[\w\s,.:+*()[]|'[^'\]\\;#$/-]*')*\]$/;
const CHAINING_WORDS = new Set(
  'and or xor not is in like ilike rlike regexp glob match between union intersect except minus collate div mod at'.split(
    ' ',
  ),
);
const SPACE = /\s/;
const OPERATOR = /[-+*/<>=|&^%!~:]/;

export function shapeOf(text: string, dialect: SqlDialect): SqlShape {
  const habits = HABITS[dialect];
  const regions: string[] = [];
  const words = new Set<string>();
  const chains: number[] = [0];
  let [at, chain, open, tokens, valid, executableComment, operand] = [0, 0, 0, 0, !text.includes('\0'), false, false];
  let plainUntil = 0;
  const lengthen = () => {
    chains[chains.length - 1] = (chains.at(-1) ?? 0) + 1;
    open += 1;
    if (open > chain) chain = open;
  };
  const region = (end: number, kind: string) => {
    if (end < 0) valid = false;
    const stop = end < 0 ? text.length : end;
    regions.push(`${kind}${at}-${stop}`);
    at = stop;
  };
  while (at < text.length) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    tokens += 1;
    if (char === '-' && next === '-' && (!habits.dashesNeedSpace || /^[\s\p{Cc}]?$/u.test(text.charAt(at + 2)))) {
      region(endOfLine(text, at), 'c');
    } else if (char === '#' && habits.hashComments) {
      region(endOfLine(text, at), 'c');
    } else if (char === '/' && next === '*') {
      executableComment ||= dialect === 'mysql' && /^(M?!)/.test(text.slice(at + 2, at + 4));
      region(endOfComment(text, at, habits.nestedComments, dialect === 'sqlite'), 'c');
    } else if (char === "'" || char === '"' || (char === '`' && habits.backticks)) {
      const escapes =
        char !== '`' &&
        (habits.backslashEscapes || (dialect === 'postgres' && char === "'" && isEscapeString(text, at)));
      region(endOfQuoted(text, at, char, escapes), 'q');
      operand = true;
    } else if (char === '[' && habits.brackets && at >= plainUntil) {
      const end = endOfQuoted(text, at, ']', false);
      // `array[1, 'a']` hides nothing whether its brackets quote or not: what is inside is cut like the rest.
      if (end > 0 && PLAIN_BRACKETS.test(text.slice(at, end))) {
        plainUntil = end;
        at += 1;
      } else region(end, 'q');
      operand = true;
    } else if (char === '$' && habits.dollarQuotes && matchAt(DOLLAR_TAG, text, at) !== undefined) {
      const tag = matchAt(DOLLAR_TAG, text, at) ?? '';
      const close = text.indexOf(tag, at + tag.length);
      region(close < 0 ? -1 : close + tag.length, 'q');
      operand = true;
    } else {
      const word = matchAt(WORD, text, at);
      if (word !== undefined) {
        const lower = word.toLowerCase();
        if (at >= plainUntil) words.add(lower);
        if (CHAINING_WORDS.has(lower)) lengthen();
        operand = true;
        at += word.length;
        continue;
      }
      if (SPACE.test(char)) tokens -= 1;
      else if (habits.foreign.test(char)) valid = false;
      if (char === '(') {
        chains.push(0);
        operand = false;
      } else if (char === ')' || char === ',' || char === ';') {
        open -= chains.at(-1) ?? 0;
        if (char === ')' && chains.length > 1) chains.pop();
        else chains[chains.length - 1] = 0;
        operand = char === ')';
      } else if (OPERATOR.test(char) && operand) lengthen();
      at += 1;
    }
  }
  return { valid, regions: regions.join(' '), executableComment, chain, tokens, words };
}

/**
 * PostgreSQL's scanner takes a run of operator characters whole and then gives back all but the comment start in it:
 * quadratic in the number of `/*` within one run.
 */
export function hasCommentPileUp(text: string): boolean {
  let starts = 0;
  for (let at = text.indexOf('/*'), last = -1; at >= 0; last = at, at = text.indexOf('/*', at + 1)) {
    const joined = last >= 0 && at - last < 40 && /^[~!@#^&|`?+\-*/%<>=]+$/.test(text.slice(last, at));
    starts = joined ? starts + 1 : 0;
    if (starts > 30) return true;
  }
  return false;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function endOfComment(text: string, start: number, nested: boolean, mayEndWithText: boolean): number {
  let [depth, at, close, opening] = [1, start + 2, start, nested ? start : Number.POSITIVE_INFINITY];
  while (depth > 0) {
    // Each is looked for again only once it is passed, so that both walk the text once.
    if (close < at) close = text.indexOf('*/', at);
    if (close < 0) return mayEndWithText ? text.length : -1;
    if (opening < at) opening = text.indexOf('/*', at);
    if (opening < 0) opening = Number.POSITIVE_INFINITY;
    if (opening < close) {
      depth += 1;
      at = opening + 2;
    } else {
      depth -= 1;
      at = close + 2;
    }
  }
  return at;
}

/** `E'…'` of PostgreSQL; the E must not be the end of a longer word. */
function isEscapeString(text: string, at: number): boolean {
  return /^[eE]$/.test(text.charAt(at - 1)) && !/[\p{L}\p{N}_$]/u.test(text.charAt(at - 2));
}

function endOfQuoted(text: string, start: number, quote: string, backslashEscapes: boolean): number {
  let at = start + 1;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '\\' && backslashEscapes) at += 2;
    else if (char !== quote) at += 1;
    else if (text.charAt(at + 1) === quote) at += 2;
    else return at + 1;
  }
  return -1;
}
