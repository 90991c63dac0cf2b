import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { ClientError, ResponseBodyError } from 'openid-client';
import { afterAll, describe, expect, test } from 'vitest';
import { systemNode } from '../../../main/identity/demo-provider-process.ts';
import { demoStore } from '../../../main/identity/demo-provider-store.ts';
import { identityError, oauthErrorOf } from '../../../main/identity/identity-error.ts';
import { issuerKeys } from '../../../main/identity/issuer-keys.ts';
import { readTokens, type TokenAnswer } from '../../../main/identity/token-set.ts';
import { AppError } from '../../../mcp-bridge/core/errors.ts';
import { ecKey, mint } from '../../support/oidc-tokens.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-identity-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe('what the issuer says of its tokens', () => {
  const nowMs = Date.parse('2026-11-21T12:00:00Z');
  const answer = (members: object, lifeS?: number): TokenAnswer =>
    ({
      access_token: 'a',
      token_type: 'bearer',
      expiresIn: () => lifeS,
      claims: () => undefined,
      ...members,
    }) as TokenAnswer;
  test.each([
    ['scopes as granted', { scope: 'openid  tools:read' }, 600, ['openid', 'tools:read'], '2026-11-21T12:10:00.000Z'],
    ['no scopes: as before', {}, 600, ['before'], '2026-11-21T12:10:00.000Z'],
    ['no scope at all granted', { scope: '' }, 600, [], '2026-11-21T12:10:00.000Z'],
    ['a scope twice', { scope: 'a a' }, undefined, ['a'], undefined],
    ['a life beyond all dates', { scope: 'a' }, 1e15, ['a'], '2027-11-21T12:00:00.000Z'],
  ] as const)('%s', (_name, members, lifeS, grantedScopes, expiresAt) => {
    const expected = { grantedScopes, tokens: { accessToken: 'a', ...(expiresAt === undefined ? {} : { expiresAt }) } };
    expect(readTokens(answer(members, lifeS), ['before'], nowMs)).toEqual(expected);
  });
});

describe('errors keep the answer to themselves (AU-15)', () => {
  const secret = 'canary-1b2c';
  const quoting = new ResponseBodyError(secret, {
    cause: { error: 'invalid_grant', error_description: secret },
    response: new Response(secret, { status: 400 }),
  });
  test.each([
    ['an error answer', quoting, 'identity.sign-in-failed', /invalid_grant/],
    [
      'a library error around claims',
      new ClientError(secret, { cause: { claims: { sub: secret } } }),
      'identity.sign-in-failed',
      /no reason/,
    ],
    ['an error whose name is a secret', { error: `${secret} !` }, 'identity.sign-in-failed', /no reason/],
    ['no error at all', secret, 'identity.sign-in-failed', /no reason/],
    [
      'our own, inside another',
      new Error(secret, { cause: new AppError('identity.issuer-refused', 'address') }),
      'identity.issuer-refused',
      /address/,
    ],
  ] as const)('%s', (_name, thrown, code, message) => {
    const error = identityError(thrown, 'refused');
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(secret);
  });
  test('the name of an OAuth error is found through its causes', () =>
    expect(oauthErrorOf(new Error('x', { cause: quoting }))).toBe('invalid_grant'));
});

