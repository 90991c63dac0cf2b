/**
 * A real MCP server behind a bearer check of its own, and a real authorization server that registers apps, both in this
 * process, with everything that arrived written down.
 */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWK, jwtVerify } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';
import { z } from 'zod';
import { demoPerson } from '../../main/identity/demo-person.ts';
import { serveInteractions } from '../../main/identity/demo-provider-interactions.ts';

export type AuthorizationServerUnderTest = {
  readonly issuer: string;
  readonly jwks: { readonly keys: JWK[] };
  /** Method, path and form of every request, in order. */
  readonly requests: { readonly line: string; readonly form: URLSearchParams; readonly body: string }[];
  readonly provider: Provider;
};

// The library's notices about being no production deployment belong to no test.
console.info = () => {};
const scopesOf = 'tools:read tools:write';

/** Any resource below `resourceOrigin()` is known; access tokens are JWTs for it. */
export async function startAuthorizationServer(
  atEnd: AtEnd,
  resourceOrigin: () => string,
  options: {
    readonly registration?: boolean;
    readonly accessTokenTtlS?: number;
    readonly clients?: Configuration['clients'];
  } = {},
): Promise<AuthorizationServerUnderTest> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'k1' };
  const { server, origin: issuer } = await listen(atEnd);
  const provider = new Provider(issuer, {
    clients: options.clients ?? [],
    jwks: { keys: [key] } as NonNullable<Configuration['jwks']>,
    cookies: { keys: ['for a test'] },
    pkce: { required: () => true },
    scopes: ['openid', 'offline_access'],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    rotateRefreshToken: true,
    issueRefreshToken: async (_context, oauthClient) => oauthClient.grantTypeAllowed('refresh_token'),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, sub) => (sub === demoPerson.sub ? { accountId: sub, claims: () => ({ sub }) } : undefined),
    ttl: {
      AccessToken: options.accessTokenTtlS ?? 600,
      AuthorizationCode: 60,
      IdToken: 600,
      RefreshToken: 86_400,
      Session: 600,
      Interaction: 600,
      Grant: 86_400,
    },
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: options.registration ?? true },
      revocation: {
        enabled: true,
        allowedPolicy: (_context, oauthClient, held) => held.clientId === oauthClient.clientId,
      },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource) => {
          if (!resource.startsWith(resourceOrigin())) throw new Error(`asked for ${resource}`);
          return {
            scope: scopesOf,
            audience: resource,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
    },
  });
  const requests: AuthorizationServerUnderTest['requests'] = [];
  const serveProvider = provider.callback();
  server.on('request', (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.once('end', () => {
      const body = Buffer.concat(pieces).toString();
      requests.push({ line: `${request.method} ${request.url?.split('?')[0]}`, form: new URLSearchParams(body), body });
    });
    request.pause();
    void serveInteractions(provider, request, response).then((served) => {
      if (!served) void serveProvider(request, response);
    });
  });
  return { issuer, jwks: { keys: [publicPart(key)] }, requests, provider };
}

export type Refusal = { readonly status: number; readonly challenge?: string; readonly location?: string };

export type ProtectedServer = {
  readonly url: string;
  readonly origin: string;
  /** Every request of its MCP address, in order. */
  readonly log: { readonly rpc: string; readonly authorization: string | undefined; readonly status: number }[];
  readonly calls: string[];
  /** What its resource metadata says; undefined: it has none. */
  metadata: (() => unknown) | undefined;
  /** In place of its own check; undefined: its own. */
  refuse: ((token: string | undefined, tool: string | undefined) => Refusal | undefined) | undefined;
};

export async function startProtectedServer(
  atEnd: AtEnd,
  authorizationServer: () => Pick<AuthorizationServerUnderTest, 'issuer' | 'jwks'>,
): Promise<ProtectedServer> {
  const { server, origin } = await listen(atEnd);
  const url = `${origin}/mcp`;
  const metadataUrl = `${origin}/.well-known/oauth-protected-resource/mcp`;
  const calls: string[] = [];
  const protectedServer: ProtectedServer = {
    url,
    origin,
    log: [],
    calls,
    metadata: () => ({
      resource: url,
      authorization_servers: [authorizationServer().issuer],
      scopes_supported: scopesOf.split(' '),
    }),
    refuse: undefined,
  };
  const serveMcp = toNodeHandler(
    createMcpHandler(() => notes(calls)),
    {},
  );

  async function refusal(token: string | undefined, rpc: Rpc): Promise<Refusal | undefined> {
    if (protectedServer.refuse) return protectedServer.refuse(token, rpc.params?.name);
    const { issuer, jwks } = authorizationServer();
    const scopes = await verified(token, jwks, { issuer, audience: url });
    if (scopes === undefined)
      return {
        status: 401,
        challenge: `Bearer resource_metadata="${metadataUrl}"${token ? ', error="invalid_token"' : ''}`,
      };
    const needed = rpc.params?.name === 'write_note' ? 'tools:write' : 'tools:read';
    return scopes.includes(needed)
      ? undefined
      : {
          status: 403,
          challenge: `Bearer error="insufficient_scope", scope="${needed}", resource_metadata="${metadataUrl}"`,
        };
  }

  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/.well-known/') === true) {
      const isMetadata = request.url === new URL(metadataUrl).pathname && protectedServer.metadata !== undefined;
      response.writeHead(isMetadata ? 200 : 404, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify(isMetadata ? protectedServer.metadata?.() : {}));
    }
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const rpc = (pieces.length === 0 ? {} : JSON.parse(Buffer.concat(pieces).toString())) as Rpc;
    const { authorization } = request.headers;
    const refused = await refusal(authorization?.replace(/^Bearer /, ''), rpc);
    protectedServer.log.push({
      rpc: rpc.method ?? request.method ?? '',
      authorization,
      status: refused?.status ?? 200,
    });
    if (refused === undefined) return void serveMcp(request as never, response, rpc);
    const { challenge, location } = refused;
    response.writeHead(refused.status, {
      ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
      ...(location === undefined ? {} : { location }),
    });
    return void response.end();
  });
  return protectedServer;
}

type Rpc = { readonly method?: string; readonly params?: { readonly name?: string } };

function notes(calls: string[]): McpServer {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  for (const name of ['read_note', 'write_note'])
    server.registerTool(name, { description: `${name} of the notes`, inputSchema: z.object({}) }, () => {
      calls.push(name);
      return { content: [{ type: 'text', text: `${name} done` }] };
    });
  return server;
}

async function verified(
  token: string | undefined,
  jwks: { readonly keys: JWK[] },
  expected: { readonly issuer: string; readonly audience: string },
): Promise<readonly string[] | undefined> {
  try {
    const { payload } = await jwtVerify(token ?? '', createLocalJWKSet(jwks), expected);
    return String(payload['scope'] ?? '').split(' ');
  } catch {
    return undefined;
  }
}

function publicPart({ d: _private, ...rest }: JWK): JWK {
  return rest;
}

/** Vitest's `onTestFinished`, or a list of one's own: what is given to it runs when the test is over. */
export type AtEnd = (end: () => void) => void;

async function listen(atEnd: AtEnd): Promise<{ readonly server: http.Server; readonly origin: string }> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
