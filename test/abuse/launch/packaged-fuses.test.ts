/** EL-09, EL-11, EL-12: the packaged program cannot be turned into Node, nor be debugged, by whoever starts it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../../../main/launch/places.mjs';

const packaged = join(repositoryRoot, 'release', 'linux-unpacked', 'countersign');
const switches = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  return new Promise((resolve) => {
    const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...base } = process.env;
    const options = { cwd: repositoryRoot, env: { ...base, ...env }, timeout: 100_000, maxBuffer: 1 << 26 };
    execFile(program, args, options, (_error, stdout, stderr) => resolve(`${stdout}${stderr}`));
  });
}

describe.skipIf(process.platform !== 'linux')('packaged for Linux', () => {
  beforeAll(async () => {
    await run(process.execPath, [join(repositoryRoot, 'main', 'launch', 'package.mjs')]);
  }, 120_000);

  test('every fuse is where SECURITY.md says', async () => {
    const cli = join(repositoryRoot, 'node_modules', '@electron', 'fuses', 'dist', 'bin.js');
    const fuses = await run(process.execPath, [cli, 'read', '--app', packaged]);
    const states = Object.fromEntries(
      [...fuses.matchAll(/^\s+(\w+) is (\w+)/gm)].map(([, name, state]) => [name, state]),
    );
    expect(states).toMatchObject({
      RunAsNode: 'Disabled',
      EnableCookieEncryption: 'Enabled',
      EnableNodeOptionsEnvironmentVariable: 'Disabled',
      EnableNodeCliInspectArguments: 'Disabled',
      EnableEmbeddedAsarIntegrityValidation: 'Enabled',
      OnlyLoadAppFromAsar: 'Enabled',
    });
  });

  test.each([
    [
      'ELECTRON_RUN_AS_NODE runs nothing',
      ['-e', 'console.log("ran" + "-it")'],
      { ELECTRON_RUN_AS_NODE: '1' },
      'ran-it',
    ],
    ['NODE_OPTIONS loads nothing', [], { NODE_OPTIONS: '--require=/nonexistent/planted.cjs' }, 'planted.cjs'],
    ['--inspect opens no port', ['--inspect=0'], {}, 'Debugger listening'],
  ])('%s', async (_name, args, env, forbidden) => {
    // Without a display the app itself ends at once; what must not happen would happen before that.
    expect(await run(packaged, [...switches, ...args], env)).not.toContain(forbidden);
  });

  test.each([
    '--remote-debugging-port=0',
    '--disable-web-security',
    '--load-extension=/nonexistent',
    '-js-flags=--expose-gc',
  ])('LO-22: started with %s it refuses and opens nothing', async (asked) => {
    const said = await run(packaged, [...switches, asked]);
    expect(said).toContain('would weaken its protection');
    expect(said).not.toContain('DevTools listening');
  });
});
