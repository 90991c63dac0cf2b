import { describe, expect, test } from 'vitest';
import { addServerMessage } from '../../../renderer/dashboard/parts/add-server-form.tsx';
import { draftOf, type FreezeDraft, freezeOf } from '../../../renderer/dashboard/parts/freeze-draft.ts';
import { freezeSentence, freezeStatus } from '../../../renderer/dashboard/parts/freeze-words.ts';
import { ago, counted, duration, grouped, timeLeft } from '../../../renderer/lib/numbers.ts';

test.each([
  [() => grouped(1000), '1,000'],
  [() => grouped(12_345_678), '12,345,678'],
  [() => counted(1, 'line'), '1 line'],
  [() => counted(1204, 'line'), '1,204 lines'],
  [() => timeLeft(292_000), '4:52'],
  [() => timeLeft(291_001), '4:52'],
  [() => timeLeft(59_000), '0:59'],
  [() => timeLeft(3_892_000), '1:04:52'],
  [() => timeLeft(-5), '0:00'],
  [() => duration(85.4), '85 ms'],
  [() => duration(1240), '1.2 s'],
  [() => ago('2026-11-21T10:00:00Z', Date.parse('2026-11-21T10:00:30Z')), 'just now'],
  [() => ago('2026-11-21T10:00:00Z', Date.parse('2026-11-21T10:02:00Z')), '2 min ago'],
  [() => ago('2026-11-21T10:00:00Z', Date.parse('2026-11-21T13:59:00Z')), '3 h ago'],
] as const)('numbers and times have one form: %s', (write, expected) => expect(write()).toBe(expected));

describe('the form of a code freeze', () => {
  const draft: FreezeDraft = {
    ...draftOf(undefined, new Date(2026, 10, 27, 18, 0)),
    name: ' Release weekend ',
    until: '2026-11-30T08:00',
    branches: { isAll: false, patterns: 'main\n\n release/* \n' },
  };

  test('makes the freeze that stands in it', () => {
    expect(freezeOf(draft, 'f1', true)).toEqual({
      ok: true,
      freeze: {
        kind: 'code-freeze',
        guardrailId: 'f1',
        name: 'Release weekend',
        from: new Date(2026, 10, 27, 18, 0).toISOString(),
        until: new Date(2026, 10, 30, 8, 0).toISOString(),
        repositories: { kind: 'all' },
        branches: { kind: 'only', patterns: ['main', 'release/*'] },
        enabled: true,
      },
    });
  });

  test('opens again as it was saved', () => {
    const made = freezeOf(draft, 'f1', true);
    const again = made.ok ? freezeOf(draftOf(made.freeze, new Date(0)), 'f1', true) : undefined;
    expect(again).toEqual(made);
  });

  test.each<[string, Partial<FreezeDraft>]>([
    ['no name', { name: '  ' }],
    ['no beginning', { from: '' }],
    ['an end before its beginning', { until: '2026-11-01T08:00' }],
    ['an end at its beginning', { until: '2026-11-27T18:00' }],
    ['an empty list of branches, which does not mean all', { branches: { isAll: false, patterns: ' \n' } }],
    ['an empty list of repositories', { repositories: { isAll: false, patterns: '' } }],
  ])('makes nothing with %s', (_name, part) => {
    expect(freezeOf({ ...draft, ...part }, 'f1', true).ok).toBe(false);
  });

  test('its sentence says all when it means all', () => {
    const made = freezeOf({ ...draft, until: '' }, 'f1', true);
    expect(made.ok && freezeSentence(made.freeze)).toBe(
      'No commit or push on main and release/* in all repositories, from 27 Nov 2026, 18:00 until you end it',
    );
  });

  test.each([
    ['off', { enabled: false }, '2026-11-28T12:00:00Z'],
    ['later', { enabled: true }, '2026-11-20T12:00:00Z'],
    ['in force', { enabled: true }, '2026-11-28T12:00:00Z'],
    ['over', { enabled: true }, '2026-12-28T12:00:00Z'],
  ] as const)('is %s', (expected, part, now) => {
    const made = freezeOf(draft, 'f1', part.enabled);
    expect(made.ok && freezeStatus(made.freeze, Date.parse(now))).toBe(expected);
  });
});

const noOauthClient = { oauthClientId: '', oauthClientSecret: '' };

test.each([
  [
    'each line is one argument, spaces and quotes and all',
    {
      ...noOauthClient,
      serverId: 'files',
      kind: 'command',
      command: 'npx',
      args: '-y\nserver "a b"\n',
      variables: '',
      url: 'ignored',
      environment: ' ',
    },
    { serverId: 'files', command: 'npx', args: ['-y', 'server "a b"'] },
  ],
  [
    'each line is one variable, and only its first = divides it',
    {
      ...noOauthClient,
      serverId: 'db',
      kind: 'command',
      command: 'db',
      args: '',
      variables: 'DSN=host=a user=b\n\nEMPTY=',
      url: '',
      environment: '',
    },
    { serverId: 'db', command: 'db', args: [], env: { DSN: 'host=a user=b', EMPTY: '' } },
  ],
  [
    'an address takes no command along',
    {
      ...noOauthClient,
      serverId: 'crm',
      kind: 'url',
      command: 'rm',
      args: '-rf',
      variables: 'A=1',
      url: ' https://mcp.example/ ',
      environment: 'production',
    },
    { serverId: 'crm', url: 'https://mcp.example/', environment: 'production' },
  ],
  [
    'an OAuth client goes along with its address',
    {
      serverId: 'crm',
      kind: 'url',
      command: '',
      args: '',
      variables: '',
      url: 'https://mcp.example/',
      environment: '',
      oauthClientId: ' app ',
      oauthClientSecret: ' s3 ',
    },
    { serverId: 'crm', url: 'https://mcp.example/', oauthClientId: 'app', oauthClientSecret: 's3' },
  ],
  [
    'a secret without its id goes nowhere',
    {
      serverId: 'crm',
      kind: 'url',
      command: '',
      args: '',
      variables: '',
      url: 'https://mcp.example/',
      environment: '',
      oauthClientId: '',
      oauthClientSecret: 's3',
    },
    { serverId: 'crm', url: 'https://mcp.example/' },
  ],
] as const)('a new server: %s', (_name, draft, expected) => expect(addServerMessage(draft)).toEqual(expected));
