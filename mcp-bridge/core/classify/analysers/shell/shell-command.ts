/**
 * One simple command of the shell: its words, after quoting and before expansion (CL-12).
 *
 * First match wins: 1. a name only known at run time, or a program outside the system's folders: code that cannot be
 * seen  2. wrappers (`sudo`, `env`, `xargs`, `timeout`, `sh -c '…'`) are what they run  3. git and cloud tools go to
 * their own analysers  4. reading tables and rules  5. tables of what writes and what destroys  6. anything else is code
 * that cannot be seen. A deny-list decides nothing here but the wording.
 */
import { cloudFindings, isCloudTool } from '../cloud/cloud-analyser.ts';
import type { Finding } from '../findings.ts';
import { quoted } from '../findings.ts';
import { gitFindings } from '../git/git-analyser.ts';
import { textOf, type Word } from '../words.ts';
import { RULES } from './shell-rules.ts';
import {
  ASKS_VERSION,
  DANGEROUS_VARIABLE,
  DESTROYERS,
  HARMLESS_VARIABLE,
  INTERPRETERS,
  READERS,
  SUBCOMMANDS,
  SYSTEM_FOLDER,
  WRITERS,
} from './shell-tables.ts';
import { unwrap, type Wrapped } from './shell-wrappers.ts';

/** Analyses a text that a command would run (`sh -c '…'`). */
export type AnalyseText = (text: string) => readonly Finding[];

const MAX_WRAPPING = 8;

export function commandFindings(words: readonly Word[], analyseText: AnalyseText, depth = 0): readonly Finding[] {
  const [first, ...args] = words;
  if (first === undefined) return [];
  if (first.text === undefined || first.glob === true) return [runsCode('The command is only known at run time.')];
  const name = first.text.slice(first.text.lastIndexOf('/') + 1);
  const folder = first.text.slice(0, first.text.length - name.length);
  if (folder !== '' && !SYSTEM_FOLDER.test(folder))
    return [runsCode(`Runs the program ${quoted(first.text)}, which cannot be seen into.`)];
  if (name !== '[' && !/^[\w.:+-]+$/.test(name))
    return [runsCode(`Runs ${quoted(name)}, which is not a known command.`)];
  if (args.length === 1 && ASKS_VERSION.has(name) && asksVersion(name, textOf(args[0]))) return [reads(name)];

  const wrapped = depth < MAX_WRAPPING ? unwrap(name, args) : undefined;
  if (wrapped !== undefined) return wrappedFindings(name, wrapped, analyseText, depth);
  if (name === 'git') return gitFindings(args);
  if (isCloudTool(name)) return cloudFindings(name, args);
  const vcs = versionControlFinding(name, args);
  if (vcs !== undefined) return [vcs];
  if (READERS.has(name)) return [reads(name)];
  const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  if (rule?.(args) === true) return [reads(name)];
  if (rule !== undefined) return [beyondReading(name, args)];
  const subcommands = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (subcommands !== undefined) return [bySubcommand(name, args, subcommands)];
  const objects = args.flatMap(({ text }) =>
    text === undefined || text.startsWith('-') ? [] : [{ kind: 'path', name: text }],
  );
  if (DESTROYERS.has(name))
    return [{ effect: 'delete', action: name, reason: `${name} destroys what it is given.`, objects }];
  if (WRITERS.has(name))
    return [{ effect: 'write', action: name, reason: `${name} changes something.`, objects, ...gitFolder(args) }];
  if (INTERPRETERS.has(name)) return [runsCode(`${name} runs code that cannot be seen into.`)];
  return [runsCode(`${quoted(name)} is not a known command: what it runs cannot be seen.`)];
}

function wrappedFindings(name: string, wrapped: Wrapped, analyseText: AnalyseText, depth: number): readonly Finding[] {
  const findings: Finding[] = [];
  for (const variable of wrapped.variables ?? []) findings.push(...variableFindings(variable, true));
  if (wrapped.elevates === true)
    findings.push({ effect: 'write', action: name, reason: `${name} runs with the rights of another user.` });
  if (wrapped.unclear === true) findings.push(runsCode(`${name} is used in a way that cannot be seen into.`));
  if (wrapped.text !== undefined) findings.push(...analyseText(wrapped.text));
  for (const words of wrapped.commands ?? []) findings.push(...commandFindings(words, analyseText, depth + 1));
  return findings.length === 0 ? [reads(name)] : findings;
}

/** Setting a variable: for one command (`A=b cmd`) or for the rest of the text. */
export function variableFindings(name: string, forCommand: boolean): readonly Finding[] {
  if (HARMLESS_VARIABLE.test(name)) return [];
  if (DANGEROUS_VARIABLE.test(name))
    return [runsCode(`Setting ${quoted(name)} changes what the commands after it run.`)];
  return forCommand
    ? [{ effect: 'write', action: 'run', reason: `The command runs with the variable ${quoted(name)} set.` }]
    : [];
}

export function reads(name: string): Finding {
  return { effect: 'read', action: 'read', reason: `${name} only reads.` };
}

export function runsCode(reason: string): Finding {
  return { effect: 'delete', action: 'run-code', reason };
}

function asksVersion(name: string, word: string): boolean {
  return (
    /^(--version|-V|version)$/.test(word) ||
    (word === '-v' && /^(node|nodejs|npm|pnpm|yarn|ruby|php|perl)$/.test(name)) ||
    (word === '-version' && /^javac?$/.test(name))
  );
}

