/**
 * Shell text and argument vectors (CL-10, CL-12): parsed as a tree by a real grammar, and only what is proven to read is
 * a read.
 *
 * Every command anywhere in the tree counts: in pipes, lists, loops, substitutions, here-documents, functions. A text
 * reads when each node is of a known kind, each command only reads, nothing is redirected into a file and no variable
 * is set that changes what the others run. Syntax errors, control characters and unusual spaces are not interpreted.
 * A line of plain words needs no tree and costs a few microseconds.
 */
import { isJsonObject, type JsonValue } from '../../../model/json.ts';
import { couldNotInterpret, type Finding, verdictOf } from '../findings.ts';
import type { ArgumentAnalyser } from '../ports.ts';
import { fixedWords, type Word } from '../words.ts';
import { commandFindings, reads, runsCode, variableFindings } from './shell-command.ts';
import { accountsFor } from './shell-fidelity.ts';
import { redirectFindings } from './shell-redirects.ts';
import { everyNode, isNamed, KNOWN_NODES, type ParseShell, type ShellNode } from './shell-tree.ts';
import { plainWords, WORD_ENDS, wordOf } from './shell-words.ts';

/** The grammar needs about 50 ms for this many UTF-16 units. */
const MAX_LENGTH = 16_000;
/** Signs that make the tree grow; a long here-document has few. */
const MAX_SIGNS = 2_000;
const MAX_INNER = 4;

export function createShellAnalyser(parse: ParseShell): ArgumentAnalyser {
  return (value, context) => {
    if (/^(pwsh|powershell|cmd|batch|fish|nu)/i.test(context.dialect ?? ''))
      return couldNotInterpret('shell', 'This shell has another grammar and could not be interpreted.');
    const found = findingsOf(value, parse);
    return found === undefined
      ? couldNotInterpret('shell', 'The command could not be interpreted.')
      : verdictOf(found, 'shell');
  };
}

function findingsOf(value: JsonValue, parse: ParseShell): readonly Finding[] | undefined {
  if (typeof value === 'string') return textFindings(value, parse, 0);
  if (Array.isArray(value)) return argvFindings(value, parse);
  if (!isJsonObject(value)) return undefined;
  const command = value['command'] ?? value['cmd'] ?? value['script'];
  const args = value['args'] ?? value['arguments'] ?? value['argv'];
  if (Array.isArray(command) && args === undefined) return argvFindings(command, parse);
  if (typeof command !== 'string') return undefined;
  if (args === undefined || (Array.isArray(args) && args.length === 0)) return textFindings(command, parse, 0);
  return Array.isArray(args) ? argvFindings([command, ...args], parse) : undefined;
}

function argvFindings(argv: readonly JsonValue[], parse: ParseShell): readonly Finding[] | undefined {
  if (argv.length === 0 || !argv.every((word) => typeof word === 'string' && !word.includes('\0'))) return undefined;
  return commandFindings(fixedWords(argv as readonly string[]), (text) => innerFindings(text, parse, 1));
}

function innerFindings(text: string, parse: ParseShell, depth: number): readonly Finding[] {
  return (
    textFindings(text, parse, depth) ?? [
      { ...runsCode('A command inside could not be interpreted.'), uninterpreted: true },
    ]
  );
}

