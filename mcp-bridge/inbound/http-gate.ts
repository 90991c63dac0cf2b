/**
 * What every HTTP request must pass before its address, key or body is looked at. First failure wins:
 * 1. more headers than anyone needs, or a header twice that may come once: 431, 400
 * 2. Host is not this loopback address and port: 403 (LO-01, DNS rebinding)
 * 3. an Origin that is neither the bridge's own nor on the list, which is empty by default: 403 (LO-02; MCP 2026-07-28
 *    Streamable HTTP, Security)
 *
 * No CORS header is ever sent, so no web page may read an answer (LO-03).
 */
import type { IncomingMessage } from 'node:http';

export type Refusal = {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
};

const mostHeaders = 200;

/** A second value of one of these would let two readers see two requests (LO-11). */
const singleHeaders: ReadonlySet<string> = new Set([
  'host',
  'origin',
  'authorization',
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'expect',
  'mcp-session-id',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'last-event-id',
]);

export function allowedHosts(port: number): ReadonlySet<string> {
  return new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
}

/** The bridge's own origin, to the port: it serves no page, so no page can have it. */
export function ownOrigins(port: number): readonly string[] {
  return [...allowedHosts(port)].map((host) => `http://${host}`);
}

export function checkGate(
  incoming: IncomingMessage,
  hosts: ReadonlySet<string>,
  origins: ReadonlySet<string>,
): Refusal | undefined {
  const { rawHeaders, headers, httpVersionMajor } = incoming;
  if (httpVersionMajor > 1) return { status: 505, message: 'HTTP/1.1 is spoken here' };
  if (rawHeaders.length > mostHeaders * 2) return { status: 431, message: 'too many headers' };
  // a header that came twice is one name in `headers` and two in `rawHeaders`
  if (rawHeaders.length !== Object.keys(headers).length * 2) {
    const repeated = repeatedHeader(rawHeaders);
    if (repeated !== undefined) return { status: 400, message: `the header ${repeated} came twice` };
  }
  // SECURITY(LO-12): Node hands over what is inside the chunks, still packed (RFC 9112 §6.1)
  if ((headers['transfer-encoding'] ?? 'chunked').toLowerCase() !== 'chunked') {
    return { status: 400, message: 'packed bodies are not accepted' };
  }
  // SECURITY(LO-01): RFC 9110 §7.2 makes the name case-insensitive; everything else must match to the letter
  if (headers.host === undefined || !hosts.has(headers.host.toLowerCase())) {
    return { status: 403, message: 'this host name is not served here' };
  }
  // SECURITY(LO-02): also `null` and the empty Origin, which sandboxed frames and files send
  if (headers.origin !== undefined && !origins.has(headers.origin)) {
    return { status: 403, message: 'web pages may not use the bridge' };
  }
  return undefined;
}

function repeatedHeader(rawHeaders: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase();
    if (seen.has(name) && singleHeaders.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}

/** The key of `Authorization: Bearer KEY` (RFC 6750 §2.1); never from the address or the body (LO-07). */
export function bearerKey(incoming: IncomingMessage): string | undefined {
  return /^Bearer ([A-Za-z0-9._~+/-]{1,512}=*)$/i.exec(incoming.headers.authorization ?? '')?.[1];
}

/** A body that can be read: JSON, UTF-8, as it is (LO-04, LO-12). */
export function checkBodyHeaders(incoming: IncomingMessage, maxBodyBytes: number): Refusal | undefined {
  const { headers } = incoming;
  // SECURITY(LO-04): a form or a text/plain POST is what a web page can send without asking the browser
  if (!/^application\/json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i.test(headers['content-type'] ?? '')) {
    return { status: 415, message: 'the content type must be application/json' };
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return { status: 415, message: 'compressed bodies are not accepted' };
  }
  if (Number(headers['content-length'] ?? 0) > maxBodyBytes) return bodyTooLarge(maxBodyBytes);
  return undefined;
}

export function bodyTooLarge(maxBodyBytes: number): Refusal {
  return { status: 413, message: `the body is larger than ${maxBodyBytes} bytes` };
}
