/**
 * git subcommands that change something, and when what they do cannot be undone (CL-11). A subcommand that is not here
 * and does not read is an alias or an extension: code that cannot be seen.
 */
import type { Finding } from '../findings.ts';
import { quoted } from '../findings.ts';
import { textOf, type Word } from '../words.ts';

export type GitFinding = Finding & { readonly domain: 'version-control' };

export const reads = (action: string): GitFinding => ({
  effect: 'read',
  action,
  domain: 'version-control',
  reason: `git ${action} only reads.`,
});
export const changes = (action: string, reason: string): GitFinding => ({
  effect: 'write',
  action,
  domain: 'version-control',
  reason,
});
export const destroys = (action: string, reason: string): GitFinding => ({
  effect: 'delete',
  action,
  domain: 'version-control',
  reason,
});

/** True when a short option letter is given, alone or in a bundle such as `-uf`. */
export function hasFlag(args: readonly Word[], letters: string, ...long: readonly string[]): boolean {
  const bundle = new RegExp(`^-[A-Za-z]*[${letters}]`);
  return args.some(({ text }) => {
    if (text === undefined) return false;
    if (text.startsWith('--')) {
      const name = text.split('=')[0] ?? text;
      // git takes any unambiguous beginning of a long option.
      return long.some((option) => option === name || (name.length > 3 && option.startsWith(name)));
    }
    return letters !== '' && bundle.test(text);
  });
}

type Rule = (args: readonly Word[]) => readonly GitFinding[];
const always =
  (action: string, what: string): Rule =>
  () => [changes(action, `git ${action} ${what}.`)];
const lost =
  (action: string, what: string): Rule =>
  () => [destroys(action, `git ${action} ${what}.`)];

export const CHANGING: { readonly [subcommand: string]: Rule } = {
  add: always('add', 'changes the index'),
  stage: always('add', 'changes the index'),
  init: always('init', 'creates a repository'),
  mv: (args) => [
    hasFlag(args, 'f', '--force') ? destroys('mv', 'git mv overwrites files.') : changes('mv', 'git mv renames files.'),
  ],
  commit: (args) => [
    changes(
      'commit',
      hasFlag(args, '', '--amend') ? 'git commit replaces the last commit.' : 'git commit records a commit.',
    ),
    ...(hasFlag(args, 'n', '--no-verify') ? [changes('commit', 'The commit skips the hooks.')] : []),
  ],
  'commit-tree': always('commit', 'records a commit'),
  merge: (args) => [
    hasFlag(args, '', '--abort', '--quit')
      ? destroys('merge-abort', 'git merge --abort discards the merge.')
      : changes('merge', 'git merge joins histories.'),
  ],
  'cherry-pick': always('commit', 'records commits again'),
  revert: always('commit', 'records a commit that undoes another'),
  am: always('commit', 'records commits from patches'),
  apply: always('apply', 'changes files from a patch'),
  notes: (args) => [
    args.some(({ text }) => /^(remove|prune)$/.test(text ?? ''))
      ? destroys('notes', 'git notes removes notes.')
      : changes('notes', 'git notes changes notes.'),
  ],
  pull: (args) =>
    remoteUse('pull', args, hasFlag(args, 'f', '--force') ? 'git pull overwrites local branches.' : undefined),
  fetch: (args) =>
    remoteUse('fetch', args, hasFlag(args, 'f', '--force') ? 'git fetch overwrites local branches.' : undefined),
  clone: (args) => remoteUse('clone', args, undefined),
  push: push,
  'send-email': always('send-email', 'sends mail'),
  rm: lost('rm', 'removes files'),
  clean: (args) => [
    hasFlag(args, 'n', '--dry-run') && !hasFlag(args, 'f', '--force')
      ? reads('clean')
      : destroys('clean', 'git clean deletes untracked files.'),
  ],
  reset: (args) => [
    hasFlag(args, '', '--hard', '--merge', '--keep')
      ? destroys('reset', 'git reset discards changes.')
      : changes('reset', 'git reset moves the branch or the index.'),
  ],
  restore: (args) => [
    hasFlag(args, 'S', '--staged') && !hasFlag(args, 'W', '--worktree')
      ? changes('restore', 'git restore changes the index.')
      : destroys('restore', 'git restore discards changes.'),
  ],
  checkout: checkout,
  switch: (args) => [
    hasFlag(args, 'fC', '--force', '--discard-changes', '--force-create')
      ? destroys('switch', 'git switch discards changes or moves a branch.')
      : changes('switch', 'git switch changes the branch.'),
  ],
  rebase: lost('rebase', 'rewrites commits'),
  'filter-branch': lost('filter-branch', 'rewrites history'),
  'filter-repo': lost('filter-repo', 'rewrites history'),
  replace: lost('replace', 'replaces objects'),
  prune: lost('prune', 'deletes unreachable objects'),
  gc: (args) => [
    hasFlag(args, '', '--prune', '--aggressive')
      ? destroys('gc', 'git gc deletes unreachable objects.')
      : changes('gc', 'git gc packs the repository.'),
  ],
  repack: always('repack', 'packs the repository'),
  'pack-refs': always('pack-refs', 'packs references'),
  'update-index': always('update-index', 'changes the index'),
  'update-ref': lost('update-ref', 'moves or deletes a reference'),
  'write-tree': always('write-tree', 'writes an object'),
  'read-tree': lost('read-tree', 'overwrites the index'),
  mktag: always('mktag', 'writes an object'),
  mktree: always('mktree', 'writes an object'),
  'format-patch': always('format-patch', 'writes patch files'),
  maintenance: always('maintenance', 'runs maintenance'),
};

