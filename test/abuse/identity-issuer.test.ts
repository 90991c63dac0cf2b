/** Authorization servers that lie, downgrade, mix up, lead astray or flood (OA-01 … OA-05, OA-09, OA-26, OA-27, AU-15). */
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { type SignInEnd, signIn } from '../../main/identity/sign-in.ts';
import { canary, type FakeIssuer, fakeIssuer, type Misbehaviour } from '../support/oidc-fake-issuer.ts';
import { ecKey, encodePart, hmacToken, mint } from '../support/oidc-tokens.ts';

let issuer: FakeIssuer | undefined;
const opened: string[] = [];
afterEach(async () => {
  opened.length = 0;
  await issuer?.close();
});

const scopes = ['openid', 'profile', 'tools:read'];

async function attempt(wrong: Misbehaviour, answerWithinMs = 3_000): Promise<SignInEnd> {
  issuer = await fakeIssuer(wrong);
  const provider = { issuer: issuer.issuer, oauthClientId: 'desktop', scopes };
  const deps = {
    openExternal: async (address: string) => {
      opened.push(address);
      void issuer?.visit(address);
    },
    nowMs: Date.now,
    redirect: { answerWithinMs },
    fetchLimits: { answerWithinMs: 1_000 },
  };
  return signIn(provider, deps, new AbortController().signal);
}

test('an honest one is accepted, so that a refusal means something', async () => {
  const end = await attempt({});
  expect(end).toMatchObject({ outcome: 'signed-in', person: { subject: 'ada', name: 'Ada' }, unaskedScopes: [] });
});

const metadataOf = (members: Readonly<Record<string, unknown>>): Misbehaviour => ({ metadata: () => members });
const schemes = [
  'javascript:alert(1)',
  'file:///usr/bin/xcalc',
  'calc.exe',
  '$(id)',
  '`id`',
  'smb://evil/share',
  'ms-msdt:/id',
  'vscode://evil',
  '\\\\evil\\share',
  'data:text/html,x',
  'ftp://evil.example',
  'http://evil.example/auth',
  'https://user:secret@evil.example/auth',
  'http://127.0.0.1.evil.example/auth',
  '//evil.example/auth',
  '',
];
const refusals: readonly (readonly [string, Misbehaviour])[] = [
  ['it does not announce PKCE (OA-02)', metadataOf({ code_challenge_methods_supported: undefined })],
  ['it announces only plain PKCE (OA-02)', metadataOf({ code_challenge_methods_supported: ['plain'] })],
  ['it names another issuer (OA-26)', metadataOf({ issuer: 'https://login.acme.example' })],
  ['it names itself with a slash more (OA-26)', { metadata: (own) => ({ issuer: `${own}/` }) }],
  ['it has no keys', metadataOf({ jwks_uri: undefined })],
  ['it has no token endpoint', metadataOf({ token_endpoint: undefined })],
  ...schemes.map(
    (scheme) =>
      [
        `its authorization address is ${scheme || 'empty'} (OA-09)`,
        metadataOf({ authorization_endpoint: scheme }),
      ] as const,
  ),
  ['its metadata is a redirect to elsewhere (OA-10)', { respond: redirected }],
  ['its metadata is ten megabytes (OA-23)', { respond: flooding }],
  ['its metadata never ends (OA-23)', { respond: hanging }],
  ['its metadata is not JSON', { respond: notJson }],
];

describe('refused before the browser is opened', () => {
  test.each(refusals)('%s', async (_name, wrong) => {
    await expect(attempt(wrong)).rejects.toMatchObject({ name: 'AppError', code: 'identity.issuer-refused' });
    expect(opened).toEqual([]);
    expect(issuer?.requests).toEqual(['GET /.well-known/openid-configuration']);
  });
});

