/**
 * What the person says about an upstream server: the ecosystem's own `mcpServers` entry, plus what Countersign adds.
 * Nothing here comes from the server itself. Unknown members are refused, so that a misspelt safety setting is
 * noticed; the few that other programs write into the same object are let through.
 */
import { z } from 'zod';
import { nameSkeleton } from '../core/catalogue/exposed-name.ts';
import { AppError } from '../core/errors.ts';

/** Part of `server__tool`: no underscore, so that the first `__` always ends the server's part (MC-07). */
const SERVER_ID = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

const shared = {
  environment: z.string().min(1).max(64).optional(),
  trusted: z.boolean().default(false),
  dialect: z.string().min(1).max(32).optional(),
  profile: z.string().min(1).max(214).optional(),
  /** Absolute folders; the server is told of them as its roots, and facts call everything else outside. */
  roots: z.array(z.string().startsWith('/')).optional(),
  /** SECURITY(MC-22): what the server may ask of the AI client and its person; off unless written here. */
  allow: z
    .strictObject({
      sampling: z.boolean().default(false),
      elicitation: z.boolean().default(false),
      /** The folders of the AI client; where `roots` are given the server is told of those instead. */
      roots: z.boolean().default(false),
    })
    .prefault({}),
  defaults: z.looseObject({}).optional(),
  /** Longest wait for one answer, milliseconds. */
  requestTimeoutMs: z.int().min(100).max(3_600_000).default(600_000),
  disabled: z.boolean().default(false),
};

const stdioServer = z.strictObject({
  ...shared,
  type: z.literal('stdio', 'a server with a "command" is reached over "stdio": write that, or take it out').optional(),
  command: z.string().min(1).max(4096),
  args: z.array(z.string().max(131_072)).max(1000).default([]),
  env: z.record(z.string(), z.string()).default({}),
  cwd: z.string().startsWith('/').optional(),
});

/**
 * How a person signs in to the server (MCP authorization), which takes the desktop app. `false`: never. Left out: as the
 * server asks, unless `headers` hold an Authorization of their own.
 */
const auth = z.union([
  z.literal(false),
  z.strictObject({
    /** An OAuth client that was registered with the server's service beforehand. */
    clientId: z.string().min(1).max(2000).optional(),
    /** Asked for in place of what the server names. */
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/))
      .min(1)
      .max(100)
      .optional(),
  }),
]);

const httpServer = z.strictObject({
  ...shared,
  /** `sse`: HTTP+SSE of 2024-11-05 at once. Otherwise Streamable HTTP, and HTTP+SSE where the server knows only that. */
  type: z
    .enum(
      ['http', 'streamable-http', 'sse'],
      'a server with a "url" is reached over "http" (or "streamable-http", which is the same) or over "sse"',
    )
    .optional(),
  auth: auth.optional(),
  url: z.string().max(4096),
  headers: z.record(z.string(), z.string()).default({}),
  /** SECURITY(OA-10): without it an address inside a private network is refused after the name was resolved. */
  allowPrivateNetwork: z.boolean().default(false),
  /** Files with PEM text: a client certificate and its key (mTLS), and authorities that replace the system's. */
  tls: z.strictObject({ cert: z.string(), key: z.string(), ca: z.string().optional() }).partial().optional(),
});

export type StdioServerConfig = z.output<typeof stdioServer> & { readonly serverId: string; readonly kind: 'stdio' };
export type HttpServerConfig = z.output<typeof httpServer> & { readonly serverId: string; readonly kind: 'http' };
export type UpstreamServerConfig = StdioServerConfig | HttpServerConfig;

/** Reads an `mcpServers` object; `path` is where it stands in the configuration, for messages. */
export function parseServerConfigs(mcpServers: unknown, path = 'mcpServers'): readonly UpstreamServerConfig[] {
  if (typeof mcpServers !== 'object' || mcpServers === null || Array.isArray(mcpServers))
    throw invalid(path, 'must be an object of servers by their id');
  return Object.entries(mcpServers).map(([serverId, entry]) => parseServerConfig(serverId, entry, path));
}

export function parseServerConfig(serverId: string, entry: unknown, path = 'mcpServers'): UpstreamServerConfig {
  const where = `${path}.${serverId}`;
  if (!SERVER_ID.test(serverId))
    throw invalid(
      where,
      'a server id has 1 to 32 of a-z, 0-9 and "-", and neither begins nor ends with "-": rename it',
    );
  // SECURITY(MC-07): `c0untersign__permissions` would pass for one of our own tools.
  if (nameSkeleton(serverId).replaceAll('-', '') === 'countersign')
    throw invalid(where, 'this id is kept for Countersign itself: rename it');
  const members = typeof entry === 'object' && entry !== null ? entry : {};
  const isStdio = 'command' in members;
  if (isStdio === 'url' in members) throw invalid(where, 'give either "command" (with "args") or "url"');
  const parsed = (isStdio ? stdioServer : httpServer).safeParse(entry);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid([where, ...(issue?.path ?? [])].join('.'), issue?.message ?? 'not understood');
  }
  if ('command' in parsed.data) return { ...parsed.data, serverId, kind: 'stdio' };
  checkUrl(parsed.data.url, `${where}.url`);
  checkHeaders(parsed.data.headers, `${where}.headers`);
  if (typeof parsed.data.auth === 'object' && hasOwnAuthorization(parsed.data.headers))
    throw invalid(`${where}.auth`, 'signs in, and "headers" hold an Authorization already: take one of them out');
  return { ...parsed.data, serverId, kind: 'http' };
}

function checkUrl(text: string, where: string): void {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalid(where, 'is not an address; write it like https://mcp.example.com/mcp');
  }
  if (url.username !== '' || url.password !== '')
    throw invalid(where, 'must not hold a user name or password; put them under "headers" or "auth"');
  if (url.hash !== '') throw invalid(where, 'must not hold a fragment ("#…"); take it away');
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  // SECURITY(MC-34): arguments and credentials travel only where nobody on the way can read or change them.
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback))
    throw invalid(where, 'must begin with https:// (http:// only for this machine: localhost, 127.0.0.1, [::1])');
}

/** The person brought a credential of their own, so none is asked for. */
export function hasOwnAuthorization(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
}

function checkHeaders(headers: Readonly<Record<string, string>>, where: string): void {
  const owned =
    /^(?:host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|accept.*|keep-alive|proxy-.*|mcp-.*)$/i;
  const names = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    // Only one of them could be sent, and nobody would know which.
    if (names.has(name.toLowerCase())) throw invalid(`${where}.${name}`, 'is given twice; take one of them out');
    names.add(name.toLowerCase());
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) throw invalid(where, 'holds a name that is not a header name');
    if (owned.test(name)) throw invalid(`${where}.${name}`, 'is set by the bridge itself; take it out');
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw invalid(`${where}.${name}`, 'has a value with a character that no header may hold');
  }
}

export function invalid(where: string, mend: string): AppError {
  return new AppError('config.invalid', `${where}: ${mend}`);
}
