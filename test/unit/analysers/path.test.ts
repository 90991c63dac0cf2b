import { beforeAll, describe, expect, test } from 'vitest';
import { canonicalPath, isWithin } from '../../../mcp-bridge/core/classify/analysers/path/canonical-path.ts';
import { type Analyse, analyserOf } from './support.ts';

let analyse: Analyse;
beforeAll(async () => {
  analyse = await analyserOf('path');
});
const roots = ['/srv/data', '/home/ada/project'];

describe('file paths (CL-13)', () => {
  test.each([
    ['/srv/data', '/srv/data'],
    ['/srv/data/', '/srv/data'],
    ['/srv/data/a.txt', '/srv/data/a.txt'],
    ['/srv//data///a.txt', '/srv/data/a.txt'],
    ['/srv/data/./a.txt', '/srv/data/a.txt'],
    ['/srv/data/b/../a.txt', '/srv/data/a.txt'],
    ['/srv/../srv/data/a', '/srv/data/a'],
    ['src/index.ts', 'src/index.ts'],
    ['./src', 'src'],
    ['src/../lib', 'lib'],
    ['.', '.'],
    ['.env', '.env'],
    ['a..b/c...d', 'a..b/c...d'],
    ['/srv/data/Ünïcode.txt', '/srv/data/Ünïcode.txt'.normalize('NFC')],
    ['/srv/data/file (1) [x].txt', '/srv/data/file (1) [x].txt'],
    ['/srv/data/~backup', '/srv/data/~backup'],
    ['/srv/data/100% sure', '/srv/data/100% sure'],
    ['/srv/data/.github/workflows', '/srv/data/.github/workflows'],
  ])('inside: %s', (text, path) => {
    expect(analyse(text, { roots })).toMatchObject({ effect: 'read', objects: [{ kind: 'path', name: path }] });
  });

  test.each([
    '/',
    '/etc/passwd',
    '/srv/data2/a',
    '/srv/dataX',
    '/srv/data/../secret',
    '/srv/data/a/../../secret',
    '/srv/data/../../etc/passwd',
    '/home/ada',
    '/home/ada/projects',
    '/SRV/DATA/a',
    '../x',
    'a/../../x',
    '..',
    './../x',
    '/../etc',
    '//../etc'.slice(1),
  ])('outside: %s', (text) => expect(analyse(text, { roots })).toMatchObject({ effect: 'write', action: 'outside' }));

  test.each([['/srv/data/.git/refs/heads/main'], ['.git/HEAD'], ['/srv/data/.GIT/config'], ['sub/.git']])(
    'in the folder of git (CL-10): %s',
    (text) => {
      expect(analyse(text, { roots })).toMatchObject({ effect: 'write', domain: 'version-control' });
    },
  );

  test.each([
    '',
    '/srv/data/%2e%2e/secret',
    '/srv/data/%2E%2E%2Fsecret',
    '/srv/data/..%2fsecret',
    '/srv/data/..%5csecret',
    '/srv/data/%252e%252e/x',
    '/srv/data/%c0%ae%c0%ae/x',
    '/srv/data/a%00.txt',
    '/srv/data/%u002e%u002e/x',
    '/srv/data/..\\..\\secret',
    'a\\b',
    '\\\\server\\share\\x',
    '//server/share/x',
    '\\\\?\\C:\\x',
    '\\\\.\\PhysicalDrive0',
    '\\x',
    'C:x',
    'C:\\a\\b.txt::$DATA',
    '/srv/data/a.txt::$DATA',
    '/srv/data/a.txt:stream',
    '/srv/data/PROGRA~1/x',
    '/srv/data/SECRET~1.TXT',
    '/srv/data/a.txt.',
    '/srv/data/a.txt ',
    '/srv/data/a /b',
    '/srv/data/.../x',
    '/srv/data/.. /x',
    '/srv/data/ ../x',
    '/srv/data/..\u200b/x',
    '/srv/data/\u202ea',
    '/srv/data/\u0000',
    '/srv/data/a\nb',
    '/srv/data/\uff0e\uff0e/x',
    '/srv/data/..\uff0fx',
    '/srv/data/..\u2215x',
    '/srv/data/\u2025/x',
    '/srv/data/\ud800',
    '/proc/self/root/etc/passwd',
    '/proc/self/cwd/x',
    '/proc/1/root/etc',
    '/proc//self/fd/3',
    '/proc/./self/environ',
    '/proc/thread-self/root',
    '/dev/fd/3',
    '/srv/data/CON',
    '/srv/data/nul.txt',
    '/srv/data/COM1',
    'lpt1.log',
    '~/x',
    '~root/x',
    '$HOME/x',
    '/srv/data/$X',
    '/srv/data/$(id)',
    '/srv/data/`id`',
    '%USERPROFILE%\\x',
    '%APPDATA%/x',
    'file:///etc/passwd',
    'https://example.com/x',
    'x'.repeat(5_000),
  ])('is not interpreted: %j', (text) => {
    expect(analyse(text, { roots })).toMatchObject({ effect: 'delete', uninterpreted: true });
  });

  test('without roots an absolute path is not said to be outside', () =>
    expect(analyse('/etc/hosts').effect).toBe('read'));
  test('the worst of several counts', () => expect(analyse(['/srv/data/a', '/etc/x'], { roots }).effect).toBe('write'));
  test.each([5, null, {}, [], ['/a', 5]])('no path: %j', (value) => expect(analyse(value).uninterpreted).toBe(true));
  test('a Windows path has one spelling', () => {
    expect(canonicalPath('c:\\Data\\.\\a\\..\\b.txt')).toEqual({
      ok: true,
      path: 'C:/Data/b.txt',
      absolute: true,
      climbs: false,
    });
    expect(isWithin('C:/Data/b.txt', 'c:\\Data')).toBe(true);
  });
});
