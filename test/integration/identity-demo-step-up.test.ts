/** What a step-up needs of the demo provider: write scopes, rich authorization requests, a fresh login, one-time details. */
import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoDetailType, demoResource } from '../../main/identity/demo-provider-configuration.ts';
import type { DemoProvider } from '../../main/identity/demo-provider-process.ts';
import { bundledDemoProvider, type DemoProviderUnderTest } from '../support/oidc-demo-provider.ts';
import { redeem } from '../support/oidc-desk.ts';
import { fetchBrowser } from '../support/oidc-fetch-browser.ts';

let bundle: DemoProviderUnderTest;
let demo: DemoProvider;
beforeAll(async () => {
  bundle = await bundledDemoProvider();
  demo = await bundle.start();
}, 60_000);
afterAll(() => bundle.remove());

const redirectUri = 'http://127.0.0.1:9/callback';
const detail = { type: demoDetailType, callDigest: 'a'.repeat(43), tool: 'git__git_commit' };

async function authorize(extra: Readonly<Record<string, string>>, browser = fetchBrowser((url) => url.port === '9')) {
  const verifier = randomBytes(32).toString('base64url');
  const address = new URL(`${demo.issuer}/auth`);
  address.search = new URLSearchParams({
    client_id: demo.oauthClientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid offline_access tools:read',
    resource: demoResource,
    prompt: 'consent',
    state: 's',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...extra,
  }).toString();
  const page = await browser.open(address.href);
  if (page.html.includes('name="password"')) {
    await browser.press('Sign in', { email: 'ada@acme.example', password: 'countersign' });
  }
  return { browser, verifier, asked: page };
}

async function exchange(stoppedAt: string | undefined, verifier: string): Promise<Record<string, string>> {
  const code = new URL(stoppedAt ?? 'about:blank').searchParams.get('code') ?? '';
  const parameters = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
  return (await redeem(demo.issuer, { ...parameters, client_id: demo.oauthClientId, resource: demoResource })).json();
}

test('a call is shown before it is allowed, is in the token that it gave, and not in the next one', async () => {
  const { browser, verifier } = await authorize({
    scope: 'openid offline_access tools:write',
    authorization_details: JSON.stringify([detail]),
  });
  const page = await browser.press('Allow');
  expect(page.status).toBe(0); // gone on to the redirect
  const answered = await exchange(browser.stoppedAt(), verifier);
  expect(decodeJwt(answered['access_token'] ?? '')).toMatchObject({
    aud: demoResource,
    scope: 'tools:write',
    authorization_details: [detail],
  });
  const parameters = {
    grant_type: 'refresh_token',
    refresh_token: answered['refresh_token'] ?? '',
    resource: demoResource,
  };
  const next = await (await redeem(demo.issuer, { ...parameters, client_id: demo.oauthClientId })).json();
  expect(decodeJwt(next.access_token)).not.toHaveProperty('authorization_details');
});

test('the page shows the details, escaped', async () => {
  const nasty = { ...detail, tool: '<script>alert(1)</script>' };
  const browser = fetchBrowser((url) => url.port === '9');
  const { asked } = await authorize({}, browser); // signs in
  expect(asked.html).toContain('name="password"');
  const page = await browser.open((await authorizationAddress(nasty)).href);
  expect(page.html).toContain(detail.callDigest);
  expect(page.html).not.toContain('<script>');
});

test.each([
  ['details of another type', { authorization_details: JSON.stringify([{ ...detail, type: 'other' }]) }],
  ['details without a digest', { authorization_details: JSON.stringify([{ type: demoDetailType }]) }],
  ['details that are not JSON', { authorization_details: '{' }],
  ['plain PKCE', { code_challenge_method: 'plain' }],
  ['another resource', { resource: 'urn:other' }],
])('%s: refused, without a code', async (_name, extra) => {
  const { browser } = await authorize(extra).catch(() => ({ browser: undefined }));
  const back = new URL(browser?.stoppedAt() ?? 'http://127.0.0.1:9/callback?error=none');
  expect(back.searchParams.get('error')).toMatch(/^invalid_(authorization_details|request|target)$/);
  expect(back.searchParams.has('code')).toBe(false);
});

async function authorizationAddress(nasty: object): Promise<URL> {
  const address = new URL(`${demo.issuer}/auth`);
  address.search = new URLSearchParams({
    client_id: demo.oauthClientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    authorization_details: JSON.stringify([nasty]),
  }).toString();
  return address;
}
