/**
 * The environment of an upstream's process: an allow-list and what the person declared, nothing else, so that tokens
 * in the app's own environment stay there (LO-15).
 *
 * SECURITY(LO-16): names that make a loader or an interpreter run other code are refused even when declared. A person
 * who wants them can name a script as the command, where the review shows it.
 */
import { delimiter, isAbsolute } from 'node:path';
import { invalid } from './server-config.ts';

export const INHERITED_NAMES = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TERM', 'TMPDIR'],
  ...['XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['npm_config_registry', 'npm_config_cache', 'NPM_CONFIG_REGISTRY', 'NPM_CONFIG_CACHE', 'UV_CACHE_DIR'],
  // Windows programs do not start without these.
  ...['APPDATA', 'LOCALAPPDATA', 'PATHEXT', 'PROGRAMDATA', 'PROGRAMFILES', 'SYSTEMDRIVE', 'SYSTEMROOT', 'TEMP', 'TMP'],
  ...['USERNAME', 'USERPROFILE', 'HOMEDRIVE', 'HOMEPATH', 'COMSPEC'],
] as const;

const REFUSED = [
  /^(?:LD_|DYLD_|ELECTRON_|BUN_|CORECLR_|COR_(?:PROFILER|ENABLE)|R_(?:PROFILE|ENVIRON|LIBS|HOME))/i,
  /^(?:RUBY(?:LIB|OPT|SHELL|PATH)|GEM_(?:HOME|PATH)|BUNDLE_GEMFILE|LUA_(?:INIT|PATH|CPATH).*|ERL_(?:LIBS|.*FLAGS))$/i,
  /^NODE_(?:OPTIONS|PATH|REPL_EXTERNAL_MODULE|CHANNEL_FD|V8_COVERAGE)$/i,
  // npm hands its own options on: node-options, script-shell, another configuration file.
  /^npm_config_(?!(?:registry|cache|offline|prefer_offline|loglevel|update_notifier|fund|audit|yes)$)/i,
  // Python finds code by most of its variables.
  /^PYTHON(?!(?:UNBUFFERED|IOENCODING|UTF8|DONTWRITEBYTECODE|HASHSEED|OPTIMIZE|FAULTHANDLER|TRACEMALLOC)$)/i,
  /^(?:PERL.*|PHPRC|PHP_INI_SCAN_DIR|BASH_ENV|ENV|ZDOTDIR|FPATH|BASH_FUNC_.*|SHELLOPTS|BASHOPTS|PS4|IFS)$/i,
  /^(?:JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH|DOTNET_STARTUP_HOOKS|DOTNET_ADDITIONAL_DEPS|JULIA_.*PATH)$/i,
  // Of git's own variables, those that name a program, a file that it writes, or another repository (CL-11).
  /^GIT_(?:SSH.*|EXEC_PATH|EXTERNAL_DIFF|CONFIG.*|PROXY_COMMAND|TEMPLATE_DIR|ASKPASS|.*EDITOR|PAGER|TRACE.*|REDIRECT_.*)$/i,
  /^GIT_(?:DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|NAMESPACE|(?:ALTERNATE_)?OBJECT_DIRECTOR(?:Y|IES)|ALLOW_PROTOCOL)$/i,
  /^(?:SSH_ASKPASS|EDITOR|VISUAL|PAGER|BROWSER|LESSOPEN|LESSCLOSE|MANPAGER)$/i,
  /^(?:GCONV_PATH|GLIBC_TUNABLES|MALLOC_CHECK_|OPENSSL_(?:CONF|ENGINES|MODULES)|COMSPEC|PROMPT_COMMAND)$/i,
];

export function childEnvironment(
  declared: Readonly<Record<string, string>>,
  own: NodeJS.ProcessEnv,
  where: string,
): Record<string, string> {
  const environment: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const name of INHERITED_NAMES) {
    const value = own[name];
    // A shell function exported through the environment is code, not a value.
    if (value !== undefined && !value.startsWith('()')) environment[name] = value;
  }
  for (const [name, value] of Object.entries(declared)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw invalid(`${where}.${name}`, 'is not a variable name');
    if (REFUSED.some((pattern) => pattern.test(name)))
      throw invalid(
        `${where}.${name}`,
        'can make a program run other code and is refused; take it out, or wrap the command in a script of your own',
      );
    // SECURITY(LO-18): an empty or relative entry would mean whatever folder the program happens to stand in.
    if (name.toUpperCase() === 'PATH' && !value.split(delimiter).every(isAbsolute))
      throw invalid(`${where}.${name}`, 'may list absolute folders only');
    if (value.includes('\0') || value.startsWith('()'))
      throw invalid(`${where}.${name}`, 'has a value that is refused');
    environment[name] = value;
  }
  return environment;
}
