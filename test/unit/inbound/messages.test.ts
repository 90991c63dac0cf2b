import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dataDirCandidates, socketPathOf } from '../../../mcp-bridge/inbound/data-dir.ts';
import { decodeHeaderValue } from '../../../mcp-bridge/inbound/era.ts';
import { initializeResult, statelessResult } from '../../../mcp-bridge/inbound/era-results.ts';
import { createLineReader } from '../../../mcp-bridge/inbound/lines.ts';
import { paramHeaderProblem } from '../../../mcp-bridge/inbound/param-headers.ts';
import { createSubscribedResources } from '../../../mcp-bridge/inbound/subscribed-resources.ts';
import type { BridgeEndpoint } from '../../../mcp-bridge/pipeline/ports.ts';

const serverInfo = { name: 'countersign', version: '1' };
const _meta = { 'io.modelcontextprotocol/serverInfo': serverInfo };

test.each([
  ['a call without a type is complete', 'tools/call', { content: [] }, { content: [], resultType: 'complete', _meta }],
  [
    'a list is private and not to be kept',
    'resources/list',
    { resources: [] },
    { resources: [], resultType: 'complete', ttlMs: 0, cacheScope: 'private', _meta },
  ],
  [
    'a time to live is kept',
    'tools/list',
    { tools: [], ttlMs: 5 },
    { tools: [], resultType: 'complete', ttlMs: 5, cacheScope: 'private', _meta },
  ],
  [
    'what an upstream would share stays private',
    'prompts/list',
    { prompts: [], cacheScope: 'public' },
    { prompts: [], resultType: 'complete', ttlMs: 0, cacheScope: 'private', _meta },
  ],
  [
    'a time to live that is none is zero',
    'tools/list',
    { tools: [], ttlMs: -1 },
    { tools: [], resultType: 'complete', ttlMs: 0, cacheScope: 'private', _meta },
  ],
  [
    'input_required has no time to live',
    'resources/read',
    { resultType: 'input_required', requestState: 's' },
    { resultType: 'input_required', requestState: 's', _meta },
  ],
  [
    'other _meta stays, a stranger as the server does not',
    'tools/call',
    { content: [], _meta: { a: 1, ..._meta, 'io.modelcontextprotocol/serverInfo': { name: 'x' } } },
    { content: [], resultType: 'complete', _meta: { a: 1, ..._meta } },
  ],
  [
    'execution is no member of a tool',
    'tools/list',
    { tools: [{ name: 'a', execution: {} }, { name: 'b' }] },
    { tools: [{ name: 'a' }, { name: 'b' }], resultType: 'complete', ttlMs: 0, cacheScope: 'private', _meta },
  ],
])('2026-07-28: %s', (_name, method, result, expected) => {
  expect(statelessResult(method, result, serverInfo)).toEqual(expected);
});

test.each([
  ['a plain result is left as it is', 'tools/call', { content: [] }, { content: [] }],
  ['the type of a result is not known', 'tools/call', { content: [], resultType: 'complete' }, { content: [] }],
  [
    'how long a list may be kept is not known',
    'tools/list',
    { tools: [], resultType: 'complete', ttlMs: 5, cacheScope: 'private' },
    { tools: [] },
  ],
  [
    "a member of that name elsewhere is somebody else's",
    'completion/complete',
    { completion: {}, ttlMs: 1 },
    { completion: {}, ttlMs: 1 },
  ],
])('initialize era: %s', (_name, method, result, expected) => {
  expect(initializeResult(method, result)).toEqual(expected);
});

test.each([
  ['a plain value', 'echo', 'echo'],
  ['base64', '=?base64?w6ljaG8=?=', 'écho'],
  ['an empty value in base64', '=?base64??=', ''],
  ['no prefix', 'w6ljaG8=', 'w6ljaG8='],
  ['no suffix', '=?base64?w6ljaG8=', '=?base64?w6ljaG8='],
  ['missing padding', '=?base64?SGVsbG8?=', undefined],
  ['letters that are none', '=?base64?SGVs!!!bG8=?=', undefined],
  ['loose bits at the end', '=?base64?SGVsbG9=?=', undefined],
  ['bytes that are no UTF-8', '=?base64?/w==?=', undefined],
])('a header value: %s', (_name, value, expected) => {
  expect(decodeHeaderValue(value)).toBe(expected);
});

