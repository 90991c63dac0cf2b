/** Codes and tokens used twice, by others, or after the end, against the real demo provider (OA-01, OA-03, OA-20, OA-32). */
import http from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { DemoProvider } from '../../main/identity/demo-provider-process.ts';
import { bundledDemoProvider, type DemoProviderUnderTest } from '../support/oidc-demo-provider.ts';
import { type Desk, openDesk, redeem } from '../support/oidc-desk.ts';
import { fakeIssuer } from '../support/oidc-fake-issuer.ts';
import { fetchBrowser } from '../support/oidc-fetch-browser.ts';
import { fakeKeychain, filesBelow, temporaryFolder } from '../support/vault-fixtures.ts';

let bundle: DemoProviderUnderTest;
let demo: DemoProvider;
beforeAll(async () => {
  bundle = await bundledDemoProvider();
  demo = await bundle.start();
}, 60_000);
afterAll(() => bundle.remove());

let folder: ReturnType<typeof temporaryFolder>;
let cipher: ReturnType<typeof fakeKeychain>;
beforeEach(() => {
  folder = temporaryFolder();
  cipher = fakeKeychain();
});
afterEach(() => folder.remove());

const desk = (
  onOpen: (address: string) => unknown,
  provider: () => Pick<DemoProvider, 'issuer' | 'oauthClientId'> = () => demo,
): Desk => openDesk({ folder: folder.path, cipher, provider, onOpen });

const atCallback = (url: URL): boolean => url.pathname === '/callback';

/** The address at which a sign-in would come back, without going there: what a thief in the browser sees. */
async function stolenCallback(address: string): Promise<URL> {
  const browser = fetchBrowser(atCallback);
  await browser.signIn(address);
  return new URL(browser.stoppedAt() ?? 'about:blank');
}

test('a stolen code is worth nothing without the verifier (OA-01)', async () => {
  let answers: number[] = [];
  const at = desk(async (address) => {
    const callback = await stolenCallback(address);
    const stolen = {
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      client_id: demo.oauthClientId,
      redirect_uri: `${callback.origin}/callback`,
    };
    answers = [
      (await redeem(demo.issuer, stolen)).status,
      (await redeem(demo.issuer, { ...stolen, code_verifier: 'v'.repeat(43) })).status,
    ];
    at.identity.cancelSignIn();
  });
  await at.identity.signIn();
  expect(answers).toEqual([400, 400]);
});

test('a code of somebody else’s sign-in, put into ours, is refused (OA-01)', async () => {
  const at = desk(async (address) => {
    const foreign = new URL(address);
    foreign.searchParams.set('code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
    const [ours, theirs] = [await stolenCallback(address), await stolenCallback(foreign.href)];
    ours.searchParams.set('code', theirs.searchParams.get('code') ?? '');
    await fetch(ours).catch(() => undefined);
  });
  await expect(at.identity.signIn()).rejects.toMatchObject({ code: 'identity.sign-in-failed' });
  expect(at.identity.state().status).toBe('signed-out');
  expect(at.storedRefreshToken()).toBeUndefined();
});

test('a code that was redeemed once is worth nothing (OA-01)', async () => {
  let code = '';
  const at = desk(async (address) => {
    const callback = await stolenCallback(address);
    code = callback.searchParams.get('code') ?? '';
    await fetch(callback);
  });
  await at.identity.signIn();
  const redirectUri = new URL(at.opened[0] ?? '').searchParams.get('redirect_uri') ?? '';
  const replay = {
    grant_type: 'authorization_code',
    code,
    client_id: demo.oauthClientId,
    redirect_uri: redirectUri,
    code_verifier: 'v'.repeat(43),
  };
  expect(await (await redeem(demo.issuer, replay)).json()).toMatchObject({ error: 'invalid_grant' });
});

test('signed out while a refresh is under way: what it brings is not kept, and is ended (OA-20, OA-32)', async () => {
  const at = desk((address) => fetchBrowser().signIn(address));
  await at.identity.signIn();
  at.clock.ms += 590_000;
  const renewing = at.identity.accessToken();
  await Promise.all([renewing, at.identity.signOut('Stopped.')]);
  expect(await renewing).toBeUndefined();
  expect(at.identity.state()).toEqual({ status: 'signed-out', reason: 'Stopped.' });
  expect(filesBelow(folder.path).map((file) => file.path)).toEqual(['vault-version']);
});

test('a refresh token never goes to another issuer (OA-03)', async () => {
  let provider: Pick<DemoProvider, 'issuer' | 'oauthClientId'> = demo;
  const at = desk(
    (address) => fetchBrowser().signIn(address),
    () => provider,
  );
  await at.identity.signIn();
  const evil = await fakeIssuer();
  provider = { issuer: evil.issuer, oauthClientId: demo.oauthClientId };
  at.clock.ms += 590_000;
  expect(await at.identity.accessToken()).toBeUndefined();
  expect(evil.requests).toEqual([]);
  expect(at.identity.state()).toMatchObject({ status: 'signed-out', reason: expect.stringContaining('was changed') });
  await evil.close();
});

test('an issuer that is away ends nothing: the sign-in stands and the error says so', async () => {
  let provider: Pick<DemoProvider, 'issuer' | 'oauthClientId'> = demo;
  const honest = await fakeIssuer();
  provider = { issuer: honest.issuer, oauthClientId: 'desktop' };
  const at = desk(
    (address) => honest.visit(address),
    () => provider,
  );
  await at.identity.signIn();
  await honest.close();
  at.clock.ms += 590_000;
  await expect(at.identity.accessToken()).rejects.toMatchObject({ code: 'identity.issuer-refused' });
  expect(at.identity.state().status).toBe('signed-in');
});

test('a foreign name for its address is not this issuer (OA-10)', async () => {
  const status = await new Promise((resolve) => {
    http
      .get(`${demo.issuer}/jwks`, { headers: { host: `evil.example:${new URL(demo.issuer).port}` } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
      .on('error', resolve);
  });
  expect(status).toBe(421);
});

test('a form without its own cookie is nobody’s', async () => {
  const at = desk((address) => {
    opened = address;
  });
  let opened = '';
  const signing = at.identity.signIn();
  await expect.poll(() => opened).not.toBe('');
  const page = await fetchBrowser().open(opened);
  const uid = /\/interaction\/([\w-]+)\//.exec(page.html)?.[1] ?? '';
  const body = new URLSearchParams({ email: 'ada@acme.example', password: 'countersign' });
  const posted = await fetch(`${demo.issuer}/interaction/${uid}/sign-in`, { method: 'POST', body, redirect: 'manual' });
  expect(posted.status).toBe(400);
  at.identity.cancelSignIn();
  await signing;
});
