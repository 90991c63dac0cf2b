import { expect, test } from 'vitest';
import { refusedSwitch } from '../../../main/app/refused-switches.ts';

test.each<[string, readonly string[], boolean, string | undefined]>([
  ['nothing', [], false, undefined],
  ['a file that looks like nothing', ['/home/ada/notes.md', 'countersign://approve'], false, undefined],
  ['a harmless switch', ['--force-device-scale-factor=2', '--ozone-platform=wayland'], false, undefined],
  ['no sandbox for root', ['--no-sandbox'], true, undefined],
  ['no sandbox for anybody else', ['--no-sandbox'], false, 'no-sandbox'],
  ['a debugging port', ['--remote-debugging-port=9222'], false, 'remote-debugging-port'],
  ['a debugging pipe', ['--remote-debugging-pipe'], false, 'remote-debugging-pipe'],
  ['Node’s inspector', ['--inspect=0'], false, 'inspect'],
  ['Node’s inspector, waiting', ['--inspect-brk'], false, 'inspect-brk'],
  ['an extension', ['--load-extension=/evil'], false, 'load-extension'],
  ['pages that may read everything', ['--disable-web-security'], false, 'disable-web-security'],
  ['another profile', ['--user-data-dir=/evil'], false, 'user-data-dir'],
  ['a program before each renderer', ['--renderer-cmd-prefix=/evil'], false, 'renderer-cmd-prefix'],
  ['a keychain that protects nothing', ['--password-store=basic'], false, 'password-store'],
  ['one dash', ['-remote-debugging-port=1'], false, 'remote-debugging-port'],
  ['other letters', ['--Remote-Debugging-PORT=1'], false, 'remote-debugging-port'],
  ['after harmless ones', ['x', '--ozone-platform=x11', '--js-flags=--expose-gc'], false, 'js-flags'],
])('LO-22: a package started with %s', (_name, argv, isRoot, expected) => {
  expect(refusedSwitch(argv, isRoot)).toBe(expected);
});
