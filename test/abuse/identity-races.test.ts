/** Sign-out and cancelling against a sign-in that is nearly through (OA-32). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Desk, openDesk } from '../support/oidc-desk.ts';
import { canary, fakeIssuer } from '../support/oidc-fake-issuer.ts';
import { fakeKeychain, temporaryFolder } from '../support/vault-fixtures.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

test.each<[string, (desk: Desk) => unknown]>([
  ['signed out', ({ identity }) => identity.signOut()],
  ['signed out because the provider was changed', ({ identity }) => identity.signOut('The provider was changed.')],
  ['cancelled', ({ identity }) => identity.cancelSignIn()],
])(
  'OA-32: %s while the code is redeemed: nobody is signed in afterwards, and the tokens are revoked',
  async (_name, act) => {
    let desk: Desk | undefined;
    const fake = await fakeIssuer({
      respond: (request) => {
        if (request.url === '/token' && desk) void act(desk);
        return false;
      },
    });
    try {
      const provider = () => ({ issuer: fake.issuer, oauthClientId: 'desktop' });
      desk = openDesk({
        folder: folder.path,
        cipher: fakeKeychain(),
        provider,
        onOpen: (address) => fake.visit(address),
      });
      await desk.identity.signIn();
      expect(desk.identity.state().status).toBe('signed-out');
      expect(await desk.identity.accessToken()).toBeUndefined();
      expect(desk.storedRefreshToken() ?? '').not.toContain(canary);
      expect(desk.audited.filter((line) => line.startsWith('identity.signed-in'))).toEqual([]);
      expect(fake.requests).toContain('POST /revoke');
    } finally {
      await fake.close();
    }
  },
);
