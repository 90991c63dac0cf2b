/**
 * Commands by what they can do at most. A command that is in none of these tables, or that a rule does not clear, is
 * code that cannot be seen: it is graded like a deletion. There is no list of dangerous commands to be complete.
 */
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Whatever their arguments, they only read (GNU, BSD and busybox alike). */
export const READERS =
  words(`ls ll dir vdir cat head tail wc stat du df pwd echo true false : nl tac rev cut tr paste join comm fold fmt
  expand unexpand od hexdump hd strings cmp diff diff3 md5sum md5 sha1sum sha224sum sha256sum sha384sum sha512sum shasum b2sum cksum sum
  basename dirname realpath readlink which whereis type whoami id groups who w users last uptime uname arch nproc lscpu lsblk lsusb
  lspci lsmod lsof free vmstat iostat mpstat ps pgrep pidof pstree printenv locale getconf tty cal ncal seq egrep fgrep grep zgrep zcat
  bzcat xzcat zless jq look factor numfmt tsort pr ptx getent exa eza column hostid logname nm objdump readelf size tput
  base32 basenc stty egrep zegrep zfgrep bzgrep xzgrep sleep break continue return exit cd popd pushd dirs wait shift getopts times`);

/** They add, change or move what they are given. */
export const WRITERS =
  words(`mkdir touch cp mv ln tee install chmod chown chgrp chattr setfacl mktemp mkfifo mknod gzip gunzip bzip2 bunzip2 xz unxz
  zstd unzstd zip patch split csplit iconv dos2unix unix2dos rename scp sftp sync kill pkill killall renice write wall mail mailx sendmail
  useradd usermod groupadd passwd mount umount swapon swapoff modprobe insmod sysctl iptables ip6tables nft ufw nmcli
  export declare typeset local readonly unset set shopt alias unalias umask ulimit mapfile readarray history jobs bg disown ssh-keygen ssh-add ssh-copy-id open xdg-open notify-send logger crontab dnf yum pacman snap flatpak`);

/** They destroy, and say so by their name: the action a person is shown. */
export const DESTROYERS =
  words(`rm rmdir unlink shred truncate dd wipefs blkdiscard fdisk parted sfdisk userdel groupdel deluser delgroup srm
  reboot shutdown halt poweroff init telinit wipe trash rimraf del erase format`);

/** Programs that run code they are given: nothing about the code is known. */
export const INTERPRETERS =
  words(`sh bash zsh dash ksh fish ash csh tcsh pwsh powershell python python2 python3 perl ruby node nodejs deno bun php lua
  tclsh Rscript osascript java eval source . exec make gmake cmake ninja just rake gradle mvn ant npx pnpx bunx uvx pipx tsx ts-node busybox toybox
  script expect parallel screen tmux watch entr nohup setsid chroot unshare nsenter flatpak-spawn su ssh rsh trap enable hash complete bind fc at batch socat nc ncat netcat telnet ftp`);

/** Variables in front of a command that only change how it prints. */
export const HARMLESS_VARIABLE =
  /^(LANG|LANGUAGE|LC_[A-Z]+|TZ|NO_COLOR|FORCE_COLOR|CLICOLOR(_FORCE)?|COLUMNS|LINES|TERM|GREP_COLORS?|LS_COLORS|CI|DEBIAN_FRONTEND|BLOCKSIZE|TIMEFORMAT)$/;

/** Variables that make the next program run or load something else. */
export const DANGEROUS_VARIABLE =
  /^(PATH|IFS|ENV|BASH_ENV|BASH_FUNC.*|SHELLOPTS|BASHOPTS|PS[0-4]|PROMPT_COMMAND|CDPATH|GLOBIGNORE|HOME|SHELL|XDG_.*|LD_.*|DYLD_.*|GIT_.*|SSH_.*|PAGER|.*PAGER|EDITOR|VISUAL|BROWSER|LESS|LESSOPEN|LESSCLOSE|MANOPT|PYTHON.*|NODE_.*|NPM_.*|PERL.*|RUBY.*|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|MAVEN_OPTS|GCONV_PATH|LOCPATH|TERMINFO.*|TERMCAP|TMPDIR|MALLOC_.*|GLIBC_.*|OPENSSL_CONF|CURL_HOME|WGETRC|INPUTRC|HISTFILE|RIPGREP_CONFIG_PATH|FZF_.*|BAT_.*|KUBECONFIG|AWS_.*|DOCKER_.*|TAR_OPTIONS|GZIP|POSIXLY_CORRECT|RSYNC_.*|JQ_.*|MAKEFLAGS|AWKPATH|AWKLIBPATH|PG.*|MYSQL.*|http_proxy|https_proxy|.*_PROXY|.*_proxy)$/i;

