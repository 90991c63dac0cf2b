/** What a word of the shell says once quotes and escapes are taken away, as far as that is known before it runs. */
import type { Word } from '../words.ts';
import type { ShellNode } from './shell-tree.ts';

const ANSI_ESCAPES: { readonly [letter: string]: string } = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  v: '\v',
};
const MAX_DEPTH = 30;

/** What may follow a word without being part of it. */
export const WORD_ENDS = /[\s;&|()<>`]/;

export function wordOf(node: ShellNode, text: string, depth = 0): Word {
  const raw = text.slice(node.start, node.end);
  if (depth > MAX_DEPTH) return { text: undefined };
  switch (node.type) {
    case 'word':
    case 'number':
    case 'extglob_pattern':
    case 'regex':
    case 'test_operator':
      return node.children.length > 0 ? { text: undefined } : unquotedWord(raw);
    case 'command_name':
      return node.children.length === 1 && node.children[0] !== undefined
        ? wordOf(node.children[0], text, depth + 1)
        : unquotedWord(raw);
    case 'raw_string':
      return { text: raw.slice(1, -1) };
    case 'ansi_c_string':
      return { text: ansiText(raw.slice(2, -1)) };
    case 'string':
      return node.children.every((child) => child.type === 'string_content' || child.type === '"')
        ? { text: doubleQuoted(raw.slice(1, -1)) }
        : { text: undefined };
    case 'concatenation': {
      // `{a,b}` and `{1..3}` become several words, `~+` a folder; a brace anywhere makes the whole unknown.
      const parts = node.children.map((child) => wordOf(child, text, depth + 1));
      const whole = node.children.every((child, index) => index === 0 || child.start === node.children[index - 1]?.end);
      if (!whole || parts.some((part) => part.text === undefined) || hasBraces(node, text)) return { text: undefined };
      return { text: parts.map((part) => part.text ?? '').join(''), glob: parts.some((part) => part.glob === true) };
    }
    default:
      return { text: undefined };
  }
}

function hasBraces(node: ShellNode, text: string): boolean {
  const unquoted = node.children
    .filter((child) => !/string$/.test(child.type))
    .map((child) => text.slice(child.start, child.end));
  const joined = unquoted.join('');
  return /\{/.test(joined) && /,|\.\./.test(joined);
}

function unquotedWord(raw: string): Word {
  const bare = raw.replace(/\\./gs, '');
  // `{a,b}` and `{1..3}` become several words; `HEAD@{1}` and `{}` do not.
  if (/[`$()\s]/.test(bare) || (/\{/.test(bare) && /,|\.\./.test(bare))) return { text: undefined };
  const plain = raw.replace(/\\\n/g, '');
  return { text: plain.replace(/\\(.)/gs, '$1'), glob: /[*?[]/.test(plain.replace(/\\./gs, '')) };
}

/** Inside double quotes a backslash only escapes these (POSIX XCU §2.2.3). */
function doubleQuoted(inner: string): string {
  return inner.replace(/\\\n/g, '').replace(/\\([$`"\\])/g, '$1');
}

function ansiText(inner: string): string {
  return inner.replace(
    /\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[0-7]{1,3}|c.|.)/gs,
    (_all, code: string) => {
      const kind = code.charAt(0);
      if (/[xuU]/.test(kind) && code.length > 1) return codeText(Number.parseInt(code.slice(1), 16));
      if (/[0-7]/.test(kind)) return codeText(Number.parseInt(code, 8) & 0xff);
      return ANSI_ESCAPES[kind] ?? code;
    },
  );
}

function codeText(code: number): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD';
}

/** A line whose words need no shell to be told apart: no quotes, escapes, expansions, operators or globs. */
export function plainWords(line: string): readonly string[] | undefined {
  if (!/^[A-Za-z0-9_./:@,+=% \t-]+$/.test(line) || /(^|\s)[A-Za-z_]\w*\+?=/.test(line)) return undefined;
  const words = line.trim().split(/[ \t]+/);
  return words[0] === '' || RESERVED.has(words[0] ?? '') ? undefined : words;
}

const RESERVED = new Set(
  'if then else elif fi for while until do done case esac in function select time coproc export declare typeset local readonly unset'.split(
    ' ',
  ),
);
