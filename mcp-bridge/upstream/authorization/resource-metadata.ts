/**
 * Where a server says that its tokens come from: protected resource metadata (RFC 9728), else, for servers of the
 * revision 2025-03-26, an authorization server at their own origin.
 *
 * SECURITY(OA-10): every address asked here is of the server's own origin, under the same address rules and the same
 * TLS settings as the server itself; no redirect is followed and no credential sent.
 */
import { z } from 'zod';
import { coversServer } from '../../core/authorization/resource.ts';
import { Cancellation } from '../cancellation.ts';
import { UpstreamHttp } from '../http-agent.ts';
import { readText } from '../http-answer.ts';
import { parseJson } from '../json-rpc.ts';
import type { HttpServerConfig } from '../server-config.ts';
import { readScopes } from './challenge.ts';

/** Untrusted, but for `resource`, which covers the configured address. */
export type ResourceMetadata = {
  readonly resource: string;
  /** As the server orders them; each an issuer identifier. */
  readonly authorizationServers: readonly string[];
  readonly scopesSupported?: readonly string[] | undefined;
};

/** `none`: nothing is published. Otherwise a sentence's middle that says what is wrong with it. */
export type ResourceDiscovery =
  | { readonly ok: true; readonly metadata: ResourceMetadata }
  | { readonly ok: false; readonly problem: string };

const WELL_KNOWN = '/.well-known/oauth-protected-resource';
const AUTHORIZATION_SERVER_WELL_KNOWN = [
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
] as const;
const LARGEST_BYTES = 128 * 1024;
const ANSWER_WITHIN_MS = 15_000;
const MOST_SERVERS = 10;

const published = z.object({
  resource: z.string().max(4096),
  authorization_servers: z.array(z.string().max(2048)).max(100).optional(),
  scopes_supported: z.array(z.string()).max(1000).optional(),
});
const publishedIssuer = z.object({ issuer: z.string().max(2048) });

/** @param hint `resource_metadata` of the challenge. Never rejects. */
export async function discoverResource(
  serverConfig: HttpServerConfig,
  hint: string | undefined,
  signal: AbortSignal,
): Promise<ResourceDiscovery> {
  let problem: string | undefined;
  for (const address of metadataAddresses(serverConfig.url, hint)) {
    const value = await fetchJson(serverConfig, address, signal);
    if (value === undefined) continue;
    const found = readMetadata(value, serverConfig.url);
    if (found.ok) return found;
    problem ??= found.problem;
  }
  // What it publishes and is wrong is not helped by a guess.
  if (problem !== undefined) return { ok: false, problem };
  return ownAuthorizationServer(serverConfig, signal);
}

/** The challenge's address first, then the two that RFC 9728 §3.1 makes of the server's own; all of its origin. */
export function metadataAddresses(serverUrl: string, hint: string | undefined): readonly string[] {
  const { origin, pathname, search } = new URL(serverUrl);
  const path = pathname.replace(/\/$/, '');
  const hinted = sameOrigin(hint, origin);
  return [
    ...new Set([
      ...(hinted === undefined ? [] : [hinted]),
      `${origin}${WELL_KNOWN}${path}${search}`,
      `${origin}${WELL_KNOWN}`,
    ]),
  ];
}

function sameOrigin(hint: string | undefined, origin: string): string | undefined {
  if (hint === undefined) return undefined;
  try {
    const url = new URL(hint);
    return url.origin === origin && url.username === '' && url.password === '' && url.hash === ''
      ? url.href
      : undefined;
  } catch {
    return undefined;
  }
}

/** SECURITY(OA-17): a token for another resource would be good there, and this server would get it. */
export function readMetadata(value: unknown, serverUrl: string): ResourceDiscovery {
  const parsed = published.safeParse(value);
  if (!parsed.success) return { ok: false, problem: 'its protected resource metadata cannot be understood' };
  const { resource, authorization_servers: servers, scopes_supported: scopes } = parsed.data;
  if (!covers(resource, serverUrl))
    return { ok: false, problem: 'its protected resource metadata is of another resource' };
  const authorizationServers = [...new Set(servers)].filter(isIssuer).slice(0, MOST_SERVERS);
  const { origin } = new URL(serverUrl);
  if (servers !== undefined && servers.length > 0 && authorizationServers.length === 0)
    return { ok: false, problem: 'it names no place to sign in that may be used (https, without query)' };
  return {
    ok: true,
    metadata: {
      resource,
      authorizationServers: authorizationServers.length === 0 ? [origin] : authorizationServers,
      scopesSupported: readScopes(scopes),
    },
  };
}

function covers(resource: string, serverUrl: string): boolean {
  try {
    return coversServer(new URL(resource), new URL(serverUrl));
  } catch {
    return false;
  }
}

/** RFC 8414 §2: https, no query, no fragment; http only on this machine. Where it leads is judged by who goes there. */
function isIssuer(text: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(text)) return false; // shown to a person, who could not tell look-alike letters apart
  try {
    const url = new URL(text);
    const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
    const isWeb = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback);
    return isWeb && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  } catch {
    return false;
  }
}

async function ownAuthorizationServer(serverConfig: HttpServerConfig, signal: AbortSignal): Promise<ResourceDiscovery> {
  const { origin, href } = new URL(serverConfig.url);
  for (const path of AUTHORIZATION_SERVER_WELL_KNOWN) {
    const parsed = publishedIssuer.safeParse(await fetchJson(serverConfig, `${origin}${path}`, signal));
    if (!parsed.success || ![origin, `${origin}/`].includes(parsed.data.issuer)) continue;
    return { ok: true, metadata: { resource: href, authorizationServers: [parsed.data.issuer] } };
  }
  return { ok: false, problem: 'it does not say where to sign in' };
}

async function fetchJson(serverConfig: HttpServerConfig, address: string, signal: AbortSignal): Promise<unknown> {
  if (signal.aborted) return undefined;
  const http = new UpstreamHttp({ ...serverConfig, url: address });
  const cancellation = Cancellation.after(ANSWER_WITHIN_MS);
  const giveUp = () => cancellation.cancel();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const answer = await http.send({ method: 'GET', headers: { accept: 'application/json' }, cancellation });
    if (!answer.ok) return undefined;
    const text = answer.response.status === 200 ? await readText(answer.response, LARGEST_BYTES) : undefined;
    return text === undefined ? undefined : parseJson(text);
  } finally {
    signal.removeEventListener('abort', giveUp);
    http.close();
  }
}
