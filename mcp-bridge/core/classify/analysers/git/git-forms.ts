/** Subcommands that list, change or destroy depending on their own first word or options. */
import { quoted } from '../findings.ts';
import { mayBeOption, textOf, type Word } from '../words.ts';
import { changes, destroys, type GitFinding, hasFlag, reads } from './git-changing.ts';

type Form = (args: readonly Word[]) => readonly GitFinding[];

/** `git stash list`, `git remote show`: the first plain word decides. */
function bySubcommand(
  name: string,
  table: { readonly [word: string]: 'read' | 'write' | 'delete' },
  bare: 'read' | 'write',
): Form {
  return (args) => {
    const first = args.find((word) => !mayBeOption(word));
    if (args.some(({ text }) => text === undefined))
      return [destroys(name, `git ${name} with a word that is only known at run time.`)];
    const word = textOf(first);
    const effect =
      first === undefined
        ? args.every(({ text }) => /^(-v|--verbose)$/.test(text ?? ''))
          ? bare
          : 'write'
        : Object.hasOwn(table, word)
          ? table[word]
          : undefined;
    if (effect === 'read') return [reads(name)];
    if (effect === 'write') return [changes(name, `git ${name} ${word} changes the repository.`)];
    return [destroys(name, `git ${name} ${quoted(word)} removes something or runs a program.`)];
  };
}

const LISTING =
  /^(-a|-r|-v|-vv|-l|-i|-q|--list|--all|--remotes|--verbose|--color(=.*)?|--no-color|--column(=.*)?|--no-column|--sort=.*|--format=.*|--abbrev(=.*)?|--no-abbrev|--contains(=.*)?|--no-contains(=.*)?|--merged(=.*)?|--no-merged(=.*)?|--points-at(=.*)?|--show-current|--ignore-case|--omit-empty|-n\d*)$/;
const TAKES_VALUE = /^(--contains|--no-contains|--merged|--no-merged|--points-at)$/;

/** `git branch` and `git tag` list unless a plain word names something new. */
function listsOrCreates(name: 'branch' | 'tag', destructive: (args: readonly Word[]) => boolean): Form {
  return (args) => {
    if (destructive(args)) return [destroys(name, `git ${name} deletes or overwrites a ${name}.`)];
    const listing = args.every((word, index) => {
      if (word.text === undefined) return false;
      if (word.text.startsWith('-')) return LISTING.test(word.text) && !(name === 'branch' && /^-n/.test(word.text));
      return TAKES_VALUE.test(textOf(args[index - 1])) || args.some(({ text }) => text === '--list' || text === '-l');
    });
    // `git branch -l` was "create a reflog" before git 2.19, and still names nothing.
    return [listing ? reads(name) : changes(name, `git ${name} creates or changes a ${name}.`)];
  };
}

const CONFIG_RUNS =
  /^(alias\.|core\.(editor|pager|sshcommand|hookspath|fsmonitor|askpass|gitproxy|worktree|attributesfile)|credential\.|diff\..*(command|textconv)|difftool\.|mergetool\.|merge\..*\.driver|filter\.|gpg\.|pager\.|sequence\.editor|include(if)?\.|protocol\.|url\.|remote\..*\.(uploadpack|receivepack|proxy|vcs|url|pushurl)|submodule\.|uploadpack\.|web\.browser|browser\.|interactive\.difffilter|http\.|ssh\.|safe\.directory|trailer\.|sendemail\.)/i;

const config: Form = (args) => {
  const texts = args.map(textOf);
  if (args.some(({ text }) => text === undefined))
    return [destroys('config', 'git config with a word that is only known at run time.')];
  const asks =
    texts.some((text) =>
      /^(--get|--get-all|--get-regexp|--get-urlmatch|--get-color|--get-colorbool|--list|-l|--name-only)$/.test(text),
    ) || /^(get|list)$/.test(texts.find((text) => !text.startsWith('-')) ?? '');
  const changing = texts.some(
    (text) =>
      /^(--(add|unset|replace|rename|remove|edit|unset-all|replace-all|rename-section|remove-section)|-e$|--[a-z]*=?$)/.test(
        text,
      ) &&
      !/^--(get|list|global|local|system|worktree|show-(origin|scope)|null|name-only|includes|no-includes|type|bool|int|path|expiry-date|default|file|blob|all|regexp|value|fixed-value|url)/.test(
        text,
      ),
  );
  const plain = texts.filter((text) => !text.startsWith('-'));
  if (asks && !changing) return [reads('config')];
  if (!changing && plain.length === 1 && !/^(set|unset|edit|rename-section|remove-section)$/.test(plain[0] ?? ''))
    return [reads('config')];
  const runs = plain.some((text) => CONFIG_RUNS.test(text)) || texts.some((text) => /^(--edit|-e|edit)$/.test(text));
  if (runs) return [destroys('config', 'git config sets something that runs a program or redirects the repository.')];
  return [changes('config', 'git config changes a setting.')];
};

