/**
 * Does the tree account for the text? A grammar made for editors forgives: it may skip characters, cut a word in two or
 * miss the end of a line, where the shell would run something (CL-12). What it does not account for is not interpreted.
 *
 * Each check came out of running generated texts in a real shell beside this analyser: 1. every character is a space or
 * belongs to a leaf  2. the words of a command stand on one line  3. a line is not continued inside a word  4. comments,
 * braces, signs, here-documents and file descriptors begin and end where the shell sees them.
 */
import { isNamed, type ShellNode } from './shell-tree.ts';

export function accountsFor(nodes: readonly ShellNode[], text: string): boolean {
  if (/\S\\\n\S/.test(text)) return false;
  let covered = 0;
  for (const node of nodes) {
    if (!isPlausible(node, text)) return false;
    if (node.children.length > 0) continue;
    if (node.start > covered && !isBlank(text.slice(covered, node.start))) return false;
    covered = Math.max(covered, node.end);
  }
  return isBlank(text.slice(covered));
}

function isPlausible(node: ShellNode, text: string): boolean {
  const own = text.slice(node.start, node.end);
  switch (node.type) {
    case 'comment':
      return node.start === 0 || /[\s;&|()]/.test(text.charAt(node.start - 1));
    case 'word':
      return /^(?:\\[^\n]|\\\n|[^\s\\])*$/.test(own);
    case 'command_substitution':
      return own.startsWith('`') ? /^`[^`]*`$/.test(own) && text.charAt(node.end) !== '`' : own.startsWith('$');
    case 'heredoc_redirect':
      return wordsIn(node) === 0 && hasMatchingEnd(node, text);
    case 'file_redirect':
    case 'herestring_redirect':
      // `find . > /dev/null -delete`: what follows the target is a word of the command.
      return wordsIn(node) <= 1;
    case 'test_command':
      return /^\[\[\s.*\s\]\]$/s.test(own) || own.startsWith('((') || isPlainTest(own);
    case 'negated_command':
      return /^!\s/.test(own);
    case 'string_content':
      return !EXPANDS.test(own);
    case 'compound_statement':
      return own.startsWith('((') || /^\{[\s(]/.test(own);
    case 'file_descriptor':
      return /^(\d+|\{\w+\})$/.test(own);
    case 'command':
      return node.children.every((child, index) => {
        const before = node.children[index - 1];
        return before === undefined || /^([ \t]|\\\n)*$/.test(text.slice(before.end, child.start));
      });
    default:
      if (node.children.length === 0 && !isNamed(node) && /^[a-z]+$/.test(node.type))
        return own === node.type && standsAlone(node, text);
      // A sign is what it says; only the end of a line may be several.
      return node.children.length > 0 || isNamed(node) || own === node.type || (node.type === '\n' && isBlank(own));
  }
}

/** A substitution in text that the grammar took for plain. */
const EXPANDS = /(?<!\\)(?:\\\\)*(?:`|\$[({[])/;

function wordsIn(redirect: ShellNode): number {
  return redirect.children.filter(({ type }) =>
    /^(word|number|concatenation|\w*string|\w*expansion|\w+_substitution)$/.test(type),
  ).length;
}

/** `[ … ]` is a command like any other: outside quotes an operator or a line end would end it. */
function isPlainTest(own: string): boolean {
  return /^\[\s.*\s\]$/s.test(own) && !/[\n<>|&;()`]/.test(own.replace(/'[^']*'|"(?:[^"\\]|\\.)*"|\\./gs, ''));
}

function standsAlone(node: ShellNode, text: string): boolean {
  const [before, after] = [text.charAt(node.start - 1), text.charAt(node.end)];
  return (node.start === 0 || /[\s;&|()<>`{}!]/.test(before)) && (after === '' || /[\s;&|()<>`]/.test(after));
}

function hasMatchingEnd(node: ShellNode, text: string): boolean {
  const ends = ['heredoc_start', 'heredoc_end'].map((type) => node.children.find((child) => child.type === type));
  const [start, end] = ends.map((child) => (child === undefined ? undefined : text.slice(child.start, child.end)));
  const delimiter =
    start === undefined
      ? undefined
      : /^(?:\\?([\w.+-]+)|'([\w .+-]+)'|"([\w .+-]+)")$/.exec(start)?.slice(1).find(Boolean);
  if (delimiter === undefined || end?.trim() !== delimiter) return false;
  const body = node.children.find((child) => child.type === 'heredoc_body');
  if (body === undefined || start !== delimiter) return true; // a quoted delimiter keeps the body as it is
  const plain = body.children.length === 0 ? [body] : body.children.filter((child) => child.type === 'heredoc_content');
  return plain.every((part) => !EXPANDS.test(text.slice(part.start, part.end)));
}

function isBlank(gap: string): boolean {
  return /^(\s|\\\n)*$/.test(gap);
}
