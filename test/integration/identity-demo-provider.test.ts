/** A whole sign-in against the real demo provider, through its real pages. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { demoResource } from '../../main/identity/demo-provider-configuration.ts';
import type { DemoProvider } from '../../main/identity/demo-provider-process.ts';
import { openVault } from '../../main/vault/vault.ts';
import { verifyToken } from '../../mcp-bridge/token/verify-token.ts';
import { bundledDemoProvider, type DemoProviderUnderTest } from '../support/oidc-demo-provider.ts';
import { askedScopes, type Desk, openDesk, redeem } from '../support/oidc-desk.ts';
import { type FetchBrowser, fetchBrowser } from '../support/oidc-fetch-browser.ts';
import { fakeKeychain, filesHolding, temporaryFolder } from '../support/vault-fixtures.ts';

let bundle: DemoProviderUnderTest;
let demo: DemoProvider;
beforeAll(async () => {
  bundle = await bundledDemoProvider();
  demo = await bundle.start();
}, 60_000);
afterAll(() => bundle.remove());

let folder: ReturnType<typeof temporaryFolder>;
const cipher = fakeKeychain();
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const desk = (onOpen: (address: string) => unknown): Desk =>
  openDesk({ folder: folder.path, cipher, provider: () => demo, onOpen });

async function signedIn(browser: FetchBrowser = fetchBrowser()): Promise<Desk> {
  const at = desk((address) => browser.signIn(address));
  await at.identity.signIn();
  return at;
}

const stolenRefresh = (at: Desk): Promise<Response> =>
  redeem(demo.issuer, {
    grant_type: 'refresh_token',
    refresh_token: at.storedRefreshToken() ?? '',
    client_id: demo.oauthClientId,
  });

const signedInAsAda = {
  status: 'signed-in',
  person: { subject: 'ada', name: 'Ada Example', email: 'ada@acme.example' },
  grantedScopes: ['tools:read'],
};

describe('sign-in', () => {
  test('goes through the pages to a person, and asks for reading only', async () => {
    const { identity, states, audited, opened } = await signedIn();
    expect(identity.state()).toMatchObject({ ...signedInAsAda, issuer: demo.issuer });
    expect(states.map(({ status }) => status)).toEqual(['signing-in', 'signed-in']);
    expect(audited).toEqual(['identity.signed-in ada']);
    const asked = new URL(opened[0] ?? '').searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      scope: askedScopes.join(' '),
      resource: demoResource,
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
    });
  });

  test('brings an access token that is a JWT for the resource, of the read scope', async () => {
    const { identity } = await signedIn();
    const access = await identity.accessToken();
    const jwks = (await (await fetch(`${demo.issuer}/jwks`)).json()) as { keys: unknown[] };
    const verdict = await verifyToken(access?.accessToken ?? '', {
      jwks,
      issuer: demo.issuer,
      audience: demoResource,
      now: new Date(),
      use: 'at+jwt',
      allowedAlgorithms: ['ES256'],
    });
    expect(verdict).toMatchObject({ ok: true, claims: { sub: 'ada', scope: 'tools:read' } });
  });

  test('survives a restart of the app, and leaves no token in a file', async () => {
    const { identity } = await signedIn();
    const access = (await identity.accessToken())?.accessToken ?? 'none';
    const again = desk(() => undefined);
    expect(again.identity.state()).toMatchObject(signedInAsAda);
    expect(await again.identity.accessToken()).toMatchObject({ accessToken: access });
    expect(filesHolding(folder.path, access)).toEqual([]);
    expect(filesHolding(bundle.stateFolder, access)).toEqual([]);
  });

  test('shows in the browser how it ended, and nothing of the address', async () => {
    const browser = fetchBrowser();
    let page: Promise<{ html: string; headers: Headers }> | undefined;
    const at = desk((address) => {
      page = browser.signIn(address);
    });
    await at.identity.signIn();
    const { html, headers } = (await page) ?? { html: '', headers: new Headers() };
    expect(html).toContain('<h1>Signed in</h1>');
    expect(html).not.toMatch(/code=|state=/);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  test('the wrong password is refused on the page, and the right one still goes on', async () => {
    const browser = fetchBrowser();
    const at = desk(async (address) => {
      await browser.open(address);
      const page = await browser.press('Sign in', { email: 'ada@acme.example', password: 'wrong' });
      expect(page).toMatchObject({ status: 401, html: expect.stringContaining('not right') });
      await browser.press('Sign in', { email: 'ada@acme.example', password: 'countersign' });
      await browser.press('Allow');
    });
    await at.identity.signIn();
    expect(at.identity.state()).toMatchObject(signedInAsAda);
  });

  test('what the person does not allow is not granted', async () => {
    const at = desk((address) => fetchBrowser().signIn(address, 'Do not allow'));
    await at.identity.signIn();
    expect(at.identity.state()).toEqual({ status: 'signed-out', reason: expect.stringMatching(/not to allow/) });
    expect(at.audited).toEqual([]);
  });

  test('is one at a time, and ends when it is cancelled', async () => {
    const at = desk(() => at.identity.signIn().catch((error: unknown) => caught.push(error)));
    const caught: unknown[] = [];
    const first = at.identity.signIn();
    await expect.poll(() => at.opened.length).toBe(1);
    await expect.poll(() => caught).toEqual([expect.objectContaining({ code: 'identity.sign-in-failed' })]);
    const port = new URL(new URL(at.opened[0] ?? '').searchParams.get('redirect_uri') ?? '').port;
    at.identity.cancelSignIn();
    await first;
    expect(at.identity.state()).toEqual({ status: 'signed-out', reason: 'The sign-in was cancelled.' });
    await expect(fetch(`http://127.0.0.1:${port}/callback`)).rejects.toThrow(); // the port is closed
  });
});

describe('refresh', () => {
  const later = (at: Desk): void => {
    at.clock.ms += 590_000; // ten minutes' life, half a minute early
  };

  test('fifty that need a token at once make one refresh (OA-20)', async () => {
    const at = await signedIn();
    const before = await at.identity.accessToken();
    later(at);
    const all = await Promise.all(Array.from({ length: 50 }, () => at.identity.accessToken()));
    expect(new Set(all.map((access) => access?.accessToken)).size).toBe(1);
    expect(all[0]?.accessToken).not.toBe(before?.accessToken);
    expect(at.identity.state()).toMatchObject(signedInAsAda); // two refreshes would have ended the grant
  });

  test('a refresh token that somebody used before ends the sign-in (OA-20)', async () => {
    const at = await signedIn();
    expect((await stolenRefresh(at)).status).toBe(200);
    later(at);
    expect(await at.identity.accessToken()).toBeUndefined();
    expect(at.identity.state()).toEqual({ status: 'signed-out', reason: expect.stringMatching(/has ended/) });
    expect(openVault(folder.path, cipher, 'linux').entryIds()).toEqual([]);
  });

  test('goes on after the provider was killed and came back', async () => {
    const at = await signedIn();
    const before = demo.pid();
    process.kill(before ?? 0, 'SIGKILL');
    await expect.poll(() => demo.pid(), { timeout: 10_000 }).not.toBe(before);
    await expect
      .poll(async () => (await fetch(`${demo.issuer}/jwks`).catch(() => undefined))?.status, { timeout: 10_000 })
      .toBe(200);
    later(at);
    expect(await at.identity.accessToken()).toMatchObject({ grantedScopes: ['tools:read'] });
  });
});

describe('sign-out', () => {
  test('revokes the grant, empties the vault and ends the browser’s session', async () => {
    const browser = fetchBrowser();
    const at = await signedIn(browser);
    const refreshToken = at.storedRefreshToken() ?? '';
    await at.identity.signOut();
    expect(at.identity.state()).toEqual({ status: 'signed-out' });
    expect(at.audited).toEqual(['identity.signed-in ada', 'identity.signed-out ada']);
    expect(fs.existsSync(path.join(folder.path, 'vault', 'vault.json'))).toBe(false);
    const parameters = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: demo.oauthClientId };
    const answer = await redeem(demo.issuer, parameters);
    expect(await answer.json()).toMatchObject({ error: 'invalid_grant' });
    const ending = new URL(at.opened.at(-1) ?? '');
    expect(ending.pathname).toBe('/session/end');
    expect(Object.fromEntries(ending.searchParams)).toEqual({ client_id: demo.oauthClientId }); // no token in an address
    expect(await browser.open(ending.href)).toMatchObject({ status: 200, html: expect.stringContaining('Sign out') });
  });

  test('with a reason, as at "Stop everything", opens no browser', async () => {
    const at = await signedIn();
    await at.identity.signOut('Stopped.');
    expect(at.opened).toHaveLength(1);
    expect(at.identity.state()).toEqual({ status: 'signed-out', reason: 'Stopped.' });
    expect(await at.identity.accessToken()).toBeUndefined();
  });
});