/** Undefined: could not be interpreted. */
function textFindings(text: string, parse: ParseShell, depth: number): readonly Finding[] | undefined {
  if (depth > MAX_INNER || text.length > MAX_LENGTH || hasStrangeCharacters(text)) return undefined;
  const analyseText = (inner: string) => innerFindings(inner, parse, depth + 1);
  const words = plainWords(text);
  if (words !== undefined) return commandFindings(fixedWords(words), analyseText);
  if (text.length > MAX_SIGNS && (text.match(/[;|&$(`{<>]/g) ?? []).length > MAX_SIGNS) return undefined;
  const root = parse(text);
  if (root === undefined) return undefined;
  const findings: Finding[] = [];
  const nodes = everyNode(root);
  if (!accountsFor(nodes, text)) return undefined;
  for (const node of nodes) {
    if (isNamed(node) && !KNOWN_NODES.has(node.type)) findings.push(unknownNode(node));
    findings.push(...nodeFindings(node, text, analyseText));
  }
  return findings.length === 0 ? [reads('The command')] : findings;
}

/** Control characters, and spaces that the shell takes for letters but a reader does not see. */
function hasStrangeCharacters(text: string): boolean {
  return /(?![\t\n])\p{Cc}|\p{Cf}|(?! )\p{Z}/u.test(text);
}

function nodeFindings(
  node: ShellNode,
  text: string,
  analyseText: (inner: string) => readonly Finding[],
): readonly Finding[] {
  switch (node.type) {
    case 'command':
      return simpleCommand(node, text, analyseText);
    case 'variable_assignment':
      return assignment(node, text);
    case 'file_redirect':
      return redirectFindings(node, text);
    case 'expansion':
      return /^\$\{[#!]?\w+(\[[@*\d]+\])?([#%/:^,+=?-][^`]*)?\}$|^\$\{[#?$!@*\d-]\}$/s.test(
        text.slice(node.start, node.end),
      ) &&
        !/@[A-Za-z]\}$/.test(text.slice(node.start, node.end)) &&
        !/^\$\{!/.test(text.slice(node.start, node.end))
        ? []
        : [runsCode('An expansion is used that may run what a variable holds.')];
    case 'arithmetic_expansion':
      // `a[$(cmd)]` inside a variable runs when the variable is calculated with.
      return /^\$?\(?\(?[\d\s+*/%()<>=!&|^~?:,-]*\)?\)?$|^\$\[[\d\s+*/%()-]*\]$/.test(
        text.slice(node.start + 1, node.end),
      )
        ? []
        : [CALCULATES];
    case 'test_command':
      return calculates(text.slice(node.start, node.end)) ? [CALCULATES] : [];
    case 'compound_statement':
      return node.children[0]?.type === '((' || text.startsWith('((', node.start) ? [CALCULATES] : [];
    case 'for_statement':
      return node.children
        .filter((child) => child.type === 'variable_name')
        .flatMap((child) => variableFindings(text.slice(child.start, child.end), false));
    default:
      return [];
  }
}

/** `a[$(cmd)]` held by a variable runs when the variable is calculated with, or tested for being set. */
const CALCULATES: Finding = {
  effect: 'write',
  action: 'run',
  reason: 'Calculates with variables, which may run what they hold.',
};

function calculates(test: string): boolean {
  if (/\s-[vR]\s/.test(test)) return true;
  return (
    test.startsWith('[[') &&
    /\s-(eq|ne|lt|le|gt|ge)\s/.test(test) &&
    !/^\[\[\s+(!\s+)?(\$[#?]|\d+)\s+-(eq|ne|lt|le|gt|ge)\s+\d+\s+\]\]$/.test(test)
  );
}

function simpleCommand(
  node: ShellNode,
  text: string,
  analyseText: (inner: string) => readonly Finding[],
): readonly Finding[] {
  const findings: Finding[] = [];
  const words: Word[] = [];
  let end = -1;
  for (const child of node.children) {
    if (child.type === 'variable_assignment') findings.push(...variableFindings(variableName(child, text), true));
    else if (child.type === 'command_name' || (isWord(child) && !/redirect$/.test(child.type))) {
      // The grammar may cut one word in two (`tr''\\uncate`); the shell would not.
      const joined = child.start === end && words.length > 0;
      const word = wordOf(child, text);
      if (joined) words.push(joinedWord(words.pop(), word));
      else words.push(word);
      end = child.end;
    }
  }
  if (end >= 0 && end < text.length && !WORD_ENDS.test(text.charAt(end)))
    findings.push({ ...runsCode('A word goes on where the grammar sees its end.'), uninterpreted: true });
  findings.push(...commandFindings(words, analyseText));
  const worst = findings.some((finding) => finding.effect !== 'read');
  return worst
    ? findings.map((finding) =>
        finding.effect === 'read'
          ? finding
          : { ...finding, marks: [{ start: node.start, end: node.end, reason: finding.reason }] },
      )
    : findings;
}

function joinedWord(first: Word | undefined, second: Word): Word {
  if (first?.text === undefined || second.text === undefined) return { text: undefined };
  return { text: first.text + second.text, glob: first.glob === true || second.glob === true };
}

const WORDS = new Set(
  'word number string raw_string ansi_c_string translated_string concatenation simple_expansion expansion command_substitution process_substitution arithmetic_expansion extglob_pattern regex brace_expression test_operator array'.split(
    ' ',
  ),
);

function isWord(node: ShellNode): boolean {
  // Anything with letters that is neither a known part of a command nor a sign is taken for a word that is not known.
  return (
    WORDS.has(node.type) ||
    (isNamed(node) && !/redirect|assignment|comment|file_descriptor/.test(node.type)) ||
    node.type === '$' ||
    node.type === '==' ||
    node.type === '=~'
  );
}

/** `x=1` on its own sets a variable of this text; in front of a command it is counted there. */
function assignment(node: ShellNode, text: string): readonly Finding[] {
  return variableFindings(variableName(node, text), false);
}

function variableName(node: ShellNode, text: string): string {
  const target = node.children[0];
  const name = target === undefined ? '' : text.slice(target.start, target.end);
  return /^\w+$/.test(name) ? name : 'PATH';
}

function unknownNode(node: ShellNode): Finding {
  if (/^(function_definition|declaration_command|unset_command)$/.test(node.type))
    return {
      effect: 'write',
      action: 'run',
      reason:
        node.type === 'function_definition'
          ? 'Defines a function, which may stand for any command.'
          : 'Changes variables of the shell.',
    };
  return {
    effect: 'write',
    action: 'run',
    reason: `Uses ${node.type.replaceAll('_', ' ')}, which is not known to only read.`,
  };
}
