import { expect, test } from 'vitest';
import { secretValuesOf, withoutSecrets } from '../../../mcp-bridge/process/secret-values.ts';
import { parseServerConfig } from '../../../mcp-bridge/upstream/server-config.ts';

test.each<[string, object, readonly string[]]>([
  [
    'a variable whose name says so',
    { command: 'x', env: { API_KEY: 'abcdefgh1', LOG_LEVEL: 'verbose1' } },
    ['abcdefgh1'],
  ],
  [
    'a variable with a whole header, and none with an author',
    { command: 'x', env: { AUTHORIZATION: 'abcdefgh1', GIT_AUTHOR_NAME: 'Ada Lovelace', AUTHORS: 'Ada Lovelace' } },
    ['abcdefgh1'],
  ],
  ['a variable that names a place', { command: 'x', env: { KEY_FILE: '/etc/keys/a.pem' } }, []],
  ['an option and its value', { command: 'x', args: ['--api-key', 'abcdefgh1', '--verbose'] }, ['abcdefgh1']],
  ['an option in one word', { command: 'x', args: ['--token=abcdefgh1'] }, ['abcdefgh1']],
  [
    'a variable among the arguments',
    { command: 'docker', args: ['run', '-e', 'GITHUB_TOKEN=abcdefgh1', 'image'] },
    ['abcdefgh1'],
  ],
  [
    'a header among the arguments',
    { command: 'npx', args: ['mcp-remote', 'https://a.example', '--header', 'Authorization: Bearer abcdefgh1'] },
    ['Bearer abcdefgh1', 'abcdefgh1'],
  ],
  [
    'a password in an address',
    { command: 'x', args: ['postgresql://ada:p%40ssword1@db.example/notes'] },
    ['p%40ssword1', 'p@ssword1'],
  ],
  [
    'a password in an address of a variable',
    { command: 'x', env: { DATABASE_URL: 'postgres://ada:abcdefgh1@db/x' } },
    ['abcdefgh1'],
  ],
  [
    'no option that is about secrets only',
    { command: 'x', args: ['--auth-mode', 'interactive', '--max-tokens=10000000', '--key-file', '/etc/keys/a'] },
    [],
  ],
  ['no flag that is followed by another', { command: 'x', args: ['--use-token', '--verbose-logging'] }, []],
  [
    'no address without a password, no time of day',
    { command: 'x', args: ['https://a.example:8443/path', 'at: 12:30:45', 'file:///a/b'] },
    [],
  ],
  ['nothing shorter than eight', { command: 'x', env: { API_KEY: 'short' } }, []],
  [
    'headers and members of an address',
    {
      url: 'https://a.example/?api_key=abcdefgh1&page=abcdefgh2',
      headers: { 'X-Any': 'abcdefgh3', 'User-Agent': 'abcdefgh4' },
    },
    ['abcdefgh3', 'abcdefgh1'],
  ],
])('secrets of a configuration: %s', (_name, entry, expected) => {
  expect(secretValuesOf(parseServerConfig('it', entry))).toEqual(expected);
});

test('AU-15: what the log tells of a server holds none of its secrets', () => {
  const text =
    'npx mcp-remote https://a.example --header Authorization: Bearer abcdefgh1 postgres://ada:abcdefgh2@db/x';
  const args = [
    'mcp-remote',
    'https://a.example',
    '--header',
    'Authorization: Bearer abcdefgh1',
    'postgres://ada:abcdefgh2@db/x',
  ];
  expect(withoutSecrets(text, parseServerConfig('it', { command: 'npx', args }))).toBe(
    'npx mcp-remote https://a.example --header Authorization: [secret] postgres://ada:[secret]@db/x',
  );
});
