import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../mcp-bridge/core/model/json.ts';
import { childEnvironment } from '../../../mcp-bridge/upstream/child-environment.ts';
import { capabilitiesForCall, offeredCapabilities } from '../../../mcp-bridge/upstream/client-capabilities.ts';
import { statelessHeaders } from '../../../mcp-bridge/upstream/http-headers.ts';
import { parseServerConfig, parseServerConfigs } from '../../../mcp-bridge/upstream/server-config.ts';

test('the ecosystem’s own entry is enough; what Countersign adds is the careful choice', () => {
  expect(parseServerConfig('git', { command: 'npx', args: ['-y', 'git-server'], env: { A: 'b' } })).toEqual({
    serverId: 'git',
    kind: 'stdio',
    command: 'npx',
    args: ['-y', 'git-server'],
    env: { A: 'b' },
    trusted: false,
    allow: { sampling: false, elicitation: false, roots: false },
    requestTimeoutMs: 600_000,
    disabled: false,
  });
  expect(parseServerConfig('web', { type: 'http', url: 'https://example.com/mcp' })).toMatchObject({
    kind: 'http',
    headers: {},
    allowPrivateNetwork: false,
    trusted: false,
  });
});

test.each<[string, unknown, string]>([
  ['no object', [], 'servers: must be an object'],
  ['neither command nor address', { x: {} }, 'servers.x: give either "command"'],
  ['both', { x: { command: 'a', url: 'https://b' } }, 'servers.x: give either "command"'],
  ['an entry that is no object', { x: 'npx' }, 'servers.x: give either "command"'],
  ['arguments that are no list', { x: { command: 'a', args: 'b' } }, 'servers.x.args: '],
  ['a number in the environment', { x: { command: 'a', env: { A: 1 } } }, 'servers.x.env.A: '],
  ['a misspelt member', { x: { command: 'a', trustd: true } }, 'servers.x: '],
  ['a relative working folder', { x: { command: 'a', cwd: 'b' } }, 'servers.x.cwd: '],
  ['a sign-in to a program', { x: { command: 'a', auth: {} } }, 'servers.x: '],
  ['a misspelt member of a sign-in', { x: { url: 'https://b', auth: { client_id: 'c' } } }, 'servers.x.auth: '],
  ['a scope with a space', { x: { url: 'https://b', auth: { scopes: ['a b'] } } }, 'servers.x.auth'],
  [
    'a sign-in beside a key',
    { x: { url: 'https://b', auth: {}, headers: { AUTHORIZATION: 'Bearer k' } } },
    'servers.x.auth: signs in, and "headers" hold an Authorization already',
  ],
  ['a transport that is none', { x: { url: 'https://b', type: 'websocket' } }, 'servers.x.type: a server with a "url"'],
  ['a transport in capitals', { x: { url: 'https://b', type: 'SSE' } }, 'servers.x.type: a server with a "url"'],
  ['an address over stdio', { x: { url: 'https://b', type: 'stdio' } }, 'servers.x.type: a server with a "url"'],
  ['a program over SSE', { x: { command: 'a', type: 'sse' } }, 'servers.x.type: a server with a "command"'],
  ['trust in words', { x: { command: 'a', trusted: 'yes' } }, 'servers.x.trusted: '],
])('%s is refused, and the message says where', (_name, entry, message) => {
  expect(() => parseServerConfigs(entry, 'servers')).toThrow(
    expect.objectContaining({ code: 'config.invalid', message: expect.stringContaining(message) }),
  );
});

test.each(['http', 'streamable-http', 'sse', undefined])('the transport %s is known for an address', (type) => {
  const entry = { url: 'https://b', ...(type === undefined ? {} : { type }) };
  expect(parseServerConfigs({ x: entry })).toMatchObject([{ kind: 'http', ...entry }]);
});

