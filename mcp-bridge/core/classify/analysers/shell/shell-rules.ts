/**
 * Commands that read unless an option makes them do more. Each rule says whether exactly these words only read; a word
 * known only at run time could be any option, so most rules refuse it before `--`.
 */
import { mayBeOption, splitAtDashes, textOf, type Word } from '../words.ts';
import { awkOnlyReads, sedOnlyReads } from './shell-scripts.ts';
import { DANGEROUS_VARIABLE } from './shell-tables.ts';

export type ReadingRule = (args: readonly Word[]) => boolean;

/** Only options that match may stand there; any other word is an operand. */
const allowing =
  (options: RegExp, operands: (rest: readonly Word[]) => boolean = () => true): ReadingRule =>
  (args) => {
    const { options: before, rest } = splitAtDashes(args);
    const plain = before.filter((word) => !mayBeOption(word));
    return (
      before.every((word) => !mayBeOption(word) || (word.text !== undefined && options.test(word.text))) &&
      operands([...plain, ...rest])
    );
  };

const fixed = (words: readonly Word[]): boolean => words.every((word) => word.text !== undefined);
const hasOption = (args: readonly Word[], pattern: RegExp): boolean => args.some((word) => pattern.test(textOf(word)));

const FIND_TESTS =
  /^-(name|iname|path|ipath|wholename|iwholename|regex|iregex|regextype|type|xtype|size|empty|mtime|atime|ctime|mmin|amin|cmin|newer\w{0,2}|anewer|cnewer|perm|user|uid|group|gid|nouser|nogroup|links|inum|samefile|lname|ilname|readable|writable|executable|fstype|maxdepth|mindepth|depth|d|mount|xdev|daystart|follow|noleaf|prune|quit|print|print0|printf|ls|true|false|not|and|or|a|o|H|L|P|O\d|used|context|ignore_readdir_race|noignore_readdir_race|warn|nowarn|[\d+]\S*)$/;

/** Times and sizes may be negative numbers (`-mtime -7`), which look like options. */
const find: ReadingRule = (args) =>
  args.every((word, index) => {
    if (word.text === undefined || (word.glob === true && mayBeOption(word) && !word.text.startsWith('-')))
      return false;
    if (!word.text.startsWith('-')) return true;
    const valued = /^-(mtime|atime|ctime|mmin|amin|cmin|size|perm|links|uid|gid|inum|used)$/.test(
      textOf(args[index - 1]),
    );
    return FIND_TESTS.test(word.text) || (valued && /^-\w+$/.test(word.text));
  });

const RG =
  /^-([inNlLcvwxsSFoqpPHIuUaz0h.]+|[ABCgtTmjefMEr]\S*|-(ignore-case|smart-case|case-sensitive|line-number|no-line-number|files|files-with-matches|files-without-match|count|count-matches|invert-match|word-regexp|line-regexp|fixed-strings|only-matching|quiet|pretty|pcre2|hidden|no-ignore(-\w+)?|follow|glob|iglob|type|type-not|type-list|max-count|max-depth|max-columns|after-context|before-context|context|regexp|file|json|stats|sort|sortr|color|colors|heading|no-heading|with-filename|no-filename|multiline|multiline-dotall|text|null|vimgrep|column|trim|replace|threads|no-messages|unrestricted|encoding|passthru|no-config|version|help)(=.*)?)$/;