/** Addresses such as `ext::sh -c …` and options that name a program run it. */
function runsProgram(args: readonly Word[]): string | undefined {
  const word = args.find(
    ({ text }) =>
      text === undefined ||
      /::/.test(text) ||
      /^--(up|rece|ex|con|templ|server-option)/.test(text) ||
      /^-[A-Za-z]*[cu]$/.test(text),
  );
  return word === undefined ? undefined : (word.text ?? 'a word that is only known at run time');
}

function remoteUse(action: string, args: readonly Word[], forced: string | undefined): GitFinding[] {
  const program = runsProgram(action === 'clone' ? args : args.filter(({ text }) => text !== '-u'));
  if (program !== undefined)
    return [destroys('run-code', `git ${action} with ${quoted(program)} may run any program.`)];
  if (forced !== undefined || args.some(({ text }) => text?.startsWith('+') === true))
    return [destroys(action, forced ?? `git ${action} overwrites local branches.`)];
  return [changes(action, `git ${action} takes over what another repository holds.`)];
}

const PUSH_OPTIONS =
  /^(--set-upstream|--verbose|--quiet|--tags|--follow-tags|--no-verify|--verify|--dry-run|--atomic|--no-atomic|--porcelain|--progress|--no-progress|--thin|--no-thin|--all|--branches|--signed.*|--no-signed|--push-option=.*|--recurse-submodules=\S+|--ipv4|--ipv6|-[unvq46]+|-o)$/;

function push(args: readonly Word[]): GitFinding[] {
  const findings: GitFinding[] = [changes('push', 'git push changes a remote repository.')];
  for (const { text } of args) {
    if (text === undefined)
      findings.push(destroys('push', 'git push with a word that is only known at run time may overwrite anything.'));
    else if (/::/.test(text)) findings.push(destroys('run-code', 'git push to such an address may run any program.'));
    else if (/^(-[A-Za-z]*f|--f)/.test(text) && text !== '--follow-tags')
      findings.push(destroys('push', 'git push --force overwrites history on the remote.'));
    else if (/^(-[A-Za-z]*d|--d|--mi|--pru)/.test(text) && text !== '--dry-run')
      findings.push(destroys('push', 'git push deletes branches on the remote.'));
    else if (text.startsWith('+'))
      findings.push(destroys('push', `git push ${quoted(text)} overwrites history on the remote.`));
    else if (text.startsWith(':'))
      findings.push(destroys('push', `git push ${quoted(text)} deletes a branch on the remote.`));
    else if (text.startsWith('-') && !PUSH_OPTIONS.test(text))
      findings.push(destroys('push', `git push has the unknown option ${quoted(text)}.`));
  }
  const branches = args
    .map(textOf)
    .filter((text) => text !== '' && !text.startsWith('-'))
    .slice(1);
  return findings.map((finding) =>
    branches.length === 0 ? finding : { ...finding, objects: branches.map((name) => ({ kind: 'branch', name })) },
  );
}

/** `git checkout` changes the branch, or throws away changes of files: told apart by what follows. */
function checkout(args: readonly Word[]): GitFinding[] {
  const positionals = args.filter(({ text }) => text !== undefined && !text.startsWith('-'));
  const creates = hasFlag(args, 'b', '--orphan', '--track');
  const discards =
    hasFlag(args, 'fBp', '--force', '--ours', '--theirs', '--merge', '--patch', '--pathspec-from-file') ||
    args.some(
      ({ text }) => text === undefined || text === '--' || text === '.' || /^(\.|:|\/|~)|[*?]|\.\w{1,5}$/.test(text),
    ) ||
    (positionals.length > 1 && !creates);
  return [
    discards
      ? destroys('checkout', 'git checkout discards changes of files.')
      : changes('checkout', 'git checkout changes the branch.'),
  ];
}
