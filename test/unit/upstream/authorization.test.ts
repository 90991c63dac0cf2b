import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coversServer } from '../../../mcp-bridge/core/authorization/resource.ts';
import { askedScopes } from '../../../mcp-bridge/upstream/authorization/asked-scopes.ts';
import { bearerChallenge } from '../../../mcp-bridge/upstream/authorization/challenge.ts';
import { metadataAddresses, readMetadata } from '../../../mcp-bridge/upstream/authorization/resource-metadata.ts';

describe('the Bearer challenge', () => {
  test.each([
    ['no header', undefined, undefined],
    ['another scheme', 'Basic realm="x"', undefined],
    ['a bare scheme', 'Bearer', {}],
    [
      'all members',
      'Bearer error="insufficient_scope", scope="a:read b", resource_metadata="https://x.example/.well-known/prm", realm=x',
      { error: 'insufficient_scope', scopes: ['a:read', 'b'], resourceMetadata: 'https://x.example/.well-known/prm' },
    ],
    ['any case, unquoted values', 'BEARER Error=invalid_token', { error: 'invalid_token' }],
    ['a second scheme first', 'DPoP algs="ES256", Bearer scope="a"', { scopes: ['a'] }],
    ['a later scheme keeps its parameters to itself', 'Bearer scope="a", DPoP error="x"', { scopes: ['a'] }],
    ['the first of two wins', 'Bearer scope="a", scope="admin"', { scopes: ['a'] }],
    ['a quoted comma and an escaped quote', 'Bearer realm="a, Bearer \\" b", scope="c"', { scopes: ['c'] }],
    ['scopes that are none', 'Bearer scope=" \u0001 "', {}],
    ['an endless header', `Bearer scope="${'a '.repeat(9_000)}"`, undefined],
  ] as const)('%s', (_name, header, expected) => {
    const found = bearerChallenge(header);
    expect(found === undefined ? undefined : JSON.parse(JSON.stringify(found))).toEqual(expected);
  });

  test('never throws and never takes long, whatever the header', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 9_000, unit: fc.constantFrom('"', '\\', 'B', 'earer ', '=', ',', ' ', 'a') }),
        (text) => {
          const startedMs = performance.now();
          bearerChallenge(`Bearer ${text}`);
          expect(performance.now() - startedMs).toBeLessThan(100);
        },
      ),
    );
  });
});

test.each([
  ['the challenge is taken as it is', ['files:write'], ['files:read'], ['files:write']],
  ['without a challenge all that is supported', undefined, ['mcp', 'tools'], ['mcp', 'tools']],
  ['only reading where each can be told', undefined, ['a:read', 'a:write', 'a:delete'], ['a:read']],
  ['one that says neither makes the list opaque', undefined, ['a:read', 'a:write', 'a'], ['a:read', 'a:write', 'a']],
  ['read and write in one is not reading', undefined, ['repo.readwrite'], ['repo.readwrite']],
  ['who the person is, is not asked for by itself', undefined, ['openid', 'email', 'offline_access', 'mcp'], ['mcp']],
  ['nothing known', undefined, undefined, []],
] as const)('scopes: %s', (_name, challenged, supported, expected) =>
  expect(askedScopes(challenged, supported)).toEqual(expected),
);

describe('where the metadata is looked for', () => {
  const server = 'https://api.example.com/team/mcp';
  test.each([
    [
      'the two addresses of RFC 9728',
      server,
      undefined,
      [
        'https://api.example.com/.well-known/oauth-protected-resource/team/mcp',
        'https://api.example.com/.well-known/oauth-protected-resource',
      ],
    ],
    [
      'one for a server at the root',
      'https://api.example.com/',
      undefined,
      ['https://api.example.com/.well-known/oauth-protected-resource'],
    ],
    [
      'the challenge’s first',
      'https://api.example.com/',
      'https://api.example.com/prm',
      ['https://api.example.com/prm', 'https://api.example.com/.well-known/oauth-protected-resource'],
    ],
  ] as const)('%s', (_name, url, hint, expected) => expect(metadataAddresses(url, hint)).toEqual(expected));

  test.each([
    'http://169.254.169.254/latest/meta-data',
    'http://api.example.com/prm',
    'https://api.example.com:8443/prm',
    'https://api.example.com.evil.example/prm',
    'https://user:pass@api.example.com/prm',
    'file:///etc/passwd',
    'not an address',
    '//evil.example/prm',
  ])('OA-10: a hint to another origin is ignored: %s', (hint) =>
    expect(metadataAddresses(server, hint)).toEqual(metadataAddresses(server, undefined)),
  );
});

test.each([
  ['the very address', 'https://a.example/mcp', 'https://a.example/mcp', true],
  ['a trailing slash', 'https://a.example/mcp/', 'https://a.example/mcp', true],
  ['the origin', 'https://a.example', 'https://a.example/mcp', true],
  ['a parent', 'https://a.example/team', 'https://a.example/team/mcp', true],
  ['half a segment', 'https://a.example/te', 'https://a.example/team/mcp', false],
  ['a sibling', 'https://a.example/other', 'https://a.example/mcp', false],
  ['a child', 'https://a.example/mcp/x', 'https://a.example/mcp', false],
  ['another host', 'https://b.example/mcp', 'https://a.example/mcp', false],
  ['another port', 'https://a.example:8443/mcp', 'https://a.example/mcp', false],
  ['another scheme', 'http://a.example/mcp', 'https://a.example/mcp', false],
  ['a fragment', 'https://a.example/mcp#x', 'https://a.example/mcp', false],
  ['a user', 'https://u@a.example/mcp', 'https://a.example/mcp', false],
  ['another query', 'https://a.example/mcp?tenant=2', 'https://a.example/mcp?tenant=1', false],
  ['an opaque origin', 'urn:a', 'https://a.example/mcp', false],
] as const)('resource: %s', (_name, resource, server, expected) =>
  expect(coversServer(new URL(resource), new URL(server))).toBe(expected),
);

test.each([
  ['not an object', 7, 'cannot be understood'],
  [
    'of another resource',
    { resource: 'https://bank.example/mcp', authorization_servers: ['https://as.example'] },
    'another resource',
  ],
  [
    'a resource that is no address',
    { resource: 'mcp', authorization_servers: ['https://as.example'] },
    'another resource',
  ],
  [
    'plain http',
    { resource: 'https://a.example', authorization_servers: ['http://as.example'] },
    'no place to sign in',
  ],
  [
    'a script for an issuer',
    { resource: 'https://a.example', authorization_servers: ['javascript:alert(1)'] },
    'no place to sign in',
  ],
] as const)('metadata refused: %s', (_name, value, problem) =>
  expect(readMetadata(value, 'https://a.example/mcp')).toEqual({
    ok: false,
    problem: expect.stringContaining(problem),
  }),
);

test('metadata as it should be', () =>
  expect(
    readMetadata(
      {
        resource: 'https://a.example/mcp',
        authorization_servers: [
          'https://as.example',
          'https://as.example',
          'http://no.example',
          'https://as2.example/t',
        ],
        scopes_supported: ['a', 'bad scope'],
        other: 1,
      },
      'https://a.example/mcp',
    ),
  ).toEqual({
    ok: true,
    metadata: {
      resource: 'https://a.example/mcp',
      authorizationServers: ['https://as.example', 'https://as2.example/t'],
      scopesSupported: ['a'],
    },
  }));
