/** The whole of MCP authorization: a real authorization server, a real MCP server with its own check and its own log. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fetchBrowser } from '../support/oidc-fetch-browser.ts';
import {
  type AuthorizationServerUnderTest,
  type ProtectedServer,
  startAuthorizationServer,
  startProtectedServer,
} from '../support/protected-upstream.ts';
import { openSignInDesk } from '../support/sign-in-desk.ts';
import { callTool, textOf } from '../support/upstream-fixture.ts';
import { fakeKeychain, filesHolding, temporaryFolder } from '../support/vault-fixtures.ts';

const ends: (() => void)[] = [];
const atEnd = (end: () => void) => void ends.push(end);
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

let upstream: ProtectedServer;
let authorizationServer: AuthorizationServerUnderTest;
beforeEach(async () => {
  upstream = await startProtectedServer(atEnd, () => authorizationServer);
  authorizationServer = await startAuthorizationServer(atEnd, () => upstream.origin);
});

const tokenRequests = () => authorizationServer.requests.filter(({ line }) => line === 'POST /token');
const revocations = () => authorizationServer.requests.filter(({ line }) => line === 'POST /token/revocation');

test('nothing opens by itself: the server waits, and says what it wants', async () => {
  const desk = await openSignInDesk({ url: upstream.url });
  expect(desk.status()).toMatchObject({
    state: 'sign-in-needed',
    signIn: {
      resource: upstream.url,
      authorizationServers: [authorizationServer.issuer],
      scopes: ['tools:read'],
      why: 'not-signed-in',
    },
  });
  expect(desk.opened).toEqual([]);
  expect(authorizationServer.requests).toEqual([]);
  const outcome = await callTool(desk.manager, 'notes', 'read_note');
  expect(outcome).toMatchObject({ kind: 'not-sent', reason: expect.stringContaining('has to sign in') });
  expect(desk.manager.obstacle('notes')).toContain('The person has to sign in');
  expect(upstream.calls).toEqual([]);
});

describe('signed in', () => {
  test('the tools are there, each request carries the token, and both of its requests name the resource', async () => {
    const desk = await openSignInDesk({ url: upstream.url });
    await desk.signIns.signIn('notes', authorizationServer.issuer);
    expect(desk.status()).toMatchObject({ state: 'ready', tools: 2, signIn: undefined });
    expect(desk.manager.obstacle('notes')).toBeUndefined();
    expect(desk.signIns.state('notes')).toMatchObject({
      status: 'signed-in',
      issuer: authorizationServer.issuer,
      unaskedScopes: [],
    });
    expect(textOf(await callTool(desk.manager, 'notes', 'read_note'))).toBe('read_note done');
    const after = upstream.log.filter(({ status }) => status === 200);
    expect(after.length).toBeGreaterThan(2);
    expect(new Set(after.map(({ authorization }) => authorization))).toEqual(
      new Set([`Bearer ${desk.handedOut.at(-1)}`]),
    );

    const asked = Object.fromEntries(new URL(desk.opened[0] ?? '').searchParams);
    expect(asked).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      resource: upstream.url,
      scope: 'tools:read offline_access',
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
    });
    expect(Object.fromEntries(tokenRequests()[0]?.form ?? [])).toMatchObject({
      grant_type: 'authorization_code',
      resource: upstream.url,
      code_verifier: expect.stringMatching(/^[\w-]{43,}$/),
    });
    expect(desk.audited).toEqual(['server.signed-in notes']);
  });

  test('an app is registered as a native, public one, with the very redirect address', async () => {
    const desk = await openSignInDesk({ url: upstream.url });
    await desk.signIns.signIn('notes', authorizationServer.issuer);
    const registration = authorizationServer.requests.find(({ line }) => line === 'POST /reg');
    expect(JSON.parse(registration?.body ?? '{}')).toMatchObject({
      client_name: 'Countersign',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: [new URL(desk.opened[0] ?? '').searchParams.get('redirect_uri')],
    });
  });

  test('an OAuth client of the person’s own is used in place of a registration', async () => {
    authorizationServer = await startAuthorizationServer(atEnd, () => upstream.origin, {
      registration: false,
      clients: [
        {
          client_id: 'mine',
          client_secret: 'a secret of mine',
          application_type: 'native',
          token_endpoint_auth_method: 'client_secret_basic',
          redirect_uris: ['http://127.0.0.1/callback'],
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
        },
      ],
    });
    const browser = fetchBrowser(); // the same session there, so the same grant
    const desk = await openSignInDesk({
      url: upstream.url,
      server: { oauthClientId: 'mine', oauthClientSecret: 'a secret of mine' },
      onOpen: (address) => browser.signIn(address),
    });
    await desk.signIns.signIn('notes', authorizationServer.issuer);
    expect(desk.status()?.state).toBe('ready');
    expect(authorizationServer.requests.filter(({ line }) => line.includes('/reg'))).toEqual([]);

    // Asking for more with the same client keeps what it brings.
    expect(textOf(await callTool(desk.manager, 'notes', 'write_note'))).toContain('tools:write');
    await desk.signIns.signIn('notes', authorizationServer.issuer);
    expect(textOf(await callTool(desk.manager, 'notes', 'write_note'))).toBe('write_note done');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(revocations()).toEqual([]);
    desk.clock.ms += 590_000;
    expect(await desk.signIns.accessToken('notes')).toBeDefined();
    expect(desk.signIns.state('notes')).toMatchObject({ status: 'signed-in' });
  });

  test('where no app can register itself, the person hears what to do', async () => {
    authorizationServer = await startAuthorizationServer(atEnd, () => upstream.origin, { registration: false });
    const desk = await openSignInDesk({ url: upstream.url });
    await expect(desk.signIns.signIn('notes', authorizationServer.issuer)).rejects.toThrow('OAuth client id');
    expect(desk.signIns.failure('notes')).toContain('http://127.0.0.1/callback');
    expect(desk.opened).toEqual([]);
  });

  test('a refused write asks the person for exactly what it needs, and reads go on meanwhile', async () => {
    const desk = await openSignInDesk({ url: upstream.url });
    await desk.signIns.signIn('notes', authorizationServer.issuer);
    const refused = await callTool(desk.manager, 'notes', 'write_note');
    expect(refused).toMatchObject({ kind: 'answered', result: { isError: true } });
    expect(textOf(refused)).toContain('tools:write');
    expect(upstream.calls).toEqual([]);
    expect(desk.status()).toMatchObject({ state: 'ready', signIn: { why: 'more-scopes', scopes: ['tools:write'] } });
    expect(textOf(await callTool(desk.manager, 'notes', 'read_note'))).toBe('read_note done');
    expect(desk.opened).toHaveLength(1);

    await desk.signIns.signIn('notes', authorizationServer.issuer);
    const scope = new URL(desk.opened[1] ?? '').searchParams.get('scope')?.split(' ').sort();
    expect(scope).toEqual(['offline_access', 'tools:read', 'tools:write']);
    expect(desk.status()).toMatchObject({ state: 'ready', signIn: undefined });
    expect(textOf(await callTool(desk.manager, 'notes', 'write_note'))).toBe('write_note done');
    expect(upstream.calls).toEqual(['read_note', 'write_note']);
  });

  test('a token that the server will not take is renewed once, and the call is not repeated', async () => {
    const desk = await openSignInDesk({ url: upstream.url });
    await desk.signIns.signIn('notes', authorizationServer.issuer);
    const [old] = desk.handedOut.slice(-1);
    upstream.refuse = (token) =>
      token === old ? { status: 401, challenge: 'Bearer error="invalid_token"' } : undefined;
    const refused = await callTool(desk.manager, 'notes', 'write_note');
    expect(refused).toMatchObject({ kind: 'answered', result: { isError: true } });
    expect(textOf(refused)).toContain('call again');
    expect(upstream.calls).toEqual([]);
    expect(textOf(await callTool(desk.manager, 'notes', 'write_note'))).toBe('write_note done');
    expect(tokenRequests().map(({ form }) => form.get('grant_type'))).toEqual(['authorization_code', 'refresh_token']);
    expect(tokenRequests()[1]?.form.get('resource')).toBe(upstream.url);
  });

  test('before it ends a token is renewed, once however many calls want it', async () => {
    authorizationServer = await startAuthorizationServer(atEnd, () => upstream.origin, { accessTokenTtlS: 31 });
    const desk = await openSignInDesk({ url: upstream.url });
    await desk.signIns.signIn('notes', authorizationServer.issuer);
    const before = tokenRequests().length;
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    desk.clock.ms += 1_200;
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => callTool(desk.manager, 'notes', 'read_note')));
    expect(outcomes.map(textOf)).toEqual(outcomes.map(() => 'read_note done'));
    expect(tokenRequests().length - before).toBe(1);
  });

  test('a rotated refresh token is in the vault before the new access token is used', async () => {
    const folder = temporaryFolder();
    const cipher = fakeKeychain();
    const desk = await openSignInDesk({ url: upstream.url, folder: folder.path, cipher });
    await desk.signIns.signIn('notes', authorizationServer.issuer);
    desk.clock.ms += 590_000;
    await desk.signIns.accessToken('notes');
    const used = tokenRequests().at(-1)?.form.get('refresh_token') ?? '';
    const again = await openSignInDesk({ url: upstream.url, folder: folder.path, cipher });
    expect(again.status()?.state).toBe('ready'); // and the next start needs nobody
    expect(filesHolding(folder.path, used)).toEqual([]);
    folder.remove();
  });
});

describe('the end', () => {
  test('signing out: the server is asked nothing more with the token, which is revoked', async () => {
    const desk = await openSignInDesk({ url: upstream.url });
    await desk.signIns.signIn('notes', authorizationServer.issuer);
    const before = upstream.log.length;
    await desk.signIns.signOut('notes');
    expect(desk.status()?.state).toBe('sign-in-needed');
    expect(upstream.log.slice(before).filter(({ rpc, authorization }) => authorization && rpc !== 'DELETE')).toEqual(
      [],
    );
    expect(revocations()).toHaveLength(2);
    expect(desk.vault.entryIds()).toEqual([]);
    expect(desk.audited).toEqual(['server.signed-in notes', 'server.signed-out notes']);
  });

  test('a sign-in that the issuer ended needs the person again', async () => {
    const desk = await openSignInDesk({ url: upstream.url });
    await desk.signIns.signIn('notes', authorizationServer.issuer);
    const entry = desk.vault.get('server notes');
    if (entry?.kind !== 'upstream-oauth') throw new Error('nothing is kept');
    const { accessToken, refreshToken } = entry.tokens;
    const found = await authorizationServer.provider.RefreshToken.find(refreshToken ?? '');
    await found?.destroy();
    upstream.refuse = (token) => (token === accessToken || !token ? { status: 401 } : undefined);
    await callTool(desk.manager, 'notes', 'read_note');
    expect(desk.signIns.state('notes')).toEqual({ status: 'signed-out', formerIssuer: authorizationServer.issuer });
    expect(desk.signIns.failure('notes')).toContain('Sign in again');
    expect(desk.status()?.state).toBe('sign-in-needed');
    expect(desk.audited.at(-1)).toBe('server.signed-out notes');
  });

  test('the person does not allow it: nothing is kept', async () => {
    const desk = await openSignInDesk({
      url: upstream.url,
      onOpen: (address) => fetchBrowser().signIn(address, 'Do not allow'),
    });
    await desk.signIns.signIn('notes', authorizationServer.issuer);
    expect(desk.signIns.state('notes')).toEqual({ status: 'signed-out' });
    expect(desk.signIns.failure('notes')).toContain('Nothing was granted');
    expect(desk.vault.entryIds()).toEqual([]);
  });

  test('cancelled: the port closes, and nothing is kept', async () => {
    const desk = await openSignInDesk({ url: upstream.url, onOpen: () => desk.signIns.cancel('notes') });
    await desk.signIns.signIn('notes', authorizationServer.issuer);
    const redirect = new URL(desk.opened[0] ?? '').searchParams.get('redirect_uri') ?? '';
    await expect(fetch(redirect)).rejects.toThrow();
    expect(desk.vault.entryIds()).toEqual([]);
  });
});

test('a server that wants a sign-in for some calls only serves the others meanwhile', async () => {
  upstream.refuse = (token, tool) => (token === undefined && tool === 'write_note' ? { status: 401 } : undefined);
  const desk = await openSignInDesk({ url: upstream.url });
  expect(desk.status()).toMatchObject({ state: 'ready', signIn: undefined });
  const refused = await callTool(desk.manager, 'notes', 'write_note');
  expect(refused).toMatchObject({ kind: 'answered', result: { isError: true } });
  expect(textOf(refused)).toContain('sign in to it in Countersign');
  expect(desk.status()).toMatchObject({ state: 'ready', signIn: { why: 'not-signed-in' } });
  expect(textOf(await callTool(desk.manager, 'notes', 'read_note'))).toBe('read_note done');
  await desk.signIns.signIn('notes', authorizationServer.issuer);
  expect(textOf(await callTool(desk.manager, 'notes', 'write_note'))).toBe('write_note done');
  expect(desk.status()).toMatchObject({ state: 'ready', signIn: undefined });
});

test('a server that wants a sign-in and does not say where is said to be so, and tried again later', async () => {
  upstream.metadata = undefined;
  const desk = await openSignInDesk({ url: upstream.url });
  expect(desk.status()).toMatchObject({
    state: 'restarting',
    lastError: expect.stringContaining('does not say where to sign in'),
    signIn: undefined,
  });
});
