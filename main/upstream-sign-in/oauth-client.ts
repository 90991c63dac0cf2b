/**
 * Who we are at an authorization server, in the order of the MCP specification: an OAuth client that the person
 * registered beforehand; a client id metadata document, which takes a public address and a desktop app has none; dynamic
 * registration (RFC 7591), anew for every sign-in, because the redirect has another port each time.
 */
import { z } from 'zod';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import type { AuthorizationServer, OauthClient } from './authorization-server.ts';
import type { SignInServer } from './places.ts';

/** @throws AppError 'identity.issuer-refused' with what the person can do about it */
export async function oauthClientAt(
  authorizationServer: AuthorizationServer,
  server: SignInServer,
  redirectUri: string,
): Promise<OauthClient> {
  if (server.oauthClientId !== undefined) return registeredBefore(authorizationServer, server, server.oauthClientId);
  if (authorizationServer.metadata.registration_endpoint === undefined)
    throw new AppError(
      'identity.issuer-refused',
      'it lets no app register itself. Register one there yourself, with the redirect address http://127.0.0.1/callback, and add the server again with its OAuth client id',
    );
  return register(authorizationServer, redirectUri);
}

function registeredBefore(
  { metadata }: AuthorizationServer,
  { oauthClientSecret: secret }: SignInServer,
  oauthClientId: string,
): OauthClient {
  if (secret === undefined) return { oauthClientId, method: 'none' };
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic']; // RFC 8414 §2
  return {
    oauthClientId,
    secret,
    method: methods.includes('client_secret_basic') ? 'client_secret_basic' : 'client_secret_post',
  };
}

/** RFC 7591 §3.2.1, as far as it matters here: many servers leave out what only they would use. */
const registered = z.object({
  client_id: z.string().min(1).max(2000),
  client_secret: z.string().max(4000).optional(),
  token_endpoint_auth_method: z.string().optional(),
});

async function register({ metadata, ask }: AuthorizationServer, redirectUri: string): Promise<OauthClient> {
  const methods = metadata.token_endpoint_auth_methods_supported;
  const answer = await ask(String(metadata.registration_endpoint), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({
      client_name: 'Countersign',
      application_type: 'native', // RFC 8252 §8.4
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: methodOf(methods),
    }),
  });
  const parsed = registered.safeParse(await answer.json().catch(() => undefined));
  if (answer.status !== 200 && answer.status !== 201)
    throw new AppError('identity.issuer-refused', `it did not register this app (HTTP ${answer.status})`);
  if (!parsed.success)
    throw new AppError('identity.issuer-refused', 'its answer to the registration of this app cannot be understood');
  const { client_id: oauthClientId, client_secret: secret, token_endpoint_auth_method: method } = parsed.data;
  // A server may give a secret to an app that asked for none, and then wants it back.
  if (secret === undefined || secret === '' || method === 'none') return { oauthClientId, method: 'none' };
  return { oauthClientId, secret, method: method === 'client_secret_post' ? method : 'client_secret_basic' };
}

/** None, as a desktop app keeps no secret (RFC 8252 §8.5), unless the server knows no such way. */
function methodOf(supported: readonly string[] | undefined): OauthClient['method'] {
  if (supported === undefined || supported.includes('none')) return 'none';
  return supported.includes('client_secret_basic') ? 'client_secret_basic' : 'client_secret_post';
}
