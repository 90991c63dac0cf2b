import type { UpstreamServerConfig } from '../upstream/server-config.ts';

const secretName = /key|token|secret|passw|credential|auth(?!ors?(?![a-z]))|dsn|cookie/i;
/** These name a place where a secret is, or no secret at all. */
const placeName = /([-_]|^)(file|path|dir|sock|url|uri|host|keyboard)$/i;
/** Options about secrets whose values are none: `--auth-mode`, `--max-tokens`. */
const settingName = /(mode|type|method|provider|store|storage|tokens|tokenizer|ttl|limit|count|name)$/i;
const shortestSecret = 8;

/**
 * Headers that every program may send. All others count as secret: whatever a person configures by hand for one
 * server is more likely a key than not.
 */
const ordinaryHeader =
  /^(accept|content|user-agent|cache-control|connection|date|host|origin|referer|pragma|mcp-|x-request-id)/i;

/**
 * Values of a server's configuration that must not come back to an AI client in a result (AU-15) nor leave by an
 * argument (MC-39): headers, members of its address, environment variables and arguments whose names say that they are
 * secret, and passwords in addresses wherever they stand. Shorter ones would take ordinary words out of results.
 */
export function secretValuesOf(config: UpstreamServerConfig): readonly string[] {
  const values = [...secretPairs(config).map(([, value]) => value), ...textsOf(config).flatMap(passwordsIn)];
  return [...new Set(values.flatMap((value) => [value, value.replace(/^(Bearer|Basic|Token) /i, '')]))].filter(
    (value) => value.length >= shortestSecret,
  );
}

/** One line in which those values cannot be read, for the log. */
export function withoutSecrets(text: string, config: UpstreamServerConfig): string {
  const longestFirst = [...secretValuesOf(config)].sort((one, two) => two.length - one.length);
  return longestFirst.reduce((shown, secret) => shown.replaceAll(secret, '[secret]'), text);
}

type Pair = readonly [name: string, value: string];

function secretPairs(config: UpstreamServerConfig): readonly Pair[] {
  if (config.kind === 'stdio') {
    const variables = Object.entries(config.env).filter(isSecret);
    const options = argumentPairs(config.args).filter((pair) => isSecret(pair) && !settingName.test(pair[0]));
    return [...variables, ...options, ...headersIn(config.args)];
  }
  const query = [...new URL(config.url).searchParams].filter(([name]) => secretName.test(name));
  return [...Object.entries(config.headers).filter(isSecretHeader), ...query];
}

function isSecret([name]: Pair): boolean {
  return secretName.test(name) && !placeName.test(name);
}

function isSecretHeader([name]: Pair): boolean {
  return !ordinaryHeader.test(name);
}

/** `--api-key X`, `--api-key=X`, `API_KEY=X`. */
function argumentPairs(args: readonly string[]): readonly Pair[] {
  return args.flatMap((argument, index): Pair[] => {
    const joined = /^-{0,2}([\w-]+)=(.+)$/s.exec(argument);
    if (joined) return [[joined[1] ?? '', joined[2] ?? '']];
    const next = args[index + 1];
    return /^--?[\w-]+$/.test(argument) && next !== undefined && !next.startsWith('-') ? [[argument, next]] : [];
  });
}

/** `--header "Authorization: Bearer X"`, as programs that reach other servers take it. */
function headersIn(args: readonly string[]): readonly Pair[] {
  return args.flatMap((argument): Pair[] => {
    const header = /^(?:--?[\w-]+=)?([A-Za-z][\w-]*):\s*(\S.*)$/s.exec(argument);
    const pair: Pair = [header?.[1] ?? '', header?.[2] ?? ''];
    return header && !pair[1].startsWith('//') && isSecretHeader(pair) && secretName.test(pair[0]) ? [pair] : [];
  });
}

function textsOf(config: UpstreamServerConfig): readonly string[] {
  return config.kind === 'stdio' ? [...Object.values(config.env), ...config.args] : [];
}

/** The password in `scheme://user:password@host`, as it is written and as it is meant. */
function passwordsIn(text: string): readonly string[] {
  return [...text.matchAll(/\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/gi)].flatMap(([, written = '']) => {
    try {
      return [written, decodeURIComponent(written)];
    } catch {
      return [written];
    }
  });
}
