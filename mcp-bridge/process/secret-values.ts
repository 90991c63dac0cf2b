import type { UpstreamServerConfig } from '../upstream/server-config.ts';

const secretName = /key|token|secret|passw|credential|auth|dsn|cookie/i;
const shortestSecret = 8;

/**
 * Values of a server's configuration that must not come back to an AI client in a result (AU-15): headers, and
 * environment variables whose names say that they are secret. Shorter ones would take ordinary words out of results.
 */
export function secretValuesOf(config: UpstreamServerConfig): readonly string[] {
  const pairs = Object.entries(config.kind === 'stdio' ? config.env : config.headers);
  const secret = pairs.filter(([name]) => config.kind === 'http' || secretName.test(name)).map(([, value]) => value);
  return secret
    .flatMap((value) => [value, value.replace(/^(Bearer|Basic|Token) /i, '')])
    .filter((value) => value.length >= shortestSecret);
}
