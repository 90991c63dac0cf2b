/** What set-up decides from what it finds: which runtime, which packages, which system libraries. */
import { describe, expect, test } from 'vitest';
import { chooseRuntime, programName } from '../../../main/launch/electron-runtime.mjs';
import { newerNodeSource } from '../../../main/launch/newer-node.mjs';
import { outdatedPackages } from '../../../main/launch/node-packages.mjs';
import { cacheFolder } from '../../../main/launch/places.mjs';
import { nodeIsNewEnough } from '../../../main/launch/setup.mjs';
import { aptCommand, missingNeeds, type Profile, usesApt } from '../../../main/launch/system-libraries.mjs';

describe('Electron runtime', () => {
  const hourMs = 3_600_000;
  const nowMs = 1_000 * hourMs;
  const nothing = {
    overridden: false,
    officialPresent: false,
    unreachableSinceMs: undefined,
    nowMs,
    target: 'linux-x64',
  };

  test.each([
    ['the override wins over everything', { overridden: true, officialPresent: true }, 'override'],
    ['the official runtime, once here, is used', { officialPresent: true, unreachableSinceMs: nowMs }, 'official'],
    ['on a fresh machine the official download is tried first', {}, 'try-official-then-old'],
    ['a download found out of reach an hour ago is not tried again', { unreachableSinceMs: nowMs - hourMs }, 'old'],
    ['after a day it is tried again', { unreachableSinceMs: nowMs - 24 * hourMs }, 'try-official-then-old'],
    ['a stamp from the future proves nothing', { unreachableSinceMs: nowMs + hourMs }, 'try-official-then-old'],
    ['where no old runtime exists only the official one is tried', { target: 'darwin-arm64' }, 'try-official'],
    [
      'there it is tried even after a failure',
      { target: 'linux-arm64', unreachableSinceMs: nowMs - hourMs },
      'try-official',
    ],
  ] as const)('%s', (_name, state, expected) => expect(chooseRuntime({ ...nothing, ...state })).toBe(expected));

  test.each([
    ['linux', 'electron'],
    ['win32', 'electron.exe'],
  ] as const)('on %s the program is %s', (platform, expected) => expect(programName(platform)).toBe(expected));
});

describe('npm packages', () => {
  const a = { version: '1.0.0', integrity: 'sha512-a' };
  const wanted = { packages: { '': { version: '0.1.0' }, 'node_modules/a': a } };

  test.each([
    ['nothing is installed', wanted, undefined, ['node_modules/a']],
    ['all is as locked', wanted, { packages: { 'node_modules/a': a } }, []],
    [
      'another version is there',
      wanted,
      { packages: { 'node_modules/a': { ...a, version: '0.9.0' } } },
      ['node_modules/a'],
    ],
    [
      'same version, other contents',
      wanted,
      { packages: { 'node_modules/a': { ...a, integrity: 'sha512-b' } } },
      ['node_modules/a'],
    ],
    ['an interrupted install left an empty list', wanted, {}, ['node_modules/a']],
    [
      'an optional package for another platform is absent',
      { packages: { 'node_modules/b': { ...a, optional: true } } },
      { packages: {} },
      [],
    ],
    [
      'an optional package of another version is there',
      { packages: { 'node_modules/b': { ...a, optional: true } } },
      { packages: { 'node_modules/b': { ...a, version: '2.0.0' } } },
      ['node_modules/b'],
    ],
    ['more is installed than locked', wanted, { packages: { 'node_modules/a': a, 'node_modules/z': a } }, []],
  ])('%s', (_name, lock, installed, expected) => expect(outdatedPackages(lock, installed)).toEqual(expected));
});

describe('system libraries', () => {
  const missing = (profile: Profile, libraries: boolean, programs: readonly string[]) =>
    missingNeeds(profile, { hasLibrary: () => libraries, hasProgram: (name) => programs.includes(name) }).map((need) =>
      need.packages.at(-1),
    );
  const shown = ['git', 'Xvfb', 'xauth', 'openbox', 'xdotool'];

  test.each([
    ['the app needs no virtual display', 'app', true, ['git'], []],
    [
      'a bare machine lacks all libraries of the app',
      'app',
      false,
      [],
      ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libsecret-1-0', 'git'],
    ],
    ['the walkthrough needs a browser', 'walkthrough', true, shown, ['chromium']],
    ['any Chromium will do', 'walkthrough', true, [...shown, 'google-chrome'], []],
    [
      'the tests need a bus, a keyring and notifications as well',
      'test',
      true,
      [...shown, 'chromium'],
      ['dbus', 'dbus-x11', 'gnome-keyring', 'dunst'],
    ],
  ] as const)('%s', (_name, profile, libraries, programs, expected) =>
    expect(missing(profile, libraries, programs)).toEqual(expected),
  );

  test.each([
    ['Debian', 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n', true],
    ['Ubuntu', 'ID=ubuntu\nID_LIKE=debian\n', true],
    ['a derivative of Ubuntu', 'ID=linuxmint\nID_LIKE="ubuntu debian"\n', true],
    ['Fedora', 'ID=fedora\nHOME_URL="https://debian.example"\n', false],
    ['no such file', '', false],
  ])('%s', (_name, osRelease, expected) => expect(usesApt(osRelease)).toBe(expected));

  test('the command for an ordinary user has sudo in both halves', () =>
    expect(aptCommand(['a', 'b'], false)).toBe(
      'sudo apt-get update && sudo apt-get install -y --no-install-recommends a b',
    ));
});

test.each([
  ['18.20.8', false],
  ['20.18.3', false],
  ['20.19.0', true],
  ['22.1.0', true],
])('Node %s is new enough: %s', (version, expected) => expect(nodeIsNewEnough(version)).toBe(expected));

test.each([
  ['XDG_CACHE_HOME is honoured', { XDG_CACHE_HOME: '/c' }, 'linux', '/c/countersign'],
  ['a relative one is not', { XDG_CACHE_HOME: 'c' }, 'linux', '/home/u/.cache/countersign'],
  ['the default', {}, 'linux', '/home/u/.cache/countersign'],
  ['on macOS', {}, 'darwin', '/home/u/Library/Caches/countersign'],
] as const)('cache folder: %s', (_name, env, platform, expected) =>
  expect(cacheFolder(env, platform, '/home/u')).toBe(expected),
);

test.each([
  ['a Node that is new enough is used itself, anywhere', '22.19.0', 'win32-x64', 'own'],
  ['one that is a little too old is not', '22.18.1', 'linux-x64', 'fetched'],
  ['newer ones too', '26.10.0', 'linux-x64', 'own'],
  ['an older one on linux-x64 gets one from npm', '20.20.2', 'linux-x64', 'fetched'],
  ['elsewhere there is none to fetch', '20.20.2', 'darwin-arm64', 'none'],
] as const)('for tools of the tests, %s', (_name, version, target, expected) =>
  expect(newerNodeSource({ version, target })).toBe(expected),
);