function bySubcommand(
  name: string,
  args: readonly Word[],
  table: { readonly reads: RegExp; readonly writes: RegExp },
): Finding {
  const first = args.find(
    ({ text }) =>
      text === undefined || !/^--?(no-pager|q|quiet|json|g|global|user|l|long|depth=\d+|4|6|br|brief|o|s)$/.test(text),
  );
  const word = textOf(first);
  const fixed = args.every(({ text }) => text !== undefined);
  const operands = args.filter(({ text }) => text !== undefined && !text.startsWith('-')).map(textOf);
  if (
    name === 'ip' &&
    operands
      .slice(1)
      .some(
        (text) =>
          !/^(show|list|ls|get|dev|[\w.:/-]+)$/.test(text) ||
          /^(add|del|delete|set|flush|change|replace|append)$/.test(text),
      )
  )
    return { effect: 'write', action: name, reason: 'ip changes the network.' };
  if (
    fixed &&
    table.reads.test(word) &&
    !args.some(({ text }) =>
      /^(--?(fix|output|out|o|prefix|globalconfig|userconfig|w|u|delete|set|import|f)(=|$)|fix$|delete$|set$)/.test(
        text ?? '',
      ),
    )
  )
    return reads(`${name} ${word}`);
  if (word === '' && args.length === 0 && /^(service|systemctl|ip|timedatectl|hostnamectl|loginctl)$/.test(name))
    return reads(name);
  if (/^(remove|purge|autoremove|uninstall|rm|-r|-e|prune|clean)$/.test(word))
    return { effect: 'delete', action: word, reason: `${name} ${word} removes something.` };
  if (fixed && table.writes.test(word))
    return { effect: 'write', action: `${name} ${word}`, reason: `${name} ${word} changes something.` };
  return runsCode(`${name} ${quoted(word)} may run code that cannot be seen into.`);
}

/** Tools that commit, tag or merge without the word git (CL-10). */
function versionControlFinding(name: string, args: readonly Word[]): Finding | undefined {
  const words = args.map(textOf);
  const plain = words.filter((word) => !word.startsWith('-'));
  const commits = (action: string): Finding => ({
    effect: 'write',
    action,
    domain: 'version-control',
    reason: `${name} ${plain.slice(0, 2).join(' ')} changes version-controlled code.`,
  });
  if (/^(npm|pnpm|yarn|bun)$/.test(name) && plain[0] === 'version' && plain.length > 1) return commits('commit');
  if (/^(npm|pnpm|yarn|cargo|lerna)$/.test(name) && plain[0] === 'publish')
    return { effect: 'delete', action: 'publish', reason: `${name} publish cannot be taken back.` };
  if (/^(hg|svn|jj|fossil|bzr|darcs|cvs|p4)$/.test(name)) {
    const looks =
      /^(status|st|log|diff|show|info|cat|annotate|blame|ls|list|summary|branches|tags|heads|id|identify|root|paths|version|help)$/.test(
        plain[0] ?? '',
      );
    return looks && words.every((word) => !/^--?(config|c|R|ext)/.test(word))
      ? { ...reads(name), domain: 'version-control' }
      : {
          ...runsCode(`${name} ${quoted(plain[0] ?? '')} may change version-controlled code.`),
          domain: 'version-control',
          action: plain[0] ?? name,
        };
  }
  return /^(bumpversion|bump2version|standard-version|release-it|semantic-release|gitk|tig|lazygit|git-[\w-]+|changeset)$/.test(
    name,
  )
    ? { ...runsCode(`${name} may change version-controlled code.`), domain: 'version-control', action: 'commit' }
    : undefined;
}

/** Writing below `.git` moves branches without git (CL-10). */
export function gitFolder(args: readonly Word[]): Partial<Finding> {
  const inside = args.some(({ text }) => text !== undefined && /(^|[\\/])\.git([\\/]|$)/i.test(text));
  return inside ? { domain: 'version-control', action: 'write-git-folder', effect: 'delete' } : {};
}

/** A command whose rule did not clear it: known to destroy, to run something, or only known not to read. */
function beyondReading(name: string, args: readonly Word[]): Finding {
  const words = args.map(textOf);
  const destroys = words.some((word) =>
    /^(-delete|-exec|-execdir|-ok|-okdir|--pre|-x|-X|--exec|--exec-batch|--compress|--use-|-I|--to-c|--checkpoint|--hostname-bin|--pager)/.test(
      word,
    ),
  );
  const unknown = args.some(({ text }) => text === undefined);
  if (name === 'find' && (destroys || unknown))
    return { effect: 'delete', action: 'find', reason: 'find may delete or run something for each file.' };
  if (
    /^(sed|awk|gawk|mawk|nawk|watch|man|htop|let|openssl|yq)$/.test(name) &&
    !words.some((word) => /^(-i|--in-place)/.test(word))
  )
    return runsCode(`${name} runs a program that may do more than print.`);
  if (destroys) return runsCode(`${name} is told to run another program.`);
  const objects = words
    .filter((word) => word !== '' && !word.startsWith('-'))
    .map((word) => ({ kind: 'path', name: word }));
  return { effect: 'write', action: name, reason: `${name} has options that are not known to only read.`, objects };
}
