/** `connect` and `disconnect` on real files, for every AI client. */
import fs from 'node:fs';
import path from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { aiClients } from '../../../mcp-bridge/connect/ai-clients.ts';
import { type ConnectFixture, connectFixture, mcpClientId } from '../../support/connect-fixture.ts';

const linux = process.platform === 'linux';
const files: Readonly<Record<string, string>> = {
  'claude-code': '.claude.json',
  codex: '.codex/config.toml',
  gemini: '.gemini/settings.json',
  qwen: '.qwen/settings.json',
  opencode: '.config/opencode/opencode.json',
  copilot: '.copilot/mcp-config.json',
  continue: '.continue/config.yaml',
  vscode: '.config/Code/User/mcp.json',
  cursor: '.cursor/mcp.json',
  'claude-desktop': '.config/Claude/claude_desktop_config.json',
};
const clientWords = aiClients.map(({ id }) => id);

const shimArgs = ({ shimPath, dataDir }: ConnectFixture): readonly string[] => [
  shimPath,
  '--client',
  mcpClientId,
  '--data-dir',
  dataDir,
];

describe.runIf(linux)('a first connection', () => {
  test.each<[string, (fixture: ConnectFixture) => object]>([
    [
      'claude-code',
      (f) => ({
        mcpServers: { countersign: { type: 'stdio', command: process.execPath, args: shimArgs(f), env: {} } },
      }),
    ],
    [
      'codex',
      (f) => ({
        mcp_servers: { countersign: { command: process.execPath, args: shimArgs(f), tool_timeout_sec: 300 } },
      }),
    ],
    ['gemini', (f) => ({ mcpServers: { countersign: { command: process.execPath, args: shimArgs(f) } } })],
    ['qwen', (f) => ({ mcpServers: { countersign: { command: process.execPath, args: shimArgs(f) } } })],
    [
      'opencode',
      (f) => ({
        mcp: {
          countersign: { type: 'local', command: [process.execPath, ...shimArgs(f)], enabled: true, timeout: 300_000 },
        },
      }),
    ],
    [
      'copilot',
      (f) => ({
        mcpServers: {
          countersign: { type: 'local', command: process.execPath, args: shimArgs(f), tools: ['*'], timeout: 300_000 },
        },
      }),
    ],
    [
      'continue',
      (f) => ({
        name: 'Local config',
        version: '1.0.0',
        schema: 'v1',
        mcpServers: [{ name: 'countersign', type: 'stdio', command: process.execPath, args: shimArgs(f) }],
      }),
    ],
    ['vscode', (f) => ({ servers: { countersign: { type: 'stdio', command: process.execPath, args: shimArgs(f) } } })],
    [
      'cursor',
      (f) => ({ mcpServers: { countersign: { type: 'stdio', command: process.execPath, args: shimArgs(f) } } }),
    ],
    ['claude-desktop', (f) => ({ mcpServers: { countersign: { command: process.execPath, args: shimArgs(f) } } })],
  ])(
    'of %s makes its file, without a key in it; the second changes nothing; disconnecting leaves no file',
    async (word, expected) => {
      const fixture = connectFixture();
      const file = files[word] ?? '';
      expect((await fixture.connect(word)).status).toBe(0);
      const text = fixture.read(file);
      expect(parsed(file, text)).toEqual(expected(fixture));
      expect(text).not.toContain(fixture.key);
      expect(fs.statSync(path.join(fixture.home, file)).mode & 0o777).toBe(0o600);
      const { mtimeMs, ino } = fs.statSync(path.join(fixture.home, file));
      expect((await fixture.connect(word)).stdout).toContain('Nothing was changed');
      const again = fs.statSync(path.join(fixture.home, file));
      expect([fixture.files(), again.mtimeMs, again.ino]).toEqual([[file], mtimeMs, ino]);
      expect((await fixture.disconnect(word)).status).toBe(0);
      expect(fixture.files().filter((name) => !name.endsWith('.bak'))).toEqual([]);
      expect(fs.readdirSync(path.join(fixture.dataDir, 'connections'))).toEqual([]);
    },
  );

  test('every AI client of the command line is in this table', () => {
    expect(Object.keys(files).sort()).toEqual([...clientWords].sort());
  });
});

