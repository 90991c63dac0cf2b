/**
 * Where to POST to, as the first event of an HTTP+SSE stream says (MCP 2024-11-05, HTTP with SSE: `endpoint`).
 *
 * SECURITY(MC-34, OA-10): the server's words decide where arguments and credentials go, so only its own origin counts:
 * the scheme, host and port that the person configured.
 */
const LONGEST = 4096;

/** The whole address; undefined when it is refused. Relative to the configured address, as a link would be. */
export function endpointAddress(data: string, configuredUrl: string): string | undefined {
  if (data === '' || data.length > LONGEST || !/^[\x21-\x7e]+$/.test(data)) return undefined;
  const configured = new URL(configuredUrl);
  let url: URL;
  try {
    url = new URL(data, configured);
  } catch {
    return undefined;
  }
  if (url.origin !== configured.origin || url.username !== '' || url.password !== '') return undefined;
  url.hash = '';
  return url.href;
}
