import type { JWK } from 'jose';
import type { AdapterFactory, AuthorizationDetail, Configuration, errors } from 'oidc-provider';
import { demoPerson } from './demo-person.ts';
import { errorPage, logoutPage, messagePage, pageHeaders } from './demo-provider-pages.ts';

export const demoOauthClientId = 'countersign-desktop';
/** RFC 8707: what the demo's access tokens are for. */
export const demoResource = 'urn:countersign:demo-tools';
export const demoToolScopes = ['tools:read', 'tools:write', 'tools:delete'] as const;

/** RFC 9396: one call, by its digest. */
export const demoDetailType = 'urn:countersign:call';

/** Code with PKCE S256 only, `iss` in every answer, rotating refresh tokens, access tokens as JWTs for one resource. */
export function demoConfiguration(
  jwks: { keys: JWK[] },
  cookieKeys: string[],
  adapter: AdapterFactory,
  refusals: typeof errors,
): Configuration {
  return {
    adapter,
    clients: [
      {
        client_id: demoOauthClientId,
        client_name: 'Countersign',
        application_type: 'native', // RFC 8252 §7.3: any port of the loopback address
        token_endpoint_auth_method: 'none',
        redirect_uris: ['http://127.0.0.1/callback'],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        id_token_signed_response_alg: 'ES256',
        authorization_details_types: [demoDetailType],
      },
    ],
    jwks: jwks as NonNullable<Configuration['jwks']>,
    cookies: { keys: cookieKeys },
    pkce: { required: () => true },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false, // name and mail in the id_token: the access token is for another resource
    rotateRefreshToken: true,
    issueRefreshToken: async (_context, oauthClient, code) =>
      oauthClient.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    renderError: async (context, _out, error) => showPage(context, errorPage(error.name)),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, sub) =>
      sub === demoPerson.sub
        ? {
            accountId: sub,
            claims: () => ({ sub, name: demoPerson.name, email: demoPerson.email, email_verified: true }),
          }
        : undefined,
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      IdToken: 600,
      RefreshToken: 14 * 86_400,
      Session: 86_400,
      Interaction: 600,
      Grant: 14 * 86_400,
    },
    features: {
      devInteractions: { enabled: false },
      // its one client is public and may end what it was given (RFC 7009 §2.1)
      revocation: {
        enabled: true,
        allowedPolicy: (_context, oauthClient, held) => held.clientId === oauthClient.clientId,
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (context, form) => showPage(context, logoutPage(form)),
        postLogoutSuccessSource: async (context) => showPage(context, messagePage('You are signed out')),
      },
      dPoP: { enabled: true },
      richAuthorizationRequests: {
        enabled: true,
        types: { [demoDetailType]: { validate: async (_context, detail) => checkDetail(detail, refusals) } },
        // shown on the page that allowed it, for this request only: what a code stands for, its first token says
        authorizationDetailsForGrantSource: (context) => requestedDetails(context.oidc.params),
        authorizationDetailsForAccessToken: (_context, _accessToken, source, grantType) =>
          grantType === 'authorization_code' ? source?.rar : undefined,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => demoResource,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource) => {
          if (resource !== demoResource) throw new refusals.InvalidTarget();
          return {
            scope: demoToolScopes.join(' '),
            audience: demoResource,
            accessTokenFormat: 'jwt',
            accessTokenTTL: 600,
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
    },
  };
}

function checkDetail(detail: AuthorizationDetail, refusals: typeof errors): void {
  const digest = detail['callDigest'];
  if (typeof digest !== 'string' || !/^[A-Za-z0-9_-]{20,128}$/.test(digest))
    throw new refusals.InvalidAuthorizationDetails('no call digest');
}

function requestedDetails(params: { authorization_details?: unknown } | undefined): AuthorizationDetail[] | undefined {
  const text = params?.authorization_details;
  return typeof text === 'string' ? (JSON.parse(text) as AuthorizationDetail[]) : undefined;
}

type PageContext = { set(headers: Record<string, string>): void; type: string; body: unknown };

function showPage(context: PageContext, html: string): void {
  context.set({ ...pageHeaders });
  context.type = 'html';
  context.body = html;
}
