/** A fake authorization server that misbehaves on purpose: honest by default, each answer can be replaced. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { ecKey, mint, type SigningKey } from './oidc-tokens.ts';

type Json = Readonly<Record<string, unknown>>;
export type Misbehaviour = {
  readonly metadata?: (issuer: string) => Json;
  /** Parameters of the redirect back; `undefined` leaves one out. */
  readonly callback?: (asked: URLSearchParams, issuer: string) => Readonly<Record<string, string | undefined>>;
  readonly idToken?: (claims: Json, key: SigningKey) => string;
  readonly tokens?: (idToken: string) => unknown;
  readonly respond?: (request: http.IncomingMessage, response: http.ServerResponse) => boolean;
  readonly jwks?: (key: SigningKey) => Json;
};

export type FakeIssuer = {
  readonly issuer: string;
  /** Method and path of every request, in order. */
  readonly requests: readonly string[];
  /** What the browser would do with the address it was given: goes back at once. */
  visit(address: string): Promise<Response | undefined>;
  close(): Promise<void>;
};

export const canary = 'canary-90be7fd2';

export async function fakeIssuer(wrong: Misbehaviour = {}): Promise<FakeIssuer> {
  const key = ecKey('k1');
  const requests: string[] = [];
  let nonce = '';
  const issuerServer = http.createServer();
  await new Promise<void>((resolve) => issuerServer.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(issuerServer.address() as AddressInfo).port}`;

  const bodies: Readonly<Record<string, () => unknown>> = {
    '/.well-known/openid-configuration': () => ({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      revocation_endpoint: `${issuer}/revoke`,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      id_token_signing_alg_values_supported: ['ES256'],
      ...wrong.metadata?.(issuer),
    }),
    '/jwks': () => wrong.jwks?.(key) ?? { keys: [key.publicJwk] },
    '/token': () => {
      const nowS = Math.floor(Date.now() / 1000);
      const claims = { iss: issuer, aud: 'desktop', sub: 'ada', name: 'Ada', nonce, iat: nowS, exp: nowS + 600 };
      const idToken = wrong.idToken?.(claims, key) ?? mint({ alg: 'ES256', kid: 'k1' }, claims, key);
      const honest = {
        access_token: `${canary}-access`,
        refresh_token: `${canary}-refresh`,
        token_type: 'Bearer',
        expires_in: 600,
        id_token: idToken,
      };
      return wrong.tokens?.(idToken) ?? honest;
    },
    '/revoke': () => ({}),
  };
  issuerServer.on('request', (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    request.resume();
    if (wrong.respond?.(request, response)) return;
    const body = bodies[request.url ?? ''];
    response.writeHead(body ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body?.() ?? {}));
  });

  return {
    issuer,
    requests,
    async visit(address) {
      const asked = new URL(address).searchParams;
      nonce = asked.get('nonce') ?? '';
      const back = new URL(asked.get('redirect_uri') ?? '');
      const honest = { code: `${canary}-code`, state: asked.get('state') ?? '', iss: issuer };
      for (const [name, value] of Object.entries({ ...honest, ...wrong.callback?.(asked, issuer) })) {
        if (value !== undefined) back.searchParams.set(name, value);
      }
      return fetch(back).catch(() => undefined);
    },
    close: () =>
      new Promise((resolve) => {
        issuerServer.close(() => resolve());
        issuerServer.closeAllConnections();
      }),
  };
}
