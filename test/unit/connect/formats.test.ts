/** Each notation: our entry goes in and out, and nothing else changes a byte. */
import fc from 'fast-check';
import { stringify as stringifyToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { stringify as stringifyYaml } from 'yaml';
import { edited, Unreadable } from '../../../mcp-bridge/connect/configuration-format.ts';
import { formats } from '../../../mcp-bridge/connect/connect-entry.ts';
import { spliceBetween } from '../../../mcp-bridge/connect/text-splice.ts';
import type { JsonObject } from '../../../mcp-bridge/core/model/json.ts';

const entry = { command: '/usr/bin/node', args: ['/opt/"shim".cjs', '--client', 'a'] };
type Notation = keyof typeof formats;
const places = {
  json: { container: 'mcpServers', name: 'countersign' },
  toml: { container: 'mcp_servers', name: 'countersign' },
  yaml: { container: 'mcpServers', name: 'countersign' },
} as const;
const entryOf = (notation: Notation): JsonObject => (notation === 'yaml' ? { name: 'countersign', ...entry } : entry);

const put = (notation: Notation, text: string, given: JsonObject = entryOf(notation)): string => {
  const format = formats[notation];
  return edited('the file', format, places[notation], text, given, () => format.put(text, places[notation], given));
};

describe('putting in', () => {
  test.each<[string, Notation, string, string]>([
    ['an empty file becomes a whole one', 'json', '', '{\n  "mcpServers": {\n    "countersign": E\n  }\n}\n'],
    ['an empty object is filled', 'json', '{}', '{\n  "mcpServers": {\n    "countersign": E\n  }\n}'],
    [
      'the container is added after the last member',
      'json',
      '{\n  "theme": "dark"\n}\n',
      '{\n  "theme": "dark",\n  "mcpServers": {\n    "countersign": E\n  }\n}\n',
    ],
    [
      'a comment stays with what it is about',
      'json',
      '{\n  "mcpServers": {\n    // the files\n    "files": {} // mine\n    // the end\n  }\n}\n',
      '{\n  "mcpServers": {\n    // the files\n    "files": {}, // mine\n    "countersign": E\n    // the end\n  }\n}\n',
    ],
    [
      'a trailing comma stays',
      'json',
      '{\n  "mcpServers": {\n    "files": {}, /* mine */\n  },\n}\n',
      '{\n  "mcpServers": {\n    "files": {}, /* mine */\n    "countersign": E,\n  },\n}\n',
    ],
    [
      'one line stays one line',
      'json',
      '{"mcpServers":{"a":{}},"z":1}',
      '{"mcpServers":{"a":{}, "countersign":C},"z":1}',
    ],
    [
      'an empty container is filled in place',
      'json',
      '{\n  "mcpServers": {},\n  "z": 1\n}\n',
      '{\n  "mcpServers": {\n    "countersign": E\n  },\n  "z": 1\n}\n',
    ],
    [
      'an older entry is replaced where it stands',
      'json',
      '{\n  "mcpServers": {\n    "countersign": {"old": 1},\n    "z": {}\n  }\n}\n',
      '{\n  "mcpServers": {\n    "countersign": E,\n    "z": {}\n  }\n}\n',
    ],
    ['an empty file becomes a table', 'toml', '', '[mcp_servers.countersign]\nT\n'],
    [
      'a table is appended, comments and spelling stay',
      'toml',
      '# mine\nmodel="x"   # spaced\n\n[mcp_servers.files]\ncommand = \'a\'\n',
      '# mine\nmodel="x"   # spaced\n\n[mcp_servers.files]\ncommand = \'a\'\n\n[mcp_servers.countersign]\nT\n',
    ],
    ['a missing last line end stays missing', 'toml', 'a = 1', 'a = 1\n\n[mcp_servers.countersign]\nT'],
    [
      'an older table and its subtables are replaced, the comment of the next one stays',
      'toml',
      '[mcp_servers.countersign]\ncommand = "old"\n[mcp_servers.countersign.env]\nA = "[x]"\n\n# about b\n[b]\nc = 1\n',
      '[mcp_servers.countersign]\nT\n\n# about b\n[b]\nc = 1\n',
    ],
    [
      'what only looks like a table is text',
      'toml',
      'note = """\n[mcp_servers.countersign]\n"""\nlist = [\n  1, # ]\n]\n',
      'note = """\n[mcp_servers.countersign]\n"""\nlist = [\n  1, # ]\n]\n\n[mcp_servers.countersign]\nT\n',
    ],
    ['an empty file becomes a list', 'yaml', '', 'mcpServers:\n  - Y4\n'],
    [
      'an item is added at the end of the list, comments stay',
      'yaml',
      'name: x # mine\nmcpServers:\n- name: files # first\n  command: a # why\n# models\nmodels: []\n',
      'name: x # mine\nmcpServers:\n- name: files # first\n  command: a # why\n- Y2\n# models\nmodels: []\n',
    ],
    ['an empty list is filled', 'yaml', 'mcpServers: []\nmodels: []\n', 'mcpServers:\n  - Y4\nmodels: []\n'],
    ['a list without items is filled', 'yaml', 'name: x\nmcpServers:\n', 'name: x\nmcpServers:\n  - Y4\n'],
    [
      'an older item is replaced where it stands',
      'yaml',
      'mcpServers:\n  - command: old\n    name: countersign\n  - name: z\n',
      'mcpServers:\n  - Y4\n  - name: z\n',
    ],
  ])('%s (%s)', (_name, notation, before, expected) => {
    const whole = expected
      .replace(
        /^(.*)\bE\b/m,
        (_line, start: string) =>
          start + JSON.stringify(entry, null, 2).replaceAll('\n', `\n${/^ */.exec(start)?.[0]}`),
      )
      .replace(/\bC\b/, JSON.stringify(entry))
      .replace(/^T$/m, `command = "/usr/bin/node"\nargs = ["/opt/\\"shim\\".cjs", "--client", "a"]`)
      .replace(/\bY(\d)/, (_word, indent: string) =>
        ['name: "countersign"', 'command: "/usr/bin/node"', `args: ${JSON.stringify(entry.args)}`].join(
          `\n${' '.repeat(Number(indent))}`,
        ),
      );
    expect(put(notation, before)).toBe(whole);
    expect(put(notation, before.replaceAll('\n', '\r\n')).replaceAll('\r\n', '\n')).toBe(whole);
  });

  test('a file with Windows line ends gets no other', () => {
    for (const [notation, text] of [
      ['json', '{\r\n\t"a": 1\r\n}\r\n'],
      ['toml', 'a = 1\r\n'],
      ['yaml', 'a: 1\r\n'],
    ] as const)
      expect(put(notation, text).replaceAll('\r\n', '')).not.toContain('\n');
  });
});

describe('refused, with the line', () => {
  test.each<[string, Notation, string, RegExp]>([
    [
      'a brace is missing',
      'json',
      '{\n  "mcpServers": {\n',
      /^the file, line 3: this is not JSON \(CloseBraceExpected\)/,
    ],
    ['text follows the end', 'json', '{}\n{}\n', /^the file, line 2: this is not JSON/],
    ['the top is a list', 'json', '[]', /line 1: its top is not an object/],
    ['the container is a list', 'json', '{\n"mcpServers": []}', /line 2: "mcpServers" is not an object/],
    [
      'the entry stands there twice',
      'json',
      '{"mcpServers": {"countersign": {},\n"countersign": {}}}',
      /line 2: "countersign" stands there twice/,
    ],
    [
      'the container stands there twice',
      'json',
      '{"mcpServers": {},\n"mcpServers": {}}',
      /line 2: "mcpServers" stands there twice/,
    ],
    ['it is nested without end', 'json', '['.repeat(100_000), /nested too deeply|not JSON/],
    ['a key stands there twice', 'toml', 'a = 1\na = 2\n', /^the file, line 2: this is not TOML/],
    ['the container is an inline table', 'toml', 'mcp_servers = { a = { command = "x" } }\n', /cannot be changed/],
    [
      'the entry is an inline table',
      'toml',
      '[mcp_servers]\ncountersign = { command = "x" }\n',
      /not written as a \[table\]/,
    ],
    ['a tab indents', 'yaml', 'a:\n\t- b\n', /^the file, line 2: this is not YAML/],
    ['there are two documents', 'yaml', 'a: 1\n---\nb: 2\n', /this is not YAML/],
    ['the list is written on one line', 'yaml', 'mcpServers: [{name: a}]\n', /written on one line/],
    [
      'an alias is a bomb',
      'yaml',
      `a: &a [x]\n${[...'bcdefghij'].map((n, i) => `${n}: &${n} [${Array(9).fill(`*${'abcdefghij'[i]}`)}]\n`).join('')}`,
      /not YAML/,
    ],
  ])('%s (%s)', (_name, notation, text, message) => {
    expect(() => put(notation, text)).toThrow(message);
  });

  test('a class of its own inside the folder, an AppError outside', () => {
    expect(() => formats.json.look('{', places.json)).toThrow(Unreadable);
    expect(() => put('json', '{')).toThrow(expect.objectContaining({ code: 'config.invalid' }));
  });
});

describe('taking out', () => {
  test.each<[string, Notation, string, string]>([
    [
      'the only member',
      'json',
      '{\n  "mcpServers": {\n    "countersign": {}\n  }\n}\n',
      '{\n  "mcpServers": {\n  }\n}\n',
    ],
    [
      'the first member',
      'json',
      '{"mcpServers":{\n  "countersign": {},\n  // b\n  "b": {}\n}}',
      '{"mcpServers":{\n  // b\n  "b": {}\n}}',
    ],
    [
      'the last member, with the comma before it',
      'json',
      '{"mcpServers":{\n  "b": {}, // b\n  "countersign": {}\n}}',
      '{"mcpServers":{\n  "b": {} // b\n}}',
    ],
    [
      'the last member with a comma of its own',
      'json',
      '{"mcpServers":{\n  "b": {},\n  "countersign": {},\n}}',
      '{"mcpServers":{\n  "b": {},\n}}',
    ],
    [
      'a table between others',
      'toml',
      'a = 1\n\n[mcp_servers.countersign]\nx = 1\n\n# b\n[b]\n',
      'a = 1\n\n# b\n[b]\n',
    ],
    [
      'an item between others',
      'yaml',
      'mcpServers:\n  - name: a\n  - name: countersign\n    x: 1\n  - name: b\n',
      'mcpServers:\n  - name: a\n  - name: b\n',
    ],
    ['the only item', 'yaml', 'mcpServers:\n  - name: countersign\nb: 1\n', 'mcpServers: []\nb: 1\n'],
  ])('%s (%s)', (_name, notation, before, after) => {
    expect(formats[notation].remove(before, places[notation], false)).toBe(after);
  });
});

const word = fc.stringMatching(/^[a-z"'#[\]{}:, \\\u00e9\u{1f512}]{1,8}$/u);
const servers = fc.dictionary(word, fc.record({ command: word, args: fc.array(word, { maxLength: 3 }) }), {
  maxKeys: 4,
});

const plain = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/).filter((name) => name !== 'mcp');
const others = fc.dictionary(
  plain,
  fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.dictionary(plain, fc.string())),
);

test.each<[Notation, (servers: Record<string, object>, others: Record<string, unknown>, indent: number) => string]>([
  ['json', (mcpServers, rest, indent) => JSON.stringify({ ...rest, mcpServers }, null, indent)],
  ['toml', (mcp_servers, rest) => stringifyToml({ ...rest, mcp_servers, last: { text: '"""\n[x]' } })],
  [
    'yaml',
    (named, rest, indent) =>
      stringifyYaml(
        { ...rest, mcpServers: Object.entries(named).map(([name, server]) => ({ name, ...server })), zz: 1 },
        { indent: indent + 2, indentSeq: indent % 2 === 0 },
      ),
  ],
])('whatever else a %s file holds, it is the same after putting in and taking out', (notation, write) => {
  fc.assert(
    fc.property(servers, others, fc.integer({ min: 0, max: 4 }), (named, rest, indent) => {
      const text = write(named, rest, indent);
      const [format, place] = [formats[notation], places[notation]];
      const connected = put(notation, text);
      expect(format.look(connected, place)).toEqual({ entry: entryOf(notation), rest: format.look(text, place).rest });
      // nothing that was there is gone: the one difference takes no more away than a bracket or a line end
      expect(spliceBetween(text, connected).removed.length).toBeLessThanOrEqual(notation === 'yaml' ? 2 : 1);
      const out = format.remove(connected, place, false);
      expect(format.look(out, place)).toEqual({ ...format.look(text, place), entry: undefined });
    }),
    { numRuns: 200 },
  );
});

test('a splice says exactly what differs', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const { at, inserted, removed } = spliceBetween(before, after);
      expect(before.slice(0, at) + inserted + before.slice(at + removed.length)).toBe(after);
    }),
  );
});
