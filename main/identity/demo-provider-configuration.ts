import type { JWK } from 'jose';
import type { Configuration } from 'oidc-provider';

export const demoOauthClientId = 'countersign-desktop';
/** RFC 8707: what the demo's access tokens are for. */
export const demoResource = 'urn:countersign:demo-tools';
export const demoToolScopes = ['tools:read', 'tools:write', 'tools:delete'] as const;

export const demoPerson = {
  sub: 'ada',
  name: 'Ada Example',
  email: 'ada@acme.example',
  password: 'countersign',
} as const;

/** Code with PKCE S256 only, `iss` in every answer, rotating refresh tokens, access tokens as JWTs for one resource. */
export function demoConfiguration(jwks: { keys: JWK[] }, cookieKeys: string[]): Configuration {
  return {
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
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      dPoP: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => demoResource,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource) => {
          if (resource !== demoResource) throw new TypeError('there is no such resource here');
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
