/**
 * Light colouring of code, line by line: words of the language stand out, comments lean. Nothing is ever made paler:
 * what a guess takes for a comment may be what matters (DG-06).
 */
export type SyntaxKind = 'plain' | 'keyword' | 'string' | 'comment';
export type SyntaxPiece = { readonly text: string; readonly kind: SyntaxKind };
export type SyntaxLanguage = 'code' | 'sql' | 'shell' | 'json' | 'text';

/** Quotes that never close make the search quadratic; a line written by a person is shorter (EL-22). */
const LONGEST_COLOURED = 400;

const CODE_WORDS =
  'abstract as async await break case catch class const continue def default delete do elif else enum export extends ' +
  'false final finally fn for from func function go if impl implements import in interface is let match mod module mut ' +
  'namespace new nil none not null package pass private protected pub public raise readonly return self static struct ' +
  'super switch this throw throws trait true try type typeof undefined use val var void while with yield';
const SQL_WORDS =
  'add all alter analyze and as asc begin between by cascade case check column commit conflict constraint copy create ' +
  'cross database default delete desc distinct do drop else end exists explain false for foreign from full function ' +
  'grant group having if in index inner insert into is join key left like limit materialized not null on or order outer ' +
  'primary references rename returning revoke right role rollback schema select set table then to trigger true truncate ' +
  'union unique update using values view when where with';
const SHELL_WORDS = 'case do done elif else esac export fi for function if in return set then until while';

type Grammar = { readonly words: ReadonlySet<string>; readonly pattern: RegExp };

const grammar = (words: string, comment: string, foldsCase = ''): Grammar => ({
  words: new Set(words.split(' ')),
  pattern: new RegExp(
    `(${comment})|("(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'|\`[^\`]*\`)|\\b([a-z]+)\\b`,
    `g${foldsCase}`,
  ),
});

const GRAMMARS: { readonly [language in SyntaxLanguage]: Grammar | undefined } = {
  code: grammar(CODE_WORDS, '(?<=^|\\s)(?:\\/\\/|#\\s).*$|\\/\\*.*?\\*\\/'),
  sql: grammar(SQL_WORDS, '--.*$|\\/\\*.*?\\*\\/', 'i'),
  shell: grammar(SHELL_WORDS, '(?<=^|\\s)#.*$'),
  json: grammar('true false null', '(?!)'),
  text: undefined,
};

export function syntaxPieces(line: string, language: SyntaxLanguage): readonly SyntaxPiece[] {
  const known = GRAMMARS[language];
  if (known === undefined || line.length > LONGEST_COLOURED) return [{ text: line, kind: 'plain' }];
  const pieces: SyntaxPiece[] = [];
  let end = 0;
  for (const match of line.matchAll(known.pattern)) {
    const [text, comment, quoted, word] = match;
    if (word !== undefined && !known.words.has(word.toLowerCase())) continue;
    const kind = comment !== undefined ? 'comment' : quoted !== undefined ? 'string' : 'keyword';
    if (match.index > end) pieces.push({ text: line.slice(end, match.index), kind: 'plain' });
    pieces.push({ text, kind });
    end = match.index + text.length;
  }
  if (end < line.length) pieces.push({ text: line.slice(end), kind: 'plain' });
  return pieces;
}

const LANGUAGES: { readonly [ending: string]: SyntaxLanguage } = {
  sql: 'sql',
  sh: 'shell',
  bash: 'shell',
  json: 'json',
  md: 'text',
  txt: 'text',
  csv: 'text',
  lock: 'text',
};

/** By the ending of the file's name; without one it is plain text. */
export function languageOfPath(path: string): SyntaxLanguage {
  const ending = /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase();
  return ending === undefined ? 'text' : (LANGUAGES[ending] ?? 'code');
}