describe('the issuer’s keys (OA-23)', () => {
  const key = ecKey('k1');
  const options = { issuer: 'https://i', audience: 'a' } as const;
  const compact = (kid: string, signer = key): string =>
    mint({ alg: 'ES256', kid }, { iss: 'https://i', aud: 'a', sub: 's', iat: 1, exp: 10_000 }, signer);
  const make = (): {
    keys: ReturnType<typeof issuerKeys>;
    fetched: () => number;
    clock: { ms: number };
    served: { keys: object[] | undefined };
  } => {
    const clock = { ms: 100_000 };
    const served: { keys: object[] | undefined } = { keys: [key.publicJwk] };
    let fetched = 0;
    const fetchKeys = async (): Promise<Response> => {
      fetched += 1;
      return served.keys ? Response.json({ keys: served.keys }) : new Response(null, { status: 503 });
    };
    return { keys: issuerKeys('https://i/jwks', fetchKeys, () => clock.ms), fetched: () => fetched, clock, served };
  };

  test('are fetched once and kept', async () => {
    const { keys, fetched } = make();
    for (let round = 0; round < 3; round += 1)
      expect(await keys.verify(compact('k1'), options)).toMatchObject({ ok: true });
    expect(fetched()).toBe(1);
  });

  test('a hundred made-up ids make no hundred requests', async () => {
    const { keys, fetched } = make();
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, index) => keys.verify(compact(`x${index}`), options)),
    );
    expect(all.every((verdict) => !verdict.ok && verdict.code === 'token.key-unknown')).toBe(true);
    expect(fetched()).toBe(1);
  });

  test('a new key is found after the cool-down, and an old one that is gone is not believed', async () => {
    const { keys, clock, served } = make();
    await keys.verify(compact('k1'), options);
    const next = ecKey('k2');
    served.keys = [next.publicJwk];
    expect(await keys.verify(compact('k2', next), options)).toEqual({ ok: false, code: 'token.key-unknown' });
    clock.ms += 30_000;
    expect(await keys.verify(compact('k2', next), options)).toMatchObject({ ok: true });
    expect(await keys.verify(compact('k1'), options)).toEqual({ ok: false, code: 'token.key-unknown' });
  });

  test('known keys serve while the endpoint is down, but not for ever', async () => {
    const { keys, clock, served } = make();
    await keys.verify(compact('k1'), options);
    served.keys = undefined;
    clock.ms += 9 * 60_000;
    expect(await keys.verify(compact('k1'), options)).toMatchObject({ ok: true });
    clock.ms += 60_000;
    await expect(keys.verify(compact('k1'), options)).rejects.toMatchObject({ code: 'identity.issuer-refused' });
  });
});

describe('the Node that runs the demo provider', () => {
  const script = (name: string, version: string): string => {
    const own = path.join(folder, name);
    fs.mkdirSync(own);
    fs.writeFileSync(path.join(own, 'node'), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
    return own;
  };
  const [old, recent] = [script('old', 'v18.15.0'), script('recent', 'v20.19.0')];
  test('is this process where it is Node', async () => expect(await systemNode('', false)).toBe(process.execPath));
  test('is else the first of the PATH that is new enough', async () =>
    expect(await systemNode(`relative:${old}:${recent}`, true)).toBe(path.join(recent, 'node')));
  test('is asked for in plain words when there is none', async () =>
    expect(systemNode(`relative:${old}`, true)).rejects.toMatchObject({
      message: expect.stringContaining('Node 20 or newer'),
    }));
});

test('the demo provider’s file holds no name that redeems anything, and forgets what has expired', async () => {
  const file = path.join(folder, 'grants.json');
  let nowS = 1_000;
  const before = demoStore(file, () => nowS);
  await before('RefreshToken').upsert('a-refresh-token', { jti: 'a-refresh-token', grantId: 'g' }, 60);
  await before('Grant').upsert('g', { jti: 'g', accountId: 'ada' }, 6_000);
  expect(fs.readFileSync(file, 'utf8')).not.toContain('a-refresh-token');
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);

  const after = demoStore(file, () => nowS);
  expect(await after('RefreshToken').find('a-refresh-token')).toEqual({ jti: 'a-refresh-token', grantId: 'g' });
  nowS += 60;
  await after('Grant').upsert('h', { jti: 'h' }, 6_000);
  expect(await after('RefreshToken').find('a-refresh-token')).toBeUndefined();
  await after('Grant').destroy('g');
  expect(await demoStore(file, () => nowS)('Grant').find('g')).toBeUndefined();
});
