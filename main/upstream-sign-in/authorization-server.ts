/**
 * An authorization server that an upstream server named: its metadata (RFC 8414, OpenID Connect Discovery §4), and what
 * it must offer before anything is asked of it.
 */
import * as oauth from 'oauth4webapi';
import * as oidc from 'openid-client';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import { type GuardedFetch, type GuardedFetchOptions, guardedFetch, judgeWhole } from '../identity/guarded-fetch.ts';
import { addressOf, browserAddress } from '../identity/open-in-browser.ts';
import { placesFor, type SignInServer } from './places.ts';

export type AuthorizationServer = {
  readonly metadata: oauth.AuthorizationServer;
  readonly ask: GuardedFetch;
  /** An address to open in the browser, judged like every other. @throws AppError 'identity.issuer-refused' */
  readonly forBrowser: (url: URL) => string;
};

/** How this app is known to the authorization server. */
export type OauthClient = {
  readonly oauthClientId: string;
  readonly secret?: string | undefined;
  readonly method: 'none' | 'client_secret_basic' | 'client_secret_post';
};

const answerWithinS = 15;

/** @throws AppError 'identity.issuer-refused' */
export async function discoverAuthorizationServer(
  issuer: string,
  server: SignInServer,
  limits: GuardedFetchOptions = {},
): Promise<AuthorizationServer> {
  const url = addressOf(issuer);
  const judge = placesFor(server);
  const ask = guardedFetch(url, { ...limits, judge });
  const forBrowser = (place: URL): string => {
    judgeWhole(place, judge);
    return browserAddress(place);
  };
  forBrowser(url);
  const metadata = await firstMetadata(url, ask);
  // SECURITY(OA-02): without S256 in the metadata a server may ignore the challenge.
  demand(metadata.code_challenge_methods_supported?.includes('S256') === true, 'it does not announce PKCE with S256');
  demand(metadata.token_endpoint !== undefined, 'it has no token endpoint');
  demand(metadata.authorization_endpoint !== undefined, 'it has no authorization endpoint');
  forBrowser(addressOf(metadata.authorization_endpoint ?? '')); // SECURITY(OA-09)
  return { metadata, ask, forBrowser };
}

/** In the order of the MCP specification. */
export function metadataAddresses({ origin, pathname }: URL): readonly string[] {
  const path = pathname.replace(/\/$/, '');
  return [
    ...new Set([
      `${origin}/.well-known/oauth-authorization-server${path}`,
      `${origin}/.well-known/openid-configuration${path}`,
      `${origin}${path}/.well-known/openid-configuration`,
    ]),
  ];
}

/** SECURITY(OA-26): metadata that names another issuer ends the search, since a later address is no better. */
async function firstMetadata(issuer: URL, ask: GuardedFetch): Promise<oauth.AuthorizationServer> {
  for (const address of metadataAddresses(issuer)) {
    const answer = await reached(ask(address, { headers: { accept: 'application/json' } }));
    if (answer.status !== 200 || !isJson(answer)) continue;
    const metadata = await oauth.processDiscoveryResponse(issuer, answer).catch(() => undefined);
    // A parser takes look-alike letters and breaks for what they stand for; a person who reads the name does not (DG-01).
    if (metadata !== undefined && /^[\x21-\x7e]{1,2048}$/.test(metadata.issuer)) return metadata;
    demand(false, 'its metadata names another issuer, or none');
  }
  throw new AppError('identity.issuer-refused', 'the place to sign in was refused: it publishes no metadata');
}

async function reached(answer: Promise<Response>): Promise<Response> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('identity.issuer-refused', 'the place to sign in cannot be reached');
  }
}

function isJson(answer: Response): boolean {
  return /^application\/(?:[a-z.-]+\+)?json\b/i.test(answer.headers.get('content-type') ?? '');
}

export function configurationFor({ metadata, ask }: AuthorizationServer, oauthClient: OauthClient): oidc.Configuration {
  const { oauthClientId, secret } = oauthClient;
  const configuration = new oidc.Configuration(
    metadata as oidc.ServerMetadata,
    oauthClientId,
    secret === undefined ? {} : { client_secret: secret },
    authenticationOf(oauthClient),
  );
  configuration.timeout = answerWithinS;
  configuration[oidc.customFetch] = ask as unknown as oidc.CustomFetch;
  oidc.allowInsecureRequests(configuration); // `ask` refuses http itself, but for this machine
  return configuration;
}

function authenticationOf({ method, secret }: OauthClient): oidc.ClientAuth {
  switch (method) {
    case 'none':
      return oidc.None();
    case 'client_secret_basic':
      return basic(secret ?? '');
    case 'client_secret_post':
      return oidc.ClientSecretPost(secret);
  }
}

/** RFC 6749 §2.3.1. Encodes what has to be and no more: many servers compare without decoding. */
function basic(secret: string): oidc.ClientAuth {
  const encoded = (text: string) => encodeURIComponent(text).replaceAll('%20', '+');
  return (_metadata, { client_id: oauthClientId }, _body, headers) => {
    const credentials = `${encoded(oauthClientId)}:${encoded(secret)}`;
    headers.set('authorization', `Basic ${Buffer.from(credentials).toString('base64')}`);
  };
}

function demand(holds: boolean, why: string): void {
  if (!holds) throw new AppError('identity.issuer-refused', `the place to sign in was refused: ${why}`);
}