const before: Readonly<Record<'json' | 'toml' | 'yaml', string>> = {
  json: '{\n\t// mine\n\t"z": 1, "a": {"k": [1,2]},\n\t"CONTAINER": {\n\t\t"files": {"command": "x"}, // here\n\t},\n\t"last": true\n}',
  toml: '# mine\nmodel = \'gpt\'   # spaced\n[projects."/a b"]\ntrust_level = "trusted"\n\n[mcp_servers.files]\ncommand = "x"\nargs = [\n  "a", # why\n]',
  yaml: 'name: Mine   # spaced\nversion: 1.0.0\nschema: v1\nmcpServers:\n  - name: files # here\n    command: x\n\nmodels: [] # none\n',
};

describe.runIf(linux)('a file that was there', () => {
  test.each(clientWords)(
    '%s: the rest keeps its bytes, the copy beside holds the old ones, disconnecting restores them',
    async (word) => {
      const aiClient = aiClients.find(({ id }) => id === word);
      const fixture = connectFixture();
      const file = files[word] ?? '';
      for (const [variant, change] of [
        ['as it is', (text: string) => text],
        ['Windows line ends', (text: string) => text.replaceAll('\n', '\r\n')],
        ['byte order mark', (text: string) => `\ufeff${text}`],
      ] as const) {
        if (variant === 'byte order mark' && aiClient?.notation !== 'json') continue;
        const text = change(before[aiClient?.notation ?? 'json'].replace('CONTAINER', aiClient?.container ?? ''));
        fixture.write(file, text, 0o640);
        expect([variant, (await fixture.connect(word)).status]).toEqual([variant, 0]);
        const connected = fixture.read(file);
        expect(connected).toContain('countersign');
        expect(linesOf(connected)).toEqual(expect.arrayContaining(linesOf(text).filter((line) => line !== '')));
        expect(fs.statSync(path.join(fixture.home, file)).mode & 0o777).toBe(0o640);
        const [backup = ''] = fixture.backups();
        expect(fixture.read(backup)).toBe(text);
        expect(fs.statSync(path.join(fixture.home, backup)).mode & 0o777).toBe(0o600);
        expect(path.dirname(backup)).toBe(path.dirname(file));
        expect((await fixture.disconnect(word)).status).toBe(0);
        expect([variant, fixture.read(file)]).toEqual([variant, text]);
        for (const name of fixture.backups()) fs.rmSync(path.join(fixture.home, name));
      }
    },
  );

  test('what others wrote since stays when it is disconnected', async () => {
    const fixture = connectFixture();
    const file = fixture.write('.cursor/mcp.json', '{\n  "mcpServers": {\n    "a": {}\n  }\n}\n');
    await fixture.connect('cursor');
    const connected = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(
      file,
      connected
        .replace('"a": {}', '"a": {"args": []}')
        .replace(/\n {2}\}\n\}/, ',\n    "b": {} // new\n  },\n  "later": 1\n}'),
    );
    await fixture.disconnect('cursor');
    expect(fixture.read('.cursor/mcp.json')).toBe(
      '{\n  "mcpServers": {\n    "a": {"args": []},\n    "b": {} // new\n  },\n  "later": 1\n}\n',
    );
  });

  test.each([
    [
      'cursor',
      '.cursor/mcp.json',
      '{"mcpServers": {"countersign": {"command": "mine", "x": 1}}}',
      (text: string) => `${text}\n`,
    ],
    [
      'codex',
      '.codex/config.toml',
      "[mcp_servers.countersign]\ncommand = 'mine' # old\n",
      (text: string) => `${text}\n[later]\n`,
    ],
    [
      'continue',
      '.continue/config.yaml',
      'mcpServers:\n  - name: countersign\n    command: mine # old\n',
      (text: string) => `${text}later: 1\n`,
    ],
  ])(
    '%s: an entry that stood there before stands there again, also when others wrote since',
    async (word, file, text, later) => {
      const fixture = connectFixture();
      fixture.write(file, text);
      await fixture.connect(word);
      expect(fixture.read(file)).not.toContain('mine');
      const connected = fixture.read(file);
      fixture.write(file, later(connected));
      await fixture.disconnect(word);
      expect(fixture.read(file)).toBe(later(text));
    },
  );

  test('connecting anew with other options keeps what was there before the first time', async () => {
    const fixture = connectFixture();
    const text = '{"mcpServers": {"countersign": {"command": "mine"}}}';
    fixture.write('.cursor/mcp.json', text);
    await fixture.connect('cursor');
    await fixture.connect('cursor', '--start');
    await fixture.connect('cursor', '--http', '--port', '47111');
    expect(JSON.parse(fixture.read('.cursor/mcp.json'))).toEqual({
      mcpServers: {
        countersign: { url: 'http://127.0.0.1:47111/mcp', headers: { Authorization: `Bearer ${fixture.key}` } },
      },
    });
    await fixture.disconnect('cursor');
    expect(fixture.read('.cursor/mcp.json')).toBe(text);
  });

  test('one server alone is an entry of its own', async () => {
    const fixture = connectFixture();
    await fixture.connect('gemini');
    await fixture.connect('gemini', '--server', 'files');
    const { mcpServers } = JSON.parse(fixture.read('.gemini/settings.json'));
    expect(Object.keys(mcpServers)).toEqual(['countersign', 'countersign-files']);
    expect(mcpServers['countersign-files'].args.slice(-2)).toEqual(['--server', 'files']);
    await fixture.disconnect('gemini', '--server', 'files');
    expect(Object.keys(JSON.parse(fixture.read('.gemini/settings.json')).mcpServers)).toEqual(['countersign']);
  });

  test('opencode: the file with comments is written when it is there', async () => {
    const fixture = connectFixture();
    fixture.write('.config/opencode/opencode.json', '{}');
    fixture.write('.config/opencode/opencode.jsonc', '{}');
    await fixture.connect('opencode');
    expect(fixture.read('.config/opencode/opencode.json')).toBe('{}');
    expect(fixture.read('.config/opencode/opencode.jsonc')).toContain('countersign');
  });

  test('a project has a configuration of its own', async () => {
    const fixture = connectFixture();
    const project = path.join(fixture.folder, 'project');
    fs.mkdirSync(project);
    await fixture.connect('claude-code', '--project', project);
    expect(JSON.parse(fs.readFileSync(path.join(project, '.mcp.json'), 'utf8')).mcpServers.countersign.type).toBe(
      'stdio',
    );
    expect(fixture.files()).toEqual([]);
  });
});

