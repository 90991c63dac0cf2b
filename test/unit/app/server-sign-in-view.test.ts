import { expect, test } from 'vitest';
import { serverSignInView } from '../../../main/app/server-sign-in-view.ts';
import type { UpstreamSignInState } from '../../../main/upstream-sign-in/upstream-sign-ins.ts';
import type { SignInNeed } from '../../../mcp-bridge/process/contract.ts';

const issuer = 'https://login.example';
const need = (why: SignInNeed['why'], ...authorizationServers: string[]): SignInNeed => ({
  resource: 'https://mcp.example/mcp',
  authorizationServers: authorizationServers.length === 0 ? [issuer] : authorizationServers,
  scopes: ['a'],
  why,
});
const asks = (_serverId: string, scopes: readonly string[]) => scopes;
const held = { issuer, grantedScopes: ['a'], unaskedScopes: [], signedInAt: '2026-11-21T08:00:00.000Z' };
const signedIn: UpstreamSignInState = { status: 'signed-in', ...held };
const signedOut: UpstreamSignInState = { status: 'signed-out' };
const shown = { status: 'signed-in', ...held };
const needed = { status: 'needed', issuer, scopes: ['a'], why: 'not-signed-in' };

test.each([
  ['a server that wants nothing shows nothing', undefined, signedOut, undefined, undefined],
  ['what it wants, as a button', need('not-signed-in'), signedOut, undefined, needed],
  ['with what went wrong last', need('not-signed-in'), signedOut, 'No.', { ...needed, failure: 'No.' }],
  [
    'a sign-in under way hides the button',
    need('not-signed-in'),
    { status: 'signing-in', issuer },
    undefined,
    { status: 'signing-in', issuer },
  ],
  ['signed in', undefined, signedIn, undefined, shown],
  ['a need of before the sign-in is old news', need('not-signed-in'), signedIn, undefined, shown],
  [
    'more is offered beside it',
    need('more-scopes'),
    signedIn,
    undefined,
    { ...shown, more: { issuer, scopes: ['a'] } },
  ],
  [
    'OA-26: more, at another place, is said to be at another',
    need('more-scopes', 'https://other.example'),
    signedIn,
    undefined,
    { ...shown, more: { issuer: 'https://other.example', formerIssuer: issuer, scopes: ['a'] } },
  ],
  ['a refused sign-in is needed anew', need('refused'), signedIn, undefined, { ...needed, why: 'refused' }],
  [
    'at the same place where it is among several',
    need('refused', 'https://other.example', `${issuer}/`),
    signedIn,
    undefined,
    { ...needed, issuer: `${issuer}/`, why: 'refused' },
  ],
  [
    'OA-26: another place is said to be another',
    need('refused', 'https://other.example'),
    signedIn,
    undefined,
    { ...needed, issuer: 'https://other.example', formerIssuer: issuer, why: 'refused' },
  ],
  [
    'OA-26: also after the sign-in ended by itself',
    need('not-signed-in'),
    { status: 'signed-out', formerIssuer: 'https://id.example' },
    undefined,
    { ...needed, formerIssuer: 'https://id.example' },
  ],
  ['more, without a sign-in, is a sign-in', need('more-scopes'), signedOut, undefined, needed],
] as const)('%s', (_name, wanted, state, failure, expected) =>
  expect(
    serverSignInView('s', wanted, { state: () => state, failure: () => failure, browserAt: () => undefined, asks })
      .signIn,
  ).toEqual(expected),
);

test.each([
  ['with a sign-in', signedOut, need('not-signed-in'), { ...needed, browserAt: 'https://accounts.example' }],
  [
    'with asking for more',
    signedIn,
    need('more-scopes'),
    { ...shown, more: { issuer, browserAt: 'https://accounts.example', scopes: ['a'] } },
  ],
] as const)('OA-03: a sign-in page that is elsewhere is named %s', (_name, state, wanted, expected) =>
  expect(
    serverSignInView('s', wanted, {
      state: () => state,
      failure: () => undefined,
      asks,
      browserAt: (_serverId, named) => (named === issuer ? 'https://accounts.example' : undefined),
    }).signIn,
  ).toEqual(expected),
);