describe('the environment of a child', () => {
  test('is the allow-list and what was declared', () => {
    const own = { PATH: '/bin', HOME: '/home/a', SECRET: 'x', LD_PRELOAD: 'y', LANG: '() { evil; }' };
    expect({ ...childEnvironment({ TOKEN: 't' }, own, 'env') }).toEqual({ PATH: '/bin', HOME: '/home/a', TOKEN: 't' });
  });
  test.each([
    ['a relative PATH', { PATH: 'bin:/bin' }],
    ['an empty entry in PATH', { PATH: '/bin::/usr/bin' }],
    ['a value with NUL', { A: 'a\0b' }],
    ['a function', { A: '() { :; }; touch /tmp/x' }],
    ['a name that is none', { 'A=B': 'c' }],
  ])('%s is refused', (_name, declared) => expect(() => childEnvironment(declared, {}, 'env')).toThrow(/^env\./));
});

describe('what an upstream is offered', () => {
  const meta = (clientCapabilities: JsonObject): JsonObject => ({
    _meta: { 'io.modelcontextprotocol/clientCapabilities': clientCapabilities },
  });
  const nothing = { sampling: false, elicitation: false, roots: false, folders: [] };
  test.each([
    ['nothing by default', nothing, {}],
    ['what was allowed', { ...nothing, sampling: true }, { sampling: {} }],
    ['folders that the person gave', { ...nothing, folders: ['/a'] }, { roots: {} }],
  ])('%s', (_name, allowed, expected) => expect(offeredCapabilities(allowed)).toEqual(expected));
  test.each([
    [
      'no more than the caller can',
      { ...nothing, sampling: true, elicitation: true },
      meta({ sampling: {} }),
      { sampling: {} },
    ],
    ['no more than was allowed', nothing, meta({ sampling: {}, elicitation: {}, roots: {} }), {}],
    ['extensions pass', nothing, meta({ extensions: { 'x/y': {} } }), { extensions: { 'x/y': {} } }],
    ['a caller that says nothing can do nothing', { ...nothing, sampling: true, folders: ['/a'] }, {}, { roots: {} }],
  ])('for a call: %s', (_name, allowed, params, expected) =>
    expect(capabilitiesForCall(allowed, params, false)).toEqual(expected),
  );
});

test('a caller of the initialize era that takes requests is what the person allowed', () => {
  const allowed = { sampling: true, elicitation: false, roots: false, folders: [] };
  expect(capabilitiesForCall(allowed, {}, true)).toEqual({ sampling: {} });
});

describe('headers that mirror the body', () => {
  const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
  const schema = {
    properties: {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      deep: { type: 'object', properties: { dry: { type: 'boolean', 'x-mcp-header': 'Dry-Run' } } },
      broken: { type: 'string', 'x-mcp-header': 'a b' },
      items: { items: { 'x-mcp-header': 'No' } },
    },
  };
  test.each([
    ['a list', 'tools/list', {}, {}],
    ['a call', 'tools/call', { name: 'x' }, { 'mcp-name': 'x' }],
    ['a resource', 'resources/read', { uri: 'a://b' }, { 'mcp-name': 'a://b' }],
    ['letters beyond ASCII', 'tools/call', { name: 'ü' }, { 'mcp-name': '=?base64?w7w=?=' }],
    ['a break in a name', 'tools/call', { name: 'a\r\nb' }, { 'mcp-name': '=?base64?YQ0KYg==?=' }],
    ['spaces around', 'tools/call', { name: ' a' }, { 'mcp-name': '=?base64?IGE=?=' }],
    [
      'what looks encoded',
      'tools/call',
      { name: '=?base64?YQ==?=' },
      { 'mcp-name': '=?base64?PT9iYXNlNjQ/WVE9PT89?=' },
    ],
    [
      'declared arguments',
      'tools/call',
      { name: 'x', arguments: { region: 'eu', deep: { dry: true }, broken: 'y', other: 'z' } },
      { 'mcp-name': 'x', 'mcp-param-region': 'eu', 'mcp-param-dry-run': 'true' },
    ],
  ])('%s', (_name, method, params, expected) =>
    expect(statelessHeaders(method, { ...params, _meta }, schema)).toEqual({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...expected,
    }),
  );
});