test.each(clientWords)('%s --print writes nothing, and what it prints can be read', async (word) => {
  const fixture = connectFixture();
  const { status, stdout } = await fixture.connect(word, '--print');
  expect([status, fixture.files()]).toEqual([0, []]);
  expect(JSON.stringify(parsed(files[word] ?? '', stdout))).toContain(JSON.stringify(fixture.shimPath));
});

describe('refused, and nothing changed', () => {
  test.each([
    [
      'not paired',
      ['cursor', '--client', 'nobody'],
      /there is no AI client "nobody".*AI clients → Connect an AI client.*Paired are: agent/s,
    ],
    ['a client that only starts programs, over HTTP', ['claude-desktop', '--http'], /only starts programs/],
    ['an unknown client', ['emacs'], /name one AI client: claude-code\|codex/],
    ['a server id that is a path', ['cursor', '--server', '../x'], /--server is not the id/],
    ['a client id that is a path', ['cursor', '--client', '../x'], /--client is not the id/],
    ['a project of a client that has none', ['claude-desktop', '--project', '.'], /no configuration of a project/],
  ])('%s', async (_name, args, message) => {
    const fixture = connectFixture();
    const { runConnect } = await import('../../../mcp-bridge/process/commands/connect.ts');
    const { printed } = await import('../../support/connect-fixture.ts');
    const given = args.includes('--client') ? args : [...args, '--client', mcpClientId];
    const all = [...given, '--home', fixture.home, '--data-dir', fixture.dataDir];
    const said = await printed(() => runConnect(all, { shimPath: fixture.shimPath })).then(
      ({ stderr, status }) => `${status}${stderr}`,
      (error: Error) => error.message,
    );
    expect(said).toMatch(message);
    expect(fixture.files()).toEqual([]);
  });

  test('an entry of that name that is not ours stays when it is disconnected', async () => {
    const fixture = connectFixture();
    fixture.write('.cursor/mcp.json', '{"mcpServers": {"countersign": {"command": "mine"}}}');
    const { status, stderr } = await fixture.disconnect('cursor');
    expect([status, stderr]).toEqual([1, expect.stringContaining('does not lead to Countersign')]);
    expect(fixture.read('.cursor/mcp.json')).toBe('{"mcpServers": {"countersign": {"command": "mine"}}}');
  });

  test('disconnecting what was never connected is done already', async () => {
    const fixture = connectFixture();
    expect([(await fixture.disconnect('cursor')).status, fixture.files()]).toEqual([0, []]);
  });
});

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).map((line) => line.replace(/(\}),?$/, '$1'));
}

function parsed(file: string, text: string): unknown {
  if (file.endsWith('.toml')) return parseToml(text);
  return file.endsWith('.yaml') ? parseYaml(text) : JSON.parse(text);
}
