/** Servers and authorization servers that misbehave at MCP authorization, each by its THREATS id. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { guardedFetch, judgeWhole } from '../../main/identity/guarded-fetch.ts';
import { judgeNeed } from '../../main/upstream-sign-in/judge-need.ts';
import { placesFor } from '../../main/upstream-sign-in/places.ts';
import type { UpstreamOauthEntry } from '../../main/vault/entry.ts';
import { openVault } from '../../main/vault/vault.ts';
import { openDesk } from '../support/oidc-desk.ts';
import { canary, fakeIssuer } from '../support/oidc-fake-issuer.ts';
import type { SignInDesk } from '../support/sign-in-desk.ts';
import { issuerThat, settingWith, tokens } from '../support/sign-in-setting.ts';
import { callTool, textOf } from '../support/upstream-fixture.ts';
import { fakeKeychain, filesHolding, temporaryFolder } from '../support/vault-fixtures.ts';

/** Counts whatever reaches it. */
async function sink(): Promise<{ readonly origin: string; readonly heard: string[] }> {
  const heard: string[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => {
      body += piece.toString();
    });
    request.on('end', () => {
      heard.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''} ${body}`);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

const kept = ({ vault }: SignInDesk) => vault.entryIds();

test('honest ones come through, or nothing below would mean anything', async () => {
  const { desk, issuer } = await settingWith();
  await desk.signIns.signIn('notes', issuer.issuer);
  expect(desk.status()?.state).toBe('ready');
  expect(textOf(await callTool(desk.manager, 'notes', 'read_note'))).toBe('read_note done');
});

describe('an authorization server is refused before a browser opens', () => {
  test.each([
    ['OA-02: no PKCE in its metadata', { code_challenge_methods_supported: undefined }, 'S256'],
    ['OA-02: plain PKCE only', { code_challenge_methods_supported: ['plain'] }, 'S256'],
    ['OA-26: it names another issuer', { issuer: 'https://bank.example' }, 'another issuer'],
    ['OA-26: it names no issuer', { issuer: undefined }, 'another issuer'],
    ['OA-09: a script to open', { authorization_endpoint: 'javascript:alert(1)' }, 'not https'],
    ['OA-09: a file to open', { authorization_endpoint: 'file:///etc/passwd' }, 'not https'],
    ['OA-09: a program to open', { authorization_endpoint: 'calc.exe' }, 'not an address'],
    ['OA-09: a command in an address', { authorization_endpoint: 'http://$(touch pwned).example/' }, 'not an address'],
    ['MC-34: plain http to open', { authorization_endpoint: 'http://login.example/auth' }, 'not https'],
    [
      'OA-10: a cloud’s metadata service to open',
      { authorization_endpoint: 'https://169.254.169.254/' },
      'private network',
    ],
    ['it has no token endpoint', { token_endpoint: undefined }, 'token endpoint'],
  ] as const)('%s', async (_name, metadata, why) => {
    const { desk, issuer, upstream } = await settingWith({ metadata: () => metadata });
    await expect(desk.signIns.signIn('notes', issuer.issuer)).rejects.toThrow(why);
    expect(desk.opened).toEqual([]);
    expect(issuer.requests.filter((line) => line.startsWith('POST'))).toEqual([]);
    expect(kept(desk)).toEqual([]);
    expect(upstream.log.every(({ authorization }) => authorization === undefined)).toBe(true);
  });

  test.each([
    ['token_endpoint', 'https://169.254.169.254/latest'],
    ['token_endpoint', 'https://10.0.0.7/token'],
    ['token_endpoint', 'http://login.example/token'],
    ['registration_endpoint', 'https://[fd00:ec2::254]/register'],
    ['registration_endpoint', 'https://192.168.1.1/register'],
  ] as const)('OA-10: its %s at %s gets nothing', async (member, address) => {
    const { desk, issuer } = await settingWith({ metadata: () => ({ [member]: address }) });
    await expect(desk.signIns.signIn('notes', issuer.issuer)).rejects.toThrow(/private network|not https/);
    expect(kept(desk)).toEqual([]);
  });
});

describe('OA-10: where a sign-in to a server may lead', () => {
  const remote = placesFor({ serverId: 's', url: 'https://mcp.example.com/mcp', allowPrivateNetwork: false });
  test.each([
    'http://127.0.0.1:8080/',
    'https://127.0.0.1/',
    'http://localhost/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://0177.0.0.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://127.1/',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://192.168.0.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
    'https://[64:ff9b::a00:1]/',
    'https://0.0.0.0/',
    'http://login.example.com/',
    'ftp://login.example.com/',
    'https://user:secret@login.example.com/',
  ])('not from a server on the internet to %s', (address) => {
    expect(() => judgeWhole(new URL(address), remote)).toThrow();
  });

  test.each([
    ['a private address', '10.0.0.5'],
    ['this machine', '127.0.0.1'],
    ['a cloud’s metadata service', '169.254.169.254'],
  ])('a public name that resolves to %s is not connected to', async (_name, address) => {
    const ask = guardedFetch(new URL('https://login.example.com'), {
      judge: remote,
      lookup: ((_host: string, _options: object, done: (error: null, found: object[]) => void) =>
        done(null, [{ address, family: 4 }])) as never,
    });
    await expect(ask('https://login.example.com/token')).rejects.toThrow('private network');
  });

  test('a server on this machine may name this machine, and nothing else inside', () => {
    const local = placesFor({ serverId: 's', url: 'http://127.0.0.1:3000/mcp', allowPrivateNetwork: false });
    expect(judgeWhole(new URL('http://127.0.0.1:4000/'), local)).toBe(true);
    expect(() => judgeWhole(new URL('https://10.0.0.1/'), local)).toThrow();
    expect(() => judgeWhole(new URL('http://10.0.0.1/'), local)).toThrow();
  });
});

describe('what comes back from the browser', () => {
  test.each([
    ['OA-03: another issuer’s answer', { iss: 'https://bank.example' }],
    ['OA-03: no issuer, though announced', { iss: undefined }],
    ['the authorization server’s error', { error: 'server_error', code: undefined }],
  ])('%s: no token is asked for', async (_name, callback) => {
    const { desk, issuer } = await settingWith({ callback: () => callback });
    await expect(desk.signIns.signIn('notes', issuer.issuer)).rejects.toThrow();
    expect(issuer.requests).not.toContain('POST /token');
    expect(kept(desk)).toEqual([]);
  });

  test.each([
    ['another state', { state: 'x' }],
    ['no state', { state: undefined }],
  ])('OA-04: %s ends nothing and brings nothing', async (_name, callback) => {
    const { desk, issuer } = await settingWith({ callback: () => callback });
    const ended = desk.signIns.signIn('notes', issuer.issuer);
    await expect.poll(() => desk.opened.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(desk.signIns.state('notes').status).toBe('signing-in');
    desk.signIns.cancel('notes');
    await ended;
    expect(issuer.requests).not.toContain('POST /token');
    expect(kept(desk)).toEqual([]);
  });

  test('OA-32: signed out while the code is redeemed, what comes is revoked and not kept', async () => {
    let desk: SignInDesk | undefined;
    const { issuer, ...rest } = await settingWith({
      tokens() {
        void desk?.signIns.signOut('notes');
        return tokens();
      },
    });
    desk = rest.desk;
    await desk.signIns.signIn('notes', issuer.issuer);
    expect(kept(desk)).toEqual([]);
    expect(issuer.requests.filter((line) => line === 'POST /revoke')).toHaveLength(2);
    expect(desk.handedOut).toEqual([]);
  });

  test('OA-27: more than was asked for is said to be so', async () => {
    const { desk, issuer } = await settingWith({ tokens: () => ({ ...tokens(), scope: 'tools:read admin:all' }) });
    await desk.signIns.signIn('notes', issuer.issuer);
    expect(desk.signIns.state('notes')).toMatchObject({
      grantedScopes: ['tools:read', 'admin:all'],
      unaskedScopes: ['admin:all'],
    });
  });
});

describe('redirects', () => {
  test.each(['/token', '/register', '/.well-known/oauth-authorization-server'])(
    'OA-10: one of the authorization server’s %s is not followed',
    async (path) => {
      const elsewhere = await sink();
      const { desk, issuer } = await settingWith({
        respond(request, response) {
          if (request.url !== path) return false;
          response.writeHead(307, { location: `${elsewhere.origin}/stolen` }).end();
          return true;
        },
      });
      await desk.signIns.signIn('notes', issuer.issuer).catch(() => {});
      expect(elsewhere.heard).toEqual([]);
    },
  );

  test.each([301, 302, 307, 308])('MC-34: a %i of the server takes no token along', async (status) => {
    const elsewhere = await sink();
    const { desk, issuer, upstream } = await settingWith();
    await desk.signIns.signIn('notes', issuer.issuer);
    upstream.refuse = () => ({ status, challenge: 'x', location: `${elsewhere.origin}/mcp` });
    await callTool(desk.manager, 'notes', 'read_note');
    expect(elsewhere.heard).toEqual([]);
  });
});

describe('a server', () => {
  test.each([
    [
      'another origin',
      () => ({ resource: 'https://bank.example/mcp', authorization_servers: ['https://bank.example'] }),
    ],
    ['another path', () => ({ resource: 'OWN/other', authorization_servers: ['https://bank.example'] })],
  ])('OA-17: metadata of another resource (%s) begins no sign-in', async (_name, metadata) => {
    const { desk, issuer } = await settingWith({}, (upstream) => {
      upstream.metadata = () => JSON.parse(JSON.stringify(metadata()).replace('OWN', upstream.origin));
    });
    expect(desk.status()).toMatchObject({ signIn: undefined, lastError: expect.stringContaining('another resource') });
    await expect(desk.signIns.signIn('notes', 'https://bank.example')).rejects.toThrow('does not ask for a sign-in');
    expect(desk.opened).toEqual([]);
    expect(issuer.requests).toEqual([]);
  });

  test('OA-17: a broken bridge cannot have a token made out for another server', () => {
    const server = { serverId: 's', url: 'https://mcp.example.com/mcp', allowPrivateNetwork: false };
    const need = { authorizationServers: ['https://as.example'], scopes: [], why: 'not-signed-in' } as const;
    const words = { ...need, authorizationServers: [...need.authorizationServers], scopes: [] };
    expect(() => judgeNeed({ ...words, resource: 'https://bank.example/mcp' }, server, 'https://as.example')).toThrow(
      'not its own',
    );
    expect(judgeNeed({ ...words, resource: server.url }, server, 'https://as.example')).toMatchObject(words);
  });

  test('OA-26: it names another place between the button and the press: nothing opens', async () => {
    const other = await issuerThat();
    const { desk, issuer, upstream } = await settingWith();
    upstream.metadata = () => ({ resource: upstream.url, authorization_servers: [other.issuer] });
    await desk.manager.signInChanged('notes');
    await expect(desk.signIns.signIn('notes', issuer.issuer)).rejects.toThrow('another place');
    expect(desk.opened).toEqual([]);
    expect(other.requests).toEqual([]);
  });

  test('OA-10: the challenge’s metadata address is not asked when it is elsewhere', async () => {
    const elsewhere = await sink();
    const { desk } = await settingWith({}, (upstream) => {
      upstream.refuse = () => ({ status: 401, challenge: `Bearer resource_metadata="${elsewhere.origin}/prm"` });
    });
    expect(desk.status()?.state).toBe('sign-in-needed');
    expect(elsewhere.heard).toEqual([]);
  });

  test('OA-28: it refuses every token: one renewal, no browser, nothing repeated', async () => {
    const { desk, issuer, upstream } = await settingWith();
    await desk.signIns.signIn('notes', issuer.issuer);
    upstream.refuse = () => ({ status: 401, challenge: 'Bearer error="invalid_token"' });
    for (let call = 0; call < 10; call += 1) await callTool(desk.manager, 'notes', 'read_note');
    expect(issuer.requests.filter((line) => line === 'POST /token').length).toBeLessThanOrEqual(2);
    expect(desk.opened).toHaveLength(1);
    expect(desk.status()?.state).toBe('sign-in-needed');
  });

  test('OA-28: it asks for ever more: shown, never asked for by itself', async () => {
    const { desk, issuer, upstream } = await settingWith();
    await desk.signIns.signIn('notes', issuer.issuer);
    let round = 0;
    upstream.refuse = () => {
      round += 1;
      return { status: 403, challenge: `Bearer error="insufficient_scope", scope="admin:* ${round}"` };
    };
    for (let call = 0; call < 10; call += 1) await callTool(desk.manager, 'notes', 'read_note');
    expect(desk.opened).toHaveLength(1);
    expect(issuer.requests.filter((line) => line === 'POST /token')).toHaveLength(1);
    expect(desk.status()?.signIn).toMatchObject({ why: 'more-scopes', scopes: ['admin:*', '10'] });
  });

  test.each([
    ['403 with a challenge, to a stranger', { status: 403, challenge: 'Bearer' }, 'not-signed-in'],
    [
      '401 for want of scopes',
      { status: 401, challenge: 'Bearer error="insufficient_scope", scope="a"' },
      'more-scopes',
    ],
  ] as const)('unusual, and meant well: %s', async (_name, refusal, why) => {
    const { desk } = await settingWith({}, (upstream) => {
      upstream.refuse = () => refusal;
    });
    expect(desk.status()).toMatchObject({ state: 'sign-in-needed', signIn: { why } });
  });

  test('a plain 403 is its own decision, and no reason to sign in again', async () => {
    const { desk, issuer, upstream } = await settingWith();
    await desk.signIns.signIn('notes', issuer.issuer);
    upstream.refuse = () => ({ status: 403 });
    await callTool(desk.manager, 'notes', 'read_note');
    expect(desk.status()).toMatchObject({ state: 'ready', signIn: undefined });
  });

  test('OA-20: 50 calls refused at once make one refresh', async () => {
    let given = 0;
    const { desk, issuer, upstream } = await settingWith(
      {
        tokens() {
          given += 1;
          return { ...tokens(), access_token: `${canary}-access-${given}` };
        },
      },
      (upstream) => {
        upstream.refuse = (token) =>
          token === `${canary}-access-1` ? undefined : { status: 401, challenge: 'Bearer' };
      },
    );
    await desk.signIns.signIn('notes', issuer.issuer);
    upstream.refuse = (token) => (token === `${canary}-access-2` ? undefined : { status: 401, challenge: 'Bearer' });
    await Promise.all(Array.from({ length: 50 }, () => callTool(desk.manager, 'notes', 'read_note')));
    expect(given).toBe(2);
    expect(textOf(await callTool(desk.manager, 'notes', 'read_note'))).toBe('read_note done');
  });
});

describe('a changed server', () => {
  test('of another address gets no token, and the next start revokes what there was', async () => {
    const { desk, issuer } = await settingWith();
    await desk.signIns.signIn('notes', issuer.issuer);
    desk.servers.set('notes', { serverId: 'notes', url: 'http://127.0.0.1:9/mcp', allowPrivateNetwork: false });
    expect(await desk.signIns.accessToken('notes')).toBeUndefined();
    expect(desk.signIns.state('notes')).toEqual({ status: 'signed-out' });
  });

  test('that was removed leaves nothing, and its tokens are revoked', async () => {
    const { desk, issuer } = await settingWith();
    await desk.signIns.signIn('notes', issuer.issuer);
    const ended = desk.signIns.signOut('notes');
    desk.servers.delete('notes');
    await ended;
    expect(kept(desk)).toEqual([]);
    expect(issuer.requests.filter((line) => line === 'POST /revoke')).toHaveLength(2);
    expect(await desk.signIns.accessToken('notes')).toBeUndefined();
  });
});

test('I5: the bridge is never handed a refresh token, and no server hears one', async () => {
  const { desk, issuer, upstream } = await settingWith();
  await desk.signIns.signIn('notes', issuer.issuer);
  await callTool(desk.manager, 'notes', 'read_note');
  expect(new Set(desk.handedOut)).toEqual(new Set([`${canary}-access`]));
  expect(JSON.stringify(upstream.log)).not.toContain(`${canary}-refresh`);
  expect(JSON.stringify(desk.manager.status())).not.toContain(canary);
});

test('OA-32: the person’s own sign-out ends their own sign-in, and leaves those to servers and no trace of its tokens', async () => {
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const cipher = fakeKeychain();
  const own = await fakeIssuer();
  onTestFinished(() => own.close());
  openVault(folder.path, cipher, 'linux').put(signedInToNotes);
  const desk = openDesk({
    folder: folder.path,
    cipher,
    provider: () => ({ issuer: own.issuer, oauthClientId: 'desktop' }),
    onOpen: (address) => own.visit(address),
  });
  await desk.identity.signIn();
  expect(openVault(folder.path, cipher, 'linux').entryIds()).toEqual(['server notes', 'sign-in']);
  await desk.identity.signOut();
  const left = openVault(folder.path, cipher, 'linux');
  expect(left.entryIds()).toEqual(['server notes']);
  expect(left.get('server notes')).toEqual(signedInToNotes);
  expect(filesHolding(folder.path, canary)).toEqual([]);
});

const signedInToNotes: UpstreamOauthEntry = {
  kind: 'upstream-oauth',
  entryId: 'server notes',
  serverId: 'notes',
  serverUrl: 'https://mcp.example.com/mcp',
  resource: 'https://mcp.example.com/mcp',
  issuer: 'https://login.example.com',
  oauthClient: { oauthClientId: 'c', method: 'none' },
  tokens: { accessToken: 'a', refreshToken: 'r' },
  grantedScopes: [],
  unaskedScopes: [],
  obtainedAt: '2026-11-21T08:00:00.000Z',
};
