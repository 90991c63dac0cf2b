/** The little languages inside arguments: sed and awk programs that provably only print. */
import { mayBeOption, textOf, type Word } from '../words.ts';

/** `-n`, `-E`, `-e script`, files. Never `-i`, `-f`, `s///w`, `s///e`, `w`, `e`, `r` from elsewhere. */
export function sedOnlyReads(args: readonly Word[]): boolean {
  const scripts: string[] = [];
  let rest: Word[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (
      word === undefined ||
      (mayBeOption(word) && word.text === undefined && rest.length === 0 && scripts.length === 0)
    )
      return false;
    const text = textOf(word);
    if (/^(-e|--expression)$/.test(text)) scripts.push(textOf(args[++at]));
    else if (text.startsWith('--expression=')) scripts.push(text.slice(13));
    else if (/^-[nErsuz]+$|^--(quiet|silent|regexp-extended|separate|unbuffered|null-data|posix|debug)$/.test(text))
      continue;
    else if (mayBeOption(word) && text !== '-') return false;
    else rest = [...rest, word];
  }
  if (scripts.length === 0) {
    const first = rest.shift();
    if (first?.text === undefined) return false;
    scripts.push(first.text);
  }
  return scripts.every((script) => script !== '' && sedScriptOnlyPrints(script));
}

const ADDRESS =
  /^\s*(?:(?:\d+(?:~\d+)?|\$|\/(?:[^/\\\n]|\\.)*\/I?)(?:\s*,\s*(?:[+~]?\d+|\$|\/(?:[^/\\\n]|\\.)*\/I?))?)?\s*!?\s*/;
const SIMPLE = /^(?:[pPdDq=lnNgGhHxzF]|q\d+|Q\d*|b\w*|t\w*|:\w+)\s*/;

function sedScriptOnlyPrints(script: string): boolean {
  let rest = script;
  for (let steps = 0; steps < 200; steps++) {
    rest = rest.replace(/^[\s;{}]+/, '');
    if (rest === '') return true;
    rest = rest.replace(ADDRESS, '').replace(/^[\s{]+/, '');
    const taken = substitution(rest) ?? SIMPLE.exec(rest)?.[0];
    if (taken === undefined || taken === '') return false;
    rest = rest.slice(taken.length);
    if (rest !== '' && !/^[\s;}]/.test(rest)) return false;
  }
  return false;
}

/** `s` or `y` with any separator; flags may only number, repeat, print or fold case. */
function substitution(text: string): string | undefined {
  const letter = text.charAt(0);
  const separator = text.charAt(1);
  if (!/^[sy]$/.test(letter) || separator === '' || /[\s\\\w]/.test(separator)) return undefined;
  let at = 2;
  for (let parts = 0; parts < 2; at++) {
    if (at >= text.length) return undefined;
    const char = text.charAt(at);
    if (char === '\\') at += 1;
    else if (char === separator) parts += 1;
  }
  const flags = /^[gpiIM\d]*/.exec(text.slice(at))?.[0] ?? '';
  return letter === 'y' ? text.slice(0, at) : text.slice(0, at + flags.length);
}

/** A fixed program without pipes, redirections, `system`, `getline` or indirect calls. */
export function awkOnlyReads(args: readonly Word[]): boolean {
  let at = 0;
  for (; at < args.length; at++) {
    const text = args[at]?.text;
    if (text === undefined) return false;
    if (/^-[Fv]$/.test(text)) {
      if (args[++at]?.text === undefined) return false;
    } else if (/^-F.+$|^-v\w+=/.test(text)) continue;
    else break;
  }
  const program = args[at]?.text;
  if (program === undefined || program.startsWith('-')) return false;
  // A comparison `>` is refused with the redirections; `||` is no pipe.
  return !/[>@`]|system|getline|\/inet/i.test(program) && !/\|/.test(program.replaceAll('||', ''));
}
