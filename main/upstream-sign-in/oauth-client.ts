/**
 * Who we are at an authorization server, in the order of the MCP specification: an OAuth client that the person
 * registered beforehand; a client id metadata document, which takes a public address and a desktop app has none; dynamic
 * registration (RFC 7591), anew for every sign-in, because the redirect has another port each time.
 */
import * as oauth from 'oauth4webapi';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import { identityError } from '../identity/identity-error.ts';
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

async function register({ metadata, ask }: AuthorizationServer, redirectUri: string): Promise<OauthClient> {
  try {
    const answer = await oauth.dynamicClientRegistrationRequest(
      metadata,
      {
        client_name: 'Countersign',
        application_type: 'native', // RFC 8252 §8.4
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
      },
      { [oauth.customFetch]: ask as never, [oauth.allowInsecureRequests]: true },
    );
    const registered = await oauth.processDynamicClientRegistrationResponse(asCreated(answer));
    return { oauthClientId: registered.client_id, ...secretOf(registered) };
  } catch (error) {
    const { message } = identityError(error, 'the registration of this app was not accepted');
    throw new AppError('identity.issuer-refused', message);
  }
}

/** RFC 7591 §3.2.1 says 201; some say 200 and mean it. */
function asCreated(answer: Response): Response {
  if (answer.status !== 200) return answer;
  return new Response(answer.body, { status: 201, headers: answer.headers });
}

/** A server may give a secret to an app that asked for none, and then wants it back. */
function secretOf(registered: oauth.OmitSymbolProperties<oauth.Client>): Pick<OauthClient, 'secret' | 'method'> {
  const { client_secret: secret, token_endpoint_auth_method: method } = registered;
  if (typeof secret !== 'string' || secret === '' || method === 'none') return { method: 'none' };
  return { secret, method: method === 'client_secret_post' ? method : 'client_secret_basic' };
}