const claimsWith = (members: Readonly<Record<string, unknown>>): Misbehaviour => ({
  idToken: (claims, key) => mint({ alg: 'ES256', kid: 'k1' }, { ...claims, ...members }, key),
});
const nowS = Math.floor(Date.now() / 1000);
const answers: readonly (readonly [string, Misbehaviour])[] = [
  ['the answer bears no issuer though it said it would (OA-03)', { callback: () => ({ iss: undefined }) }],
  ['the answer bears another issuer: a mix-up (OA-03)', { callback: () => ({ iss: 'https://evil.example' }) }],
  ['the answer bears its issuer with a slash more (OA-03)', { callback: (_asked, own) => ({ iss: `${own}/` }) }],
  ['the answer bears no code', { callback: () => ({ code: undefined }) }],
  ['the nonce is another (OA-05)', claimsWith({ nonce: 'other' })],
  ['the nonce is missing (OA-05)', claimsWith({ nonce: undefined })],
  ['the id_token is missing', { tokens: () => ({ access_token: `${canary}-a`, token_type: 'Bearer' }) }],
  [
    'the id_token is signed by nobody (OA-11)',
    { idToken: (claims) => `${encodePart({ alg: 'none' })}.${encodePart(claims)}.` },
  ],
  [
    'the id_token is signed with the client’s name (OA-12)',
    { idToken: (claims) => hmacToken({ alg: 'HS256' }, claims, 'desktop') },
  ],
  [
    'the id_token is signed by another key of that name (OA-14)',
    { idToken: (claims) => mint({ alg: 'ES256', kid: 'k1' }, claims, ecKey('k1')) },
  ],
  ['the id_token is for another client (OA-17)', claimsWith({ aud: 'other' })],
  ['the id_token is for another client too (OA-17)', claimsWith({ aud: ['desktop', 'other'] })],
  ['the id_token is authorized for another party (OA-17)', claimsWith({ azp: 'other' })],
  ['the id_token is of another issuer (OA-17)', claimsWith({ iss: 'https://evil.example' })],
  ['the id_token has expired (OA-16)', claimsWith({ iat: nowS - 600, exp: nowS - 60 })],
  ['the id_token is from tomorrow (OA-16)', claimsWith({ iat: nowS + 86_400, exp: nowS + 90_000 })],
  ['the id_token has no subject', claimsWith({ sub: undefined })],
  ['its keys are not a key set', { jwks: () => ({ keys: 'none' }) }],
  ['its keys are 101', { jwks: (key) => ({ keys: Array.from({ length: 101 }, () => key.publicJwk) }) }],
  ['the token answer is no object', { tokens: () => [canary] }],
  [
    'the token type is unknown',
    { tokens: (idToken) => ({ access_token: `${canary}-a`, token_type: 'magic', id_token: idToken }) },
  ],
  ['the token answer is an error that quotes a secret', { respond: quotingError }],
  [
    'the token answer is ten megabytes',
    { respond: (request, response) => request.url === '/token' && flooding(request, response) },
  ],
];

describe('refused at the answer, with nothing of it in the error (AU-15)', () => {
  test.each(answers)('%s', async (_name, wrong) => {
    const error = await attempt(wrong).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'AppError', code: expect.stringMatching(/^identity\./) });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/canary|eyJ/);
  });
});

describe('states (OA-04)', () => {
  test.each([
    ['missing', () => ({ state: undefined })],
    ['another', () => ({ state: 'other' })],
    ['with a letter more', (asked: URLSearchParams) => ({ state: `${asked.get('state')}x` })],
  ] as const)('%s: not taken for an answer, no code is redeemed', async (_name, callback) => {
    expect(await attempt({ callback }, 300)).toEqual({ outcome: 'expired' });
    expect(issuer?.requests).not.toContain('POST /token');
  });
});

test('a refusal by the person is no failure', async () => {
  const denied = { callback: () => ({ code: undefined, error: 'access_denied', error_description: canary }) };
  expect(await attempt(denied)).toEqual({ outcome: 'denied' });
});

test('more and fewer scopes than asked for are recorded as they were granted (OA-27)', async () => {
  const tokens = (idToken: string): object => ({
    access_token: 'a',
    token_type: 'Bearer',
    scope: 'openid tools:delete',
    id_token: idToken,
  });
  const end = await attempt({ tokens });
  expect(end).toMatchObject({ grantedScopes: ['openid', 'tools:delete'], unaskedScopes: ['tools:delete'] });
});

type Respond = NonNullable<Misbehaviour['respond']>;
function redirected(...[, response]: Parameters<Respond>): boolean {
  response.writeHead(302, { Location: 'http://169.254.169.254/latest/meta-data' }).end();
  return true;
}
function flooding(...[, response]: Parameters<Respond>): boolean {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(`{"x":"${'x'.repeat(10_000_000)}"}`);
  return true;
}
function notJson(...[, response]: Parameters<Respond>): boolean {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end('<html>');
  return true;
}
function hanging(...[, response]: Parameters<Respond>): boolean {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.write('{');
  return true;
}
function quotingError(...[request, response]: Parameters<Respond>): boolean {
  if (request.url !== '/token') return false;
  response.writeHead(400, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ error: 'invalid_grant', error_description: `${canary} was already used` }));
  return true;
}