const schema = {
  type: 'object',
  properties: {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    count: { type: 'integer', 'x-mcp-header': 'Count' },
    nested: { type: 'object', properties: { deep: { type: 'boolean', 'x-mcp-header': 'Deep' } } },
    list: { type: 'array', items: { type: 'string', 'x-mcp-header': 'List' } },
    odd: { type: 'string', 'x-mcp-header': 'not a token' },
  },
};
test.each([
  ['nothing', {}, {}, undefined],
  ['a header that agrees', { region: 'eu' }, { 'mcp-param-region': 'eu' }, undefined],
  ['a header in base64 that agrees', { region: 'é' }, { 'mcp-param-region': '=?base64?w6k=?=' }, undefined],
  ['a header without a value', {}, { 'mcp-param-region': 'eu' }, undefined],
  ['a null', { region: null }, {}, undefined],
  ['a number that is the same number', { count: 42 }, { 'mcp-param-count': '42.0' }, undefined],
  ['a number with an exponent', { count: 1e21 }, { 'mcp-param-count': '1e+21' }, undefined],
  [
    'a number with another exponent',
    { count: 1e21 },
    { 'mcp-param-count': '1e+22' },
    'the header Mcp-Param-Count says something else than the body',
  ],
  ['a boolean deep down', { nested: { deep: true } }, { 'mcp-param-deep': 'true' }, undefined],
  ['an annotation where none may be', { list: ['a'], odd: 'x' }, {}, undefined],
  ['a value without a header', { region: 'eu' }, {}, 'the header Mcp-Param-Region is missing'],
  [
    'another value',
    { region: 'eu' },
    { 'mcp-param-region': 'us' },
    'the header Mcp-Param-Region says something else than the body',
  ],
  [
    'another number',
    { count: 42 },
    { 'mcp-param-count': '43' },
    'the header Mcp-Param-Count says something else than the body',
  ],
  [
    'a number in another notation',
    { count: 16 },
    { 'mcp-param-count': '0x10' },
    'the header Mcp-Param-Count says something else than the body',
  ],
  [
    'bad base64',
    { region: 'eu' },
    { 'mcp-param-region': '=?base64?!?=' },
    'the header Mcp-Param-Region is not valid base64',
  ],
])('parameter headers: %s', (_name, given, headers, expected) => {
  expect(paramHeaderProblem(schema, given, headers)).toBe(expected);
});

test('LO-23 however a stream is cut into pieces, the lines are the same', () => {
  const line = fc
    .uint8Array({ minLength: 1, maxLength: 40 })
    .map((bytes) => bytes.map((byte) => (byte === 10 ? 11 : byte)));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), fc.array(fc.nat(200), { maxLength: 20 }), (lines, cuts) => {
      const stream = Buffer.concat(lines.flatMap((bytes) => [bytes, Uint8Array.of(10)]));
      const seen: string[] = [];
      const reader = createLineReader(1_000, (bytes) => seen.push(Buffer.from(bytes).toString('hex')));
      const at = [...new Set(cuts.filter((cut) => cut < stream.length))].sort((one, other) => one - other);
      [...at, stream.length].forEach((end, index) => {
        expect(reader.feed(stream.subarray(at[index - 1] ?? 0, end))).toBe(true);
      });
      expect(seen).toEqual(lines.map((bytes) => Buffer.from(bytes).toString('hex')));
    }),
  );
});

test.each([
  ['a line at the cap', [10], true],
  ['a line over the cap', [11], false],
  ['a line over the cap in pieces', [6, 5], false],
  ['lines that are over it only together', [6, -1, 6], true],
])('LO-23 %s', (_name, lengths, fits) => {
  const reader = createLineReader(10, () => {});
  const fed = lengths.map((length) => reader.feed(length < 0 ? Uint8Array.of(10) : Buffer.alloc(length, 'a')));
  expect(fed.at(-1)).toBe(fits);
  expect(reader.feed(Uint8Array.of(10))).toBe(fits);
});

test.each([
  ['Linux', 'linux', {}, '.local/share/countersign'],
  ['Linux with a data home', 'linux', { XDG_DATA_HOME: '/data' }, '/data/countersign'],
  ['Linux with a data home that is relative', 'linux', { XDG_DATA_HOME: 'data' }, '.local/share/countersign'],
  ['macOS', 'darwin', { XDG_DATA_HOME: '/data' }, 'Library/Application Support/Countersign'],
] as const)('the data folder on %s', (_name, platform, environment, expected) => {
  const [first, ...rest] = dataDirCandidates(platform, environment);
  expect(first?.endsWith(expected)).toBe(true);
  expect(rest.length).toBeLessThanOrEqual(2);
});

test('a socket path is short enough for every system and different for every data folder', () => {
  const deep = `/home/${'a'.repeat(150)}`;
  const paths = ['/home/a', deep, `${deep}b`].map((dataDir) => socketPathOf(dataDir, 'linux'));
  expect(paths[0]).toBe('/home/a/run/bridge.sock');
  for (const path of paths) expect(Buffer.byteLength(path)).toBeLessThanOrEqual(103);
  expect(new Set(paths).size).toBe(3);
  expect(socketPathOf('C:\\Users\\a', 'win32')).toMatch(/^\\\\\.\\pipe\\countersign-[0-9a-f]{24}$/);
});

test.each([
  ['of all servers, at the endpoint of all', ['all', 'all'], ['all', 'all'], [false, true]],
  ['at both endpoints', ['all', 'all', 'a'], ['all', 'a', 'all'], [false, false, true]],
  ['at both endpoints, the server alone last', ['all', 'a'], ['all', 'a'], [false, true]],
  ['of two servers that have the same URI', ['a', 'b'], ['a', 'b'], [true, true]],
  ['that nobody had', [], ['all'], [true]],
])('the last of several who leaves a resource is noticed: %s', (_name, added, removed, expected) => {
  const resources = createSubscribedResources();
  const endpointOf = (id: string) =>
    (id === 'all' ? { kind: 'all' } : { kind: 'server', serverId: id }) as BridgeEndpoint;
  for (const id of added) resources.add(endpointOf(id), 'u');
  expect(removed.map((id) => resources.remove(endpointOf(id), 'u'))).toEqual(expected);
});
