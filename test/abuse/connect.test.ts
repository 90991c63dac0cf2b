/** LO-13, LO-21: whoever planted a link, a pipe or a broken file in the home folder gets nothing by our writing there. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ConnectFixture, connectFixture } from '../support/connect-fixture.ts';

const config = '.cursor/mcp.json';
const text = '{"mcpServers": {}}';

describe.skipIf(process.platform === 'win32')('LO-13 planted in the place of a configuration', () => {
  test.each<[string, (fixture: ConnectFixture, file: string) => void, RegExp]>([
    ['a link out of the home folder', (f, file) => fs.symlinkSync(victim(f), file), /a link that leads out of/],
    [
      'a link to nothing',
      (f, file) => fs.symlinkSync(path.join(f.home, 'nothing'), file),
      /a link to something that is not there/,
    ],
    ['a link to itself', (_f, file) => fs.symlinkSync(file, file), /a link to something that is not there/],
    [
      'a folder that is a link out of the home folder',
      (f) => {
        fs.rmdirSync(path.join(f.home, '.cursor'));
        fs.mkdirSync(path.join(f.folder, 'elsewhere'));
        fs.symlinkSync(path.join(f.folder, 'elsewhere'), path.join(f.home, '.cursor'));
      },
      /a link that leads out of/,
    ],
    ['a named pipe', (_f, file) => void execFileSync('mkfifo', [file]), /it is not a file/],
    ['a folder', (_f, file) => fs.mkdirSync(file), /it is not a file/],
    [
      'bytes that are no text',
      (_f, file) => fs.writeFileSync(file, Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
      /not UTF-8 text/,
    ],
    [
      'a file that somebody write-protected',
      (_f, file) => fs.writeFileSync(file, text, { mode: 0o444 }),
      /write-protected/,
    ],
    ['half a file', (_f, file) => fs.writeFileSync(file, '{"mcpServers": {\n'), /mcp\.json, line 2: this is not JSON/],
  ])('%s: refused by name, nothing written anywhere', async (_name, plant, message) => {
    const fixture = connectFixture();
    fs.mkdirSync(path.join(fixture.home, '.cursor'));
    plant(fixture, path.join(fixture.home, config));
    const before = everything(fixture.folder);
    const { status, stderr } = await fixture.connect('cursor');
    expect([status, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(stderr).toContain('Nothing was changed');
    expect(everything(fixture.folder)).toEqual(before);
  });

  test('a link inside the home folder is written through and stays a link', async () => {
    const fixture = connectFixture();
    fs.mkdirSync(path.join(fixture.home, '.cursor'));
    const real = fixture.write('dotfiles/mcp.json', text, 0o600);
    fs.symlinkSync(real, path.join(fixture.home, config));
    expect((await fixture.connect('cursor')).status).toBe(0);
    expect(fs.readlinkSync(path.join(fixture.home, config))).toBe(real);
    expect(fs.readFileSync(real, 'utf8')).toContain('countersign');
    expect(fixture.backups().map((name) => path.dirname(name))).toEqual(['dotfiles']);
    expect((await fixture.disconnect('cursor')).status).toBe(0);
    expect([fs.readlinkSync(path.join(fixture.home, config)), fs.readFileSync(real, 'utf8')]).toEqual([real, text]);
  });

  test('a hard link to a file of somebody else’s: that file keeps its bytes', async () => {
    const fixture = connectFixture();
    fs.mkdirSync(path.join(fixture.home, '.cursor'));
    const other = victim(fixture);
    fs.linkSync(other, path.join(fixture.home, config));
    await fixture.connect('cursor');
    expect(fs.readFileSync(other, 'utf8')).toBe(text);
    expect(fixture.read(config)).toContain('countersign');
  });

  test('a folder that cannot be written: refused, no half file and no copy stays', async () => {
    const fixture = connectFixture();
    const file = fixture.write(config, text);
    fs.chmodSync(path.dirname(file), 0o500);
    try {
      const { status } = await fixture.connect('cursor');
      // Root may write everywhere; then the whole is there, never a part.
      expect([status, fixture.read(config).includes('countersign')]).toEqual(
        process.getuid?.() === 0 ? [0, true] : [1, false],
      );
    } finally {
      fs.chmodSync(path.dirname(file), 0o700);
    }
    expect(fixture.files().filter((name) => name.includes('.mcp.json.'))).toEqual([]);
  });
});

describe('LO-07 a key', () => {
  test('is in no file but its own unless it was asked for, and never printed', async () => {
    const fixture = connectFixture();
    for (const word of ['claude-code', 'codex', 'continue']) await fixture.connect(word);
    expect(holders(fixture)).toEqual(['data/clients/agent.key']);
  });

  test('that was asked for is in the configuration and in no third place', async () => {
    const fixture = connectFixture();
    for (const word of ['claude-code', 'codex', 'continue', 'opencode']) {
      const { stdout, stderr } = await fixture.connect(word, '--http');
      expect(stdout + stderr).not.toContain(fixture.key);
    }
    expect(holders(fixture)).toEqual([
      'data/clients/agent.key',
      'home/.claude.json',
      'home/.codex/config.toml',
      'home/.config/opencode/opencode.json',
      'home/.continue/config.yaml',
    ]);
  });

  test.skipIf(process.platform === 'win32').each(['claude-code', 'codex', 'continue', 'opencode'])(
    'LO-08: in the configuration of %s can be read by nobody else, whoever could read the file before',
    async (word) => {
      const fixture = connectFixture();
      await fixture.connect(word);
      const [file = ''] = fixture.files();
      fs.chmodSync(path.join(fixture.home, file), 0o644);
      expect((await fixture.connect(word, '--http')).status).toBe(0);
      expect(fixture.read(file)).toContain(fixture.key);
      for (const name of fixture.files()) expect(fs.statSync(path.join(fixture.home, name)).mode & 0o077).toBe(0);
    },
  );

  test('is not written into a project, which is handed on to others', async () => {
    const fixture = connectFixture();
    const project = path.join(fixture.folder, 'project');
    fs.mkdirSync(project);
    await expect(fixture.connect('claude-code', '--http', '--project', project)).rejects.toMatchObject({
      code: 'usage',
    });
    expect([fs.readdirSync(project), fixture.files()]).toEqual([[], []]);
    expect((await fixture.connect('claude-code', '--project', project)).status).toBe(0);
  });

  test.skipIf(process.platform === 'win32')('open to others is not used', async () => {
    const fixture = connectFixture();
    fs.chmodSync(path.join(fixture.dataDir, 'clients', 'agent.key'), 0o644);
    const { status, stderr } = await fixture.connect('cursor');
    expect([status, stderr, fixture.files()]).toEqual([1, expect.stringContaining('chmod 600'), []]);
  });
});

test('LO-13 a record that others could have written decides nothing: the entry alone is taken out', async () => {
  const fixture = connectFixture();
  fixture.write(config, text);
  await fixture.connect('cursor');
  const folder = path.join(fixture.dataDir, 'connections');
  for (const name of fs.readdirSync(folder)) fs.chmodSync(path.join(folder, name), 0o666);
  await fixture.disconnect('cursor');
  expect(JSON.parse(fixture.read(config))).toEqual({ mcpServers: {} });
});

describe('LO-21 what somebody wrote around our entry outlives it, also when the record of it is lost', () => {
  test.each([
    ['a comment at an empty list', 'mcpServers: # mine\nmodels: []\n'],
    ['a comment at a list without items', 'mcpServers: [] # mine\nmodels: []\n'],
    ['a comment at a list that is nothing', 'mcpServers: ~ # mine\nmodels: []\n'],
    ['a comment behind the last item, as far in as its members', 'mcpServers:\n- name: a\n    # mine\nmodels: []\n'],
    ['a comment at the end of the file', 'mcpServers:\n  - name: a\n    # mine\n'],
    [
      'comments between all lines',
      '# mine 1\nname: x # mine 2\n# mine 3\nmcpServers: # mine 4\n  # mine 5\n  - name: a # mine 6\n',
    ],
  ])('%s', async (_name, before) => {
    const fixture = connectFixture();
    const file = '.continue/config.yaml';
    fixture.write(file, before);
    const comments = () => fixture.read(file).match(/# mine( \d)?/g);
    const expected = comments();
    expect((await fixture.connect('continue')).status).toBe(0);
    expect(comments()).toEqual(expected);
    fs.rmSync(path.join(fixture.dataDir, 'connections'), { recursive: true });
    expect((await fixture.disconnect('continue')).status).toBe(0);
    expect(fixture.read(file)).not.toContain('countersign');
    expect(comments()).toEqual(expected);
  });
});

test('a file that another program changes meanwhile is not overwritten', async () => {
  const { openConfiguration, replaceConfiguration } = await import('../../mcp-bridge/connect/configuration-file.ts');
  const fixture = connectFixture();
  const file = fixture.write(config, text);
  const opened = openConfiguration(file, fixture.home);
  fs.writeFileSync(file, '{"later": 1}');
  expect(() => replaceConfiguration(opened, '{}', new Date(0))).toThrow(/changed by another program/);
  expect([fixture.read(config), fixture.files()]).toEqual(['{"later": 1}', [config]]);
});

function victim({ folder }: ConnectFixture): string {
  const file = path.join(folder, 'victim.json');
  fs.writeFileSync(file, text);
  return file;
}

function everything(folder: string): readonly string[] {
  return (fs.readdirSync(folder, { recursive: true }) as string[]).sort().map((name) => {
    const stats = fs.lstatSync(path.join(folder, name));
    return `${name} ${stats.ino} ${stats.mtimeMs} ${stats.size}`;
  });
}

function holders({ folder, key }: ConnectFixture): readonly string[] {
  return (fs.readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => fs.statSync(path.join(folder, name)).isFile())
    .filter((name) => fs.readFileSync(path.join(folder, name), 'utf8').includes(key))
    .sort();
}
