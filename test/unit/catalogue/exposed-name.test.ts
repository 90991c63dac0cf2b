import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  exposedName,
  isToolName,
  MAX_EXPOSED_LENGTH,
  nameProblems,
  nameSkeleton,
} from '../../../mcp-bridge/core/catalogue/exposed-name.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const serverId = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/);
const toolName = fc.stringMatching(/^[A-Za-z0-9_.\-/]{1,128}$/);

test('MC-07: no two tools have one exposed name', () => {
  fc.assert(
    fc.property(serverId, toolName, serverId, toolName, (server1, tool1, server2, tool2) => {
      const isSame = server1 === server2 && tool1 === tool2;
      expect(exposedName(server1, tool1, sha256) === exposedName(server2, tool2, sha256)).toBe(isSame);
    }),
  );
});

test('every exposed name is short enough for every AI client', () => {
  fc.assert(
    fc.property(serverId, toolName, (server, tool) => exposedName(server, tool, sha256).length <= MAX_EXPOSED_LENGTH),
  );
});

test('long names that begin alike stay apart', () => {
  const [one, two] = ['a', 'b'].map((end) => exposedName('server', 'x'.repeat(100) + end, sha256));
  expect(one).not.toBe(two);
});

test.each([
  ['case', 'readFile', 'ReadFile'],
  ['_ and -', 'read_file', 'read-file'],
  ['one and two underscores', 'read_file', 'read__file'],
  ['a dot', 'read.file', 'read_file'],
  ['zero and o', 'go0d', 'good'],
  ['one and l', 'f1le', 'fLle'],
  ['capital i and l', 'Ist', 'lst'],
  ['full-width letters (NFKC)', 'ｒead', 'read'],
  ['a zero-width letter', 're\u200bad', 'read'],
  ['a soft hyphen', 're\u00adad', 'read'],
])('%s: %s and %s look alike', (_name, one, two) => expect(nameSkeleton(one)).toBe(nameSkeleton(two)));

test.each([
  ['read_file', 'write_file'],
  ['getUser', 'get_user'],
  ['list', 'lists'],
])('%s and %s do not', (one, two) => expect(nameSkeleton(one)).not.toBe(nameSkeleton(two)));

test.each(['', ' a', 'a ', 'a\nb', 'а', 're\u200bad', 'x'.repeat(129), '名前', 'a\u202eb'])(
  '%j is no name for a tool',
  (name) => expect(isToolName(name)).toBe(false),
);

describe('who is refused', () => {
  const tool = (server: string, name: string, established = false) => ({
    serverId: server,
    toolName: name,
    established,
  });
  test.each([
    ['nobody, for ordinary tools of two servers', [tool('a', 'read'), tool('b', 'read')], []],
    ['both of two look-alikes', [tool('a', 'read_x'), tool('a', 'read-x')], ['read_x', 'read-x']],
    ['the newcomer, where one was reviewed before', [tool('a', 'read_x', true), tool('a', 'read-x')], ['read-x']],
    ['both where the parts meet ambiguously', [tool('a', 'b__c'), tool('a-b', 'c')], ['b__c', 'c']],
    ['a name with letters that tools may not have', [tool('a', 'gіt')], ['gіt']],
  ])('%s', (_name, tools, refused) => {
    expect([...nameProblems(tools, sha256).keys()].map(({ toolName: name }) => name)).toEqual(refused);
  });
});