const CURL =
  /^-([sSfLIivkgGq46N#]+|-(silent|show-error|fail|fail-with-body|location|head|include|verbose|insecure|compressed|get|ipv4|ipv6|http1\.1|http2|no-buffer|globoff|progress-bar|version|help|max-time|connect-timeout|retry|retry-delay|user-agent|header|url|max-redirs|range)(=.*)?|[mAHre]\S*)$/;

const WGET_READS =
  /^-(q|nv|S|O-|qO-|O|qO|4|6|-(quiet|no-verbose|server-response|spider|output-document=-|timeout=\d+|tries=\d+|max-redirect=\d+|user-agent=.*|header=.*|no-check-certificate))$/;

const DATE_OPTIONS =
  /^-([uRj]+|[drfI]\S+|-(utc|universal|debug|rfc-email|iso-8601|date|reference|file|rfc-3339)(=.*)?)$/;

/** An operand that is no format sets the clock. */
const date: ReadingRule = (args) =>
  args.every((word, index) => {
    if (word.text === undefined) return false;
    if (/^(-d|--date|-r|--reference|-f|--file)$/.test(textOf(args[index - 1]))) return true;
    return word.text.startsWith('+') || DATE_OPTIONS.test(word.text) || /^(-d|-r|-f|-I)$/.test(word.text);
  });

/** `read x y`: names of this text's own variables, never one that changes what is run. */
const read: ReadingRule = (args) =>
  args.every((word, index) => {
    if (word.text === undefined) return false;
    if (/^-[pntNdiu]$/.test(textOf(args[index - 1]))) return true;
    return (
      /^-[rsep]+$|^-[ntNdiup]\d*$/.test(word.text) || (/^\w+$/.test(word.text) && !DANGEROUS_VARIABLE.test(word.text))
    );
  });

export const RULES: { readonly [command: string]: ReadingRule } = {
  find,
  rg: allowing(RG),
  fd: allowing(
    /^-([HIuigFalLp0sq1]+|[etdEjcS]\S*|-(hidden|no-ignore(-\w+)?|unrestricted|case-sensitive|ignore-case|glob|fixed-strings|absolute-path|list-details|follow|full-path|print0|max-depth|min-depth|exact-depth|exclude|prune|type|extension|size|changed-within|changed-before|owner|max-results|quiet|color|threads)(=.*)?)$/,
  ),
  tree: allowing(
    /^-([adflpsughDFqNQxiACSnvrtcUJX]+|[LPI]\S*|-(dirsfirst|noreport|prune|gitignore|filelimit|charset|du|si|inodes|device|matchdirs|ignore-case|sort|info|fromfile)(=.*)?)$/,
  ),
  sort: allowing(
    /^-([bdfghiMnRrVcCmsuz]+|[kt]\S*|S\S+|-(ignore-leading-blanks|dictionary-order|ignore-case|general-numeric-sort|month-sort|human-numeric-sort|numeric-sort|random-sort|reverse|sort|version-sort|check|key|merge|stable|field-separator|unique|zero-terminated|parallel|debug)(=.*)?)$/,
  ),
  // The second operand of uniq is a file to write.
  uniq: allowing(
    /^-([cdDiuz]+|[fsw]\d*|-(count|repeated|all-repeated|skip-fields|group|ignore-case|skip-chars|unique|zero-terminated|check-chars)(=.*)?)$/,
    (operands) => operands.filter((word) => !/^\d+$/.test(textOf(word))).length <= 1 && fixed(operands),
  ),
  xxd: allowing(
    /^-([abeiuEp]+|[cglos]\S*|ps)$/,
    (operands) => operands.filter((word) => !/^\d+$/.test(textOf(word))).length <= 1 && fixed(operands),
  ),
  shuf: allowing(/^-([ezr]+|[in]\S*|-(echo|input-range|head-count|repeat|zero-terminated)(=.*)?)$/),
  sed: sedOnlyReads,
  awk: awkOnlyReads,
  gawk: awkOnlyReads,
  mawk: awkOnlyReads,
  nawk: awkOnlyReads,
  date,
  read,
  hostname: allowing(
    /^-([fisdIAay]|-(fqdn|long|short|ip-address|all-ip-addresses|domain|alias))$/,
    (operands) => operands.length === 0,
  ),
  env: (args) => args.every((word) => /^(-0|--null)$/.test(textOf(word))) || false,
  printf: (args) => args[0] !== undefined && args[0].text !== undefined && !args[0].text.startsWith('-'),
  test: (args) => !args.some((word) => (word.text === undefined ? false : /^-[vR]$/.test(word.text))),
  '[': (args) => !args.some((word) => (word.text === undefined ? false : /^-[vR]$/.test(word.text))),
  less: allowing(/^-([NSRFXKiIMmGgnrsqQEe]+|\d+)$/),
  more: allowing(/^-([dflcsu]+|\d+)$/),
  man: allowing(/^-([fkwa]|-(whatis|apropos|where|path|all))$/, fixed),
  top: allowing(/^-([bcHiSs1]+|[ndpuo]\S*|l\d*)$/),
  htop: () => false,
  tar: (args) =>
    /^(-?-?t[a-zA-Z]*|--list)$/.test(textOf(args[0])) &&
    !hasOption(args, /^(-[a-zA-Z]*[xcrAduI]|--(to|use|check|info|new|rsh|ext|get|cre|app|upd|del|rem|I))/) &&
    !/[xcruAI]/.test(textOf(args[0])) &&
    fixed(args),
  unzip: (args) => /^-[lvztZ][vqZ1]*$/.test(textOf(args[0])),
  zipinfo: () => true,
  command: (args) => /^-[vV]+$/.test(textOf(args[0])),
  ss: allowing(
    /^-[a-zA-JL-Z0-9]+$|^-(-(tcp|udp|listening|numeric|all|processes|summary|unix|ipv4|ipv6|options|extended|memory|info))$/,
  ),
  netstat: allowing(/^-[a-zA-Z46]+$/),
  ifconfig: (args) => args.every((word) => /^(-a|-s|[a-z]+\d*)$/.test(textOf(word))) && args.length <= 1,
  journalctl: allowing(
    /^-([xefqrakm]+|[untopbSUgp]\S*|-(no-pager|since|until|unit|lines|output|reverse|boot|priority|grep|list-boots|disk-usage|follow|utc|user|system|identifier|dmesg|catalog|no-hostname|all|quiet|identifier)(=.*)?)$/,
  ),
  dmesg: allowing(
    /^-([THkuxrLdeptw]+|[lf]\S*|-(ctime|human|kernel|level|facility|time-format|color|follow|decode|userspace)(=.*)?)$/,
  ),
  ping: allowing(/^-([c46nqi]\S*|W\S*)$/, fixed),
  dig: allowing(/^-[46tx]\S*$/, fixed),
  nslookup: allowing(/^-(type|query)=\w+$/, fixed),
  host: allowing(/^-[atvdlCrTR46]\S*$/, fixed),
  curl: allowing(CURL, (operands) => fixed(operands)),
  wget: (args) =>
    fixed(args) &&
    hasOption(args, /^(-q?O-|--output-document=-|--spider|-|-qO|-O)$/) &&
    args.every(
      (word, index) =>
        !mayBeOption(word) ||
        WGET_READS.test(textOf(word)) ||
        (word.text === '-' && /O$/.test(textOf(args[index - 1]))),
    ) &&
    !args.some((word, index) => /^-q?O$/.test(textOf(word)) && textOf(args[index + 1]) !== '-'),
  openssl: (args) =>
    /^(version|x509|s_client|ciphers|dgst|list)$/.test(textOf(args[0])) &&
    fixed(args) &&
    !hasOption(
      args,
      /^-(out|engine|provider|config|CA|sign|req|signkey|keyout|writerand|proxy_pass|key|psk|sess_out|keylogfile|ign_eof)/,
    ),
  file: (args) =>
    !hasOption(args, /^(-[a-zA-Z]*C|--comp)/) && args.every((word) => !mayBeOption(word) || word.text !== undefined),
  base64: allowing(/^-([dDi]+|[wb]\d*|-(decode|ignore-garbage|wrap)(=.*)?)$/),
  bat: allowing(
    /^-([pnAuPfS]+|[lrH]\S*|-(plain|number|show-all|language|line-range|highlight-line|style|color|paging=never|theme|wrap|tabs)(=.*)?)$/,
  ),
  yq: (args) =>
    fixed(args) &&
    !hasOption(args, /^(-[a-zA-Z]*[is]|--(in|split|from|load|inpl))/) &&
    !args.some((word) => /\b(load|system|env_write)\b/.test(textOf(word))),
  pushd: () => true,
  ag: allowing(/^-([ilLcvwsQoRahzuU0S]+|[ABCGgmnp]\S*)$/),
  expr: () => true,
  watch: () => false,
  let: () => false,
};
