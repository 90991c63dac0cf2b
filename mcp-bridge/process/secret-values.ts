import type { UpstreamServerConfig } from '../upstream/server-config.ts';

const secretName = /key|token|secret|passw|credential|auth(?!or)|dsn|cookie/i;
/** These name a place where a secret is, or no secret at all. */
const placeName = /(_|^)(file|path|dir|sock|url|uri|host|keyboard)$/i;
const shortestSecret = 8;

/**
 * Headers that every program may send. All others count as secret: whatever a person configures by hand for one
 * server is more likely a key than not.
 */
const ordinaryHeader =
  /^(accept|content|user-agent|cache-control|connection|date|host|origin|referer|pragma|mcp-|x-request-id)/i;

/**
 * Values of a server's configuration that must not come back to an AI client in a result (AU-15) nor leave by an
 * argument (MC-39): headers, members of its address and environment variables whose names say that they are secret.
 * Shorter ones would take ordinary words out of results.
 */
export function secretValuesOf(config: UpstreamServerConfig): readonly string[] {
  return pairsOf(config)
    .flatMap(([, value]) => [value, value.replace(/^(Bearer|Basic|Token) /i, '')])
    .filter((value) => value.length >= shortestSecret);
}

function pairsOf(config: UpstreamServerConfig): readonly (readonly [string, string])[] {
  if (config.kind === 'stdio')
    return Object.entries(config.env).filter(([name]) => secretName.test(name) && !placeName.test(name));
  const query = [...new URL(config.url).searchParams].filter(([name]) => secretName.test(name));
  return [...Object.entries(config.headers).filter(([name]) => !ordinaryHeader.test(name)), ...query];
}
