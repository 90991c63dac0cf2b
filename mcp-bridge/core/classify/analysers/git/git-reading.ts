/**
 * git subcommands that only read, each with the options it may have (CL-11). Long options are spelled out whole: git
 * takes abbreviations, so a name that is not here might be a shortened `--output` or `--ext-diff`.
 */
import { mayBeOption, optionName, splitAtDashes, textOf, type Word } from '../words.ts';

const words = (text: string) => new Set(text.trim().split(/\s+/));

const REVISIONS =
  words(`--all --branches --tags --remotes --glob --exclude --reflog --stdin --not --merge --boundary --max-count --skip
  --since --after --until --before --author --committer --grep --grep-reflog --all-match --invert-grep --regexp-ignore-case
  --basic-regexp --extended-regexp --fixed-strings --perl-regexp --merges --no-merges --min-parents --max-parents
  --first-parent --cherry --cherry-pick --cherry-mark --left-right --left-only --right-only --walk-reflogs --simplify-by-decoration
  --full-history --dense --sparse --simplify-merges --ancestry-path --date-order --author-date-order --topo-order --reverse
  --objects --count --parents --children --timestamp --pretty --format --abbrev-commit --no-abbrev-commit --oneline --encoding
  --date --relative-date --decorate --no-decorate --decorate-refs --decorate-refs-exclude --source --graph --no-graph --follow --log-size
  --mailmap --no-mailmap --use-mailmap --notes --no-notes --show-linear-break --no-walk --do-walk --quiet --max-age --min-age --disk-usage
  --no-commit-header --header --no-expand-tabs --expand-tabs --clear-decorations --summary --numbered --email --group --no-patch --patch --raw --cc --combined-all-paths -c`);
const DIFFS =
  words(`--patch --no-patch --unified --raw --patch-with-raw --indent-heuristic --no-indent-heuristic --minimal --patience --histogram
  --anchored --diff-algorithm --stat --compact-summary --numstat --shortstat --dirstat --cumulative --summary --patch-with-stat --name-only
  --name-status --submodule --color --no-color --color-moved --no-color-moved --color-moved-ws --word-diff --word-diff-regex --color-words
  --no-renames --rename-empty --check --ws-error-highlight --full-index --binary --abbrev --break-rewrites --find-renames --find-copies
  --find-copies-harder --irreversible-delete --diff-filter --pickaxe-all --pickaxe-regex --find-object --relative --no-relative --text
  --ignore-cr-at-eol --ignore-space-at-eol --ignore-space-change --ignore-all-space --ignore-blank-lines --ignore-matching-lines
  --inter-hunk-context --function-context --exit-code --quiet --no-ext-diff --no-textconv --ignore-submodules --src-prefix --dst-prefix
  --no-prefix --default-prefix --line-prefix --ita-invisible-in-index --cached --staged --merge-base --base --ours --theirs --root --cc
  --diff-merges --no-diff-merges --remerge-diff --stdin --always --pretty --format -z -t -r -m -c`);

type Reader = { readonly long: readonly ReadonlySet<string>[]; readonly short: RegExp; readonly positionals?: RegExp };

/** `-n5`, `-5`, `-U3`, `-Sfoo`, `-L1,5:file`, `-M90%`: letters first, anything that is a value after. */
const LOG_SHORT = /^-(\d+|[npsuzwbaiEFPgmtrcqW]+|[nULSGMCBlXIO]\S*|R)$/;
const ANY_NAME = /^[^\0]*$/s;