/** `--version` and nothing else: these programs answer and stop. */
export const ASKS_VERSION =
  words(`node nodejs npm npx pnpm yarn bun deno python python2 python3 pip pip3 ruby gem perl php go rustc cargo java javac
  gcc g++ clang make cmake docker kubectl helm terraform aws gcloud az gh bash zsh curl wget ssh openssl tsc vite vitest eslint prettier
  mvn gradle dotnet swift kotlin scala psql mysql sqlite3 redis-cli mongosh ffmpeg tar rsync`);

/** Folders whose programs are the ones their name says. */
export const SYSTEM_FOLDER = /^\/(usr\/)?s?bin\/$/;

/** Subcommands of common tools that only read, and that change. Everything else of theirs is code that cannot be seen. */
export const SUBCOMMANDS: { readonly [command: string]: { readonly reads: RegExp; readonly writes: RegExp } } = {
  npm: {
    reads:
      /^(ls|list|ll|la|view|info|show|v|outdated|root|prefix|bin|whoami|search|explain|why|fund|ping|audit|help|query|docs)$/,
    writes: /^(login|logout|owner|dist-tag|star|pkg|config|cache|deprecate|team|access|token)$/,
  },
  pnpm: { reads: /^(ls|list|why|outdated|root|bin|audit|licenses)$/, writes: /^(config|store)$/ },
  yarn: { reads: /^(list|why|info|outdated|bin|licenses|audit|versions)$/, writes: /^(config|cache)$/ },
  pip: { reads: /^(list|show|freeze|check|help|debug|index|inspect)$/, writes: /^(config|cache|download|uninstall)$/ },
  pip3: { reads: /^(list|show|freeze|check|help|debug|index|inspect)$/, writes: /^(config|cache|download|uninstall)$/ },
  go: { reads: /^(version|env|list|doc|help)$/, writes: /^(mod|fmt|get|work|clean)$/ },
  cargo: {
    reads: /^(tree|metadata|search|version|help|pkgid|locate-project|verify-project)$/,
    writes: /^(add|remove|fetch|update|clean|new|init)$/,
  },
  systemctl: {
    reads: /^(status|show|list-[a-z-]+|is-active|is-enabled|is-failed|cat|get-default|show-environment)$/,
    writes: /^(start|stop|restart|reload|enable|disable|mask|unmask|daemon-reload|edit|set-[a-z]+|kill)$/,
  },
  service: { reads: /^(--status-all)$/, writes: /^[\w.@-]+$/ },
  brew: {
    reads: /^(list|ls|info|search|outdated|deps|uses|leaves|config|doctor|home|desc)$/,
    writes: /^(install|upgrade|update|tap|link|unlink|pin)$/,
  },
  apt: { reads: /^(list|search|show|policy|depends|rdepends)$/, writes: /^(install|update|upgrade|full-upgrade)$/ },
  'apt-get': { reads: /^(changelog|indextargets)$/, writes: /^(install|update|upgrade|dist-upgrade|source|download)$/ },
  'apt-cache': {
    reads: /^(search|show|policy|depends|rdepends|madison|pkgnames|stats|showpkg)$/,
    writes: /^gencaches$/,
  },
  'dpkg-query': { reads: /^(-[lWLSsp]|--(list|show|listfiles|search|status))$/, writes: /^$/ },
  dpkg: {
    reads: /^(-[lLsSpI]|--(list|listfiles|status|search|get-selections|print-architecture|info|contents))$/,
    writes: /^(-i|--install|--configure)$/,
  },
  rpm: { reads: /^(-q[a-zA-Z]*|--query)$/, writes: /^(-[iUF][vh]*)$/ },
  ip: { reads: /^(a|addr|address|r|route|l|link|n|neigh|rule)$/, writes: /^$/ },
  crontab: { reads: /^-l$/, writes: /^[^-].*$/ },
  timedatectl: { reads: /^(status|show|list-timezones)$/, writes: /^set-.*$/ },
  hostnamectl: { reads: /^(status)$/, writes: /^set-.*$/ },
  loginctl: { reads: /^(list-[a-z]+|show-[a-z]+|[a-z]+-status)$/, writes: /^$/ },
  tmux: { reads: /^(ls|list-[a-z]+)$/, writes: /^$/ },
};