const stash = bySubcommand(
  'stash',
  {
    list: 'read',
    show: 'read',
    push: 'write',
    save: 'write',
    apply: 'write',
    pop: 'write',
    create: 'write',
    store: 'write',
    branch: 'write',
  },
  'write',
);

export const BY_FORM: { readonly [subcommand: string]: Form } = {
  branch: listsOrCreates('branch', (args) => hasFlag(args, 'dDMfC', '--delete', '--force')),
  tag: listsOrCreates('tag', (args) =>
    hasFlag(
      args.filter(({ text }) => !/^-[mFun]/.test(text ?? '')),
      'df',
      '--delete',
      '--force',
    ),
  ),
  // `git stash` alone sets changes aside.
  stash: (args) =>
    args.length === 0 || args.every(mayBeOption) ? [changes('stash', 'git stash sets changes aside.')] : stash(args),
  remote: bySubcommand(
    'remote',
    {
      show: 'read',
      'get-url': 'read',
      add: 'write',
      rename: 'write',
      update: 'write',
      'set-branches': 'write',
      'set-head': 'write',
      'set-url': 'write',
    },
    'read',
  ),
  reflog: (args) => {
    const word = textOf(args.find((arg) => !mayBeOption(arg)));
    return [
      /^(expire|delete|drop)$/.test(word) || args.some(({ text }) => text === undefined)
        ? destroys('reflog', 'git reflog forgets where branches were.')
        : args.every(({ text }) => !/^--(ex|out)/.test(text ?? ''))
          ? reads('reflog')
          : changes('reflog', 'git reflog has an option that is not known to only read.'),
    ];
  },
  worktree: bySubcommand(
    'worktree',
    { list: 'read', add: 'write', lock: 'write', unlock: 'write', move: 'write', repair: 'write' },
    'write',
  ),
  submodule: bySubcommand(
    'submodule',
    { status: 'read', summary: 'read', init: 'write', sync: 'write', absorbgitdirs: 'write', 'set-branch': 'write' },
    'read',
  ),
  bisect: bySubcommand(
    'bisect',
    {
      log: 'read',
      view: 'write',
      start: 'write',
      good: 'write',
      bad: 'write',
      new: 'write',
      old: 'write',
      skip: 'write',
      reset: 'write',
    },
    'write',
  ),
  'sparse-checkout': bySubcommand(
    'sparse-checkout',
    { list: 'read', init: 'write', set: 'write', add: 'write', reapply: 'write', disable: 'write' },
    'write',
  ),
  bundle: bySubcommand('bundle', { verify: 'read', 'list-heads': 'read', create: 'write', unbundle: 'write' }, 'write'),
  lfs: bySubcommand(
    'lfs',
    {
      'ls-files': 'read',
      status: 'read',
      env: 'read',
      version: 'read',
      track: 'write',
      untrack: 'write',
      install: 'write',
      fetch: 'write',
      pull: 'write',
      push: 'write',
      checkout: 'write',
      lock: 'write',
      unlock: 'write',
    },
    'read',
  ),
  flow: bySubcommand(
    'flow',
    { version: 'read', init: 'write', feature: 'write', release: 'write', hotfix: 'write' },
    'write',
  ),
  config,
  'symbolic-ref': (args) => {
    const plain = args.filter((word) => !mayBeOption(word));
    const asks =
      plain.length === 1 &&
      args.every(
        ({ text }) =>
          text !== undefined && (!text.startsWith('-') || /^(-q|--quiet|--short|--recurse|--no-recurse)$/.test(text)),
      );
    return [asks ? reads('symbolic-ref') : destroys('symbolic-ref', 'git symbolic-ref moves a reference.')];
  },
  'hash-object': (args) => [
    hasFlag(args, 'w') || args.some(({ text }) => text === undefined || /^--(filters|path)/.test(text))
      ? changes('hash-object', 'git hash-object writes an object.')
      : reads('hash-object'),
  ],
};