const READERS: { readonly [subcommand: string]: Reader } = {
  log: { long: [REVISIONS, DIFFS], short: LOG_SHORT },
  show: { long: [REVISIONS, DIFFS], short: LOG_SHORT },
  diff: { long: [DIFFS], short: LOG_SHORT },
  whatchanged: { long: [REVISIONS, DIFFS], short: LOG_SHORT },
  shortlog: { long: [REVISIONS, DIFFS], short: /^-([nsec]+|w\S*|\d+)$/ },
  'rev-list': { long: [REVISIONS, DIFFS], short: LOG_SHORT },
  'diff-tree': { long: [REVISIONS, DIFFS], short: LOG_SHORT },
  'diff-index': { long: [DIFFS], short: LOG_SHORT },
  'diff-files': { long: [DIFFS], short: LOG_SHORT },
  'range-diff': {
    long: [DIFFS, words('--creation-factor --left-only --right-only --dual-color --no-dual-color')],
    short: LOG_SHORT,
  },
  cherry: { long: [words('--abbrev --verbose')], short: /^-v$/ },
  status: {
    long: [
      words(
        '--short --branch --show-stash --porcelain --long --verbose --untracked-files --ignore-submodules --ignored --column --no-column --ahead-behind --no-ahead-behind --renames --no-renames --find-renames',
      ),
    ],
    short: /^-([sbvz]+|u(no|normal|all)?)$/,
  },
  blame: {
    long: [
      REVISIONS,
      words(
        '--incremental --root --show-stats --score-debug --show-name --show-number --porcelain --line-porcelain --show-email --ignore-rev --ignore-revs-file --color-lines --color-by-age --minimal --progress --no-progress',
      ),
    ],
    short: /^-([bltsfnecw]+|[LMCS]\S*|s)$/,
  },
  annotate: { long: [], short: /^-([ltr]+|L\S*)$/ },
  describe: {
    long: [
      words(
        '--dirty --broken --all --tags --contains --abbrev --candidates --exact-match --debug --long --match --exclude --always --first-parent',
      ),
    ],
    short: /^$/,
  },
  'rev-parse': {
    long: [
      words(
        '--verify --quiet --short --symbolic --symbolic-full-name --abbrev-ref --all --branches --tags --remotes --show-toplevel --show-prefix --show-cdup --git-dir --absolute-git-dir --git-common-dir --is-inside-git-dir --is-inside-work-tree --is-bare-repository --is-shallow-repository --show-superproject-working-tree --git-path --show-object-format --revs-only --no-revs --flags --no-flags --default --not --sq --since --until --glob --exclude --disambiguate --local-env-vars --path-format --end-of-options',
      ),
    ],
    short: /^-q$/,
  },
  'cat-file': {
    long: [
      words('--batch --batch-check --batch-all-objects --buffer --follow-symlinks --unordered --allow-unknown-type'),
    ],
    short: /^-[tspez]$/,
  },
  'ls-files': {
    long: [
      words(
        '--cached --deleted --modified --others --ignored --stage --directory --no-empty-directory --unmerged --killed --exclude --exclude-from --exclude-per-directory --exclude-standard --error-unmatch --with-tree --full-name --recurse-submodules --abbrev --debug --eol --deduplicate --format --resolve-undo',
      ),
    ],
    short: /^-([zcdmosuktvf]+|[xX]\S*)$/,
  },
  'ls-tree': {
    long: [words('--long --name-only --name-status --object-only --full-name --full-tree --abbrev --format')],
    short: /^-[drtlz]+$/,
  },
  'ls-remote': {
    long: [words('--heads --branches --tags --refs --quiet --exit-code --get-url --symref --sort')],
    short: /^-[htq]$/,
    positionals: /^(?!.*::)(?!-)[^\0]*$/s,
  },
  'for-each-ref': {
    long: [
      words(
        '--count --format --sort --points-at --merged --no-merged --contains --no-contains --ignore-case --omit-empty --exclude --include-root-refs --shell --color',
      ),
    ],
    short: /^-s$/,
  },
  'show-ref': {
    long: [
      words(
        '--head --heads --branches --tags --dereference --hash --verify --exists --abbrev --quiet --exclude-existing',
      ),
    ],
    short: /^-[dhsq]+$/,
  },
  'show-branch': {
    long: [
      words(
        '--all --remotes --current --topo-order --date-order --sparse --more --list --merge-base --independent --no-name --sha1-name --topics --reflog --color --no-color',
      ),
    ],
    short: /^-[arg]$/,
  },
  'merge-base': { long: [words('--all --octopus --independent --is-ancestor --fork-point')], short: /^-a$/ },
  'name-rev': { long: [words('--tags --refs --exclude --all --name-only --no-undefined --always')], short: /^$/ },
  'count-objects': { long: [words('--verbose --human-readable')], short: /^-[vH]+$/ },
  'check-ignore': { long: [words('--quiet --verbose --stdin --non-matching --no-index')], short: /^-[qvnz]+$/ },
  'check-attr': { long: [words('--all --cached --stdin --source')], short: /^-[az]$/ },
  'check-ref-format': { long: [words('--branch --normalize --allow-onelevel')], short: /^$/ },
  grep: {
    long: [
      words(
        '--cached --untracked --no-index --text --ignore-case --textconv --no-textconv --word-regexp --invert-match --full-name --extended-regexp --basic-regexp --perl-regexp --fixed-strings --line-number --column --files-with-matches --name-only --files-without-match --null --only-matching --count --color --no-color --break --heading --show-function --after-context --before-context --context --function-context --and --or --not --all-match --quiet --max-depth --recursive --no-recursive --max-count --threads --exclude-standard',
      ),
    ],
    short: /^-([aiIwvhHEGPFnlLzocpWqr]+|[ABCmef]\S*|\d+)$/,
  },
  fsck: {
    long: [
      words(
        '--unreachable --dangling --no-dangling --root --tags --cache --no-reflogs --full --no-full --strict --verbose --progress --no-progress --connectivity-only --name-objects',
      ),
    ],
    short: /^-v$/,
  },
  version: { long: [words('--build-options')], short: /^$/ },
  help: { long: [words('--all --guides --config')], short: /^-[agc]$/ },
  var: { long: [], short: /^-l$/ },
  'diff-pairs': { long: [DIFFS], short: LOG_SHORT },
  'verify-pack': { long: [words('--verbose --stat-only')], short: /^-[vs]$/ },
  stripspace: { long: [words('--strip-comments --comment-lines')], short: /^-[sc]$/ },
  archive: { long: [words('--format --list --verbose --prefix --worktree-attributes')], short: /^-[lv\d]$/ },
};

/** True only when every word is known to keep the subcommand a reading one. */
export function readsOnly(subcommand: string, args: readonly Word[]): boolean {
  const reader = Object.hasOwn(READERS, subcommand) ? READERS[subcommand] : undefined;
  if (reader === undefined) return false;
  const { options } = splitAtDashes(args);
  return (
    options.every((word) => {
      if (word.text === undefined) return false;
      if (!mayBeOption(word)) return (reader.positionals ?? ANY_NAME).test(textOf(word));
      if (word.text.startsWith('--')) return reader.long.some((names) => names.has(optionName(word)));
      return reader.short.test(word.text) || reader.long.some((names) => names.has(word.text ?? ''));
    }) &&
    (reader.positionals === undefined ||
      splitAtDashes(args).rest.every((word) => word.text !== undefined && reader.positionals?.test(word.text) === true))
  );
}
