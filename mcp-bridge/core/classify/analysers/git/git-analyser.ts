/**
 * git, from its argument vector (CL-10, CL-11).
 *
 * First match wins: 1. a global option that can run a program or move the repository (`-c`, `--git-dir`, `--exec-path=`)
 * 2. reading subcommands with only known options  3. subcommands that read or change by their own subcommand or option
 * (branch, tag, stash, remote, config …)  4. changing subcommands  5. anything else is an alias: code that cannot be seen.
 *
 * The domain is always `version-control` and the action is git's own verb, so that a code freeze finds it.
 */
import type { JsonValue } from '../../../model/json.ts';
import { isJsonObject } from '../../../model/json.ts';
import { couldNotInterpret, quoted, verdictOf } from '../findings.ts';
import type { ArgumentAnalyser } from '../ports.ts';
import { fixedWords, textOf, type Word } from '../words.ts';
import { CHANGING, changes, destroys, type GitFinding, reads } from './git-changing.ts';
import { BY_FORM } from './git-forms.ts';
import { readsOnly } from './git-reading.ts';

const PLAIN_GLOBAL =
  /^(--no-pager|-P|--no-optional-locks|--literal-pathspecs|--glob-pathspecs|--noglob-pathspecs|--icase-pathspecs|--no-replace-objects|--no-lazy-fetch)$/;

export function gitFindings(args: readonly Word[]): readonly GitFinding[] {
  let at = 0;
  const objects: { kind: string; name: string }[] = [];
  for (; at < args.length; at++) {
    const text = args[at]?.text;
    if (text === undefined)
      return [destroys('run-code', 'git with a word that is only known at run time may do anything.')];
    if (!text.startsWith('-')) break;
    if (PLAIN_GLOBAL.test(text)) continue;
    if (/^(-v|--version|-h|--help|--html-path|--man-path|--info-path|--exec-path)$/.test(text)) return [reads('help')];
    if (text === '-C') {
      at += 1;
      objects.push({ kind: 'repository', name: textOf(args[at]) });
    } else
      return [
        destroys('run-code', `git ${quoted(text.split('=')[0] ?? text)} can run any program or act on any repository.`),
      ];
  }
  const subcommand = textOf(args[at]);
  const rest = args.slice(at + 1);
  const findings = subcommand === '' ? [reads('help')] : subcommandFindings(subcommand, rest);
  return objects.length === 0
    ? findings
    : findings.map((finding) => ({ ...finding, objects: [...objects, ...(finding.objects ?? [])] }));
}

function subcommandFindings(subcommand: string, args: readonly Word[]): readonly GitFinding[] {
  if (readsOnly(subcommand, args)) return [reads(subcommand)];
  const form = Object.hasOwn(BY_FORM, subcommand) ? BY_FORM[subcommand] : undefined;
  if (form !== undefined) return form(args);
  const rule = Object.hasOwn(CHANGING, subcommand) ? CHANGING[subcommand] : undefined;
  if (rule !== undefined) return rule(args);
  if (readsOnly(subcommand, [])) {
    const runs = args.some(
      ({ text }) => text === undefined || /^(--(ext|exec|upl|op)|-O)/.test(text) || /::/.test(text),
    );
    const writes = args.some(({ text }) => /^(--out|-o)/.test(text ?? ''));
    if (runs) return [destroys('run-code', `git ${subcommand} with these options may run any program.`)];
    return [
      writes
        ? destroys(subcommand, `git ${subcommand} overwrites a file.`)
        : changes(subcommand, `git ${subcommand} has an option that is not known to only read.`),
    ];
  }
  return [destroys('run-code', `git ${quoted(subcommand)} is not a known subcommand: an alias may run anything.`)];
}

/** An argument vector, with or without the leading `git`; or an object that holds one. */
export const analyseGitArgv: ArgumentAnalyser = (value) => {
  const argv = argvOf(value);
  if (argv === undefined) return couldNotInterpret('version-control', 'The git arguments could not be interpreted.');
  const args = /^(.*\/)?git(\.exe)?$/.test(argv[0] ?? '') ? argv.slice(1) : argv;
  return verdictOf(gitFindings(fixedWords(args)), 'version-control');
};

function argvOf(value: JsonValue): readonly string[] | undefined {
  if (Array.isArray(value))
    return value.every((item: JsonValue) => typeof item === 'string') ? (value as readonly string[]) : undefined;
  // A line without quotes, escapes or expansions splits into words as any shell would split it.
  if (typeof value === 'string') return /^[\w\s./:=@+,~^%#-]*$/.test(value) ? value.trim().split(/\s+/) : undefined;
  if (!isJsonObject(value)) return undefined;
  const args = argvOf(value['args'] ?? value['argv'] ?? value['arguments'] ?? []);
  const command = value['command'] ?? value['subcommand'];
  if (args === undefined) return undefined;
  if (command === undefined) return args.length === 0 ? undefined : args;
  return typeof command === 'string' && /^[\w-]+$/.test(command) ? [command, ...args] : undefined;
}
