/** A server that wants a sign-in and an authorization server for it, honest but for what a test makes wrong. */
import { onTestFinished } from 'vitest';
import { canary, type FakeIssuer, fakeIssuer, type Misbehaviour } from './oidc-fake-issuer.ts';
import { type ProtectedServer, startProtectedServer } from './protected-upstream.ts';
import { openSignInDesk, type SignInDesk, type SignInDeskOptions } from './sign-in-desk.ts';

export const tokens = () => ({
  access_token: `${canary}-access`,
  refresh_token: `${canary}-refresh`,
  token_type: 'Bearer',
  expires_in: 600,
});

/** Honest but for `wrong`: registers apps, gives tokens without an identity. */
export async function issuerThat(wrong: Misbehaviour = {}): Promise<FakeIssuer> {
  const made = await fakeIssuer({
    tokens,
    ...wrong,
    metadata: (issuer) => ({ registration_endpoint: `${issuer}/register`, ...wrong.metadata?.(issuer) }),
    respond(request, response) {
      if (wrong.respond?.(request, response) === true) return true;
      if (request.url !== '/register') return false;
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ client_id: 'registered', token_endpoint_auth_method: 'none' }));
      return true;
    },
  });
  onTestFinished(() => made.close());
  return made;
}

export type Setting = { readonly issuer: FakeIssuer; readonly upstream: ProtectedServer; readonly desk: SignInDesk };

/** A server that takes the canary token and wants nothing but a sign-in at `issuer`. */
export async function settingWith(
  wrong: Misbehaviour = {},
  change: (upstream: ProtectedServer) => void = () => {},
  options: Partial<SignInDeskOptions> = {},
): Promise<Setting> {
  const issuer = await issuerThat(wrong);
  const upstream = await startProtectedServer(onTestFinished, () => ({ issuer: issuer.issuer, jwks: { keys: [] } }));
  upstream.refuse = (token) => (token === `${canary}-access` ? undefined : { status: 401, challenge: 'Bearer' });
  change(upstream);
  const desk = await openSignInDesk({ url: upstream.url, onOpen: (address) => issuer.visit(address), ...options });
  return { issuer, upstream, desk };
}
