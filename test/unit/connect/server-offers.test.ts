import { describe, expect, test } from 'vitest';
import { standingReadGrants } from '../../../main/authority/read-grants.ts';
import { createChangeStreams } from '../../../mcp-bridge/inbound/change-streams.ts';
import { createServerOffers } from '../../../mcp-bridge/process/server-offers.ts';

const mcpClient = (mcpClientId: string, serverIds?: string[]) => ({
  mcpClientId,
  name: mcpClientId,
  keyHash: '0'.repeat(64),
  ...(serverIds === undefined ? {} : { serverIds }),
});

describe('offered', () => {
  test.each<[string, string[] | undefined, string, boolean]>([
    ['no list is all servers', undefined, 'files', true],
    ['a listed server', ['files'], 'files', true],
    ['a server that is not listed', ['files'], 'git', false],
    ['an empty list is none', [], 'files', false],
    ['a name of every object is no server', ['files'], 'constructor', false],
  ])('%s', (_name, serverIds, serverId, expected) =>
    expect(createServerOffers([mcpClient('ai', serverIds)]).isOffered('ai', serverId)).toBe(expected),
  );

  test('an AI client that nobody paired is offered none', () =>
    expect(createServerOffers([mcpClient('ai')]).isOffered('other', 'files')).toBe(false));

  test.each<[string, string[] | undefined, string[] | undefined, { narrowed: string[]; newlyOffered: string[] }]>([
    ['less', undefined, ['files'], { narrowed: ['ai'], newlyOffered: [] }],
    ['more', ['files'], undefined, { narrowed: [], newlyOffered: ['git'] }],
    ['others', ['files'], ['git'], { narrowed: ['ai'], newlyOffered: ['git'] }],
    ['the same in other words', undefined, ['git', 'files'], { narrowed: [], newlyOffered: [] }],
  ])('%s than before is told', (_name, before, after, changes) => {
    const offers = createServerOffers([mcpClient('ai', before), mcpClient('same')]);
    expect(offers.replace([mcpClient('ai', after), mcpClient('same'), mcpClient('new')], ['files', 'git'])).toEqual(
      changes,
    );
  });
});

test('reading is granted for the servers that are offered, and no others', () => {
  const addedAt = '2026-01-01T00:00:00.000Z';
  const server = { addedAt, server: {} };
  const paired = (mcpClientId: string, serverIds?: string[]) => ({
    ...mcpClient(mcpClientId, serverIds),
    pairedAt: addedAt,
  });
  const grants = standingReadGrants({
    mcpClients: [paired('all'), paired('one', ['git', 'gone']), paired('none', [])],
    servers: { files: server, git: server },
    revokedReadGrants: [],
  });
  const pairs = grants.map(({ constraints }) => `${constraints.mcpClientId} ${constraints.serverId}`);
  expect(pairs).toEqual(['all files', 'all git', 'one git']);
});

test('news of a server go only to the AI clients that are offered it', () => {
  let tell: (serverId: string) => void = () => {};
  const streams = createChangeStreams(
    {
      describe: () => undefined,
      handle: async () => ({ kind: 'result', result: {} }),
      isOffered: (mcpClientId, serverId) => mcpClientId === 'all' || serverId === 'git',
      subscribe(listener) {
        tell = (endpointServerId) =>
          listener({ endpointServerId, method: 'notifications/tools/list_changed', params: {} });
        return () => {};
      },
    },
    10,
  );
  const got: string[] = [];
  for (const mcpClientId of ['all', 'one']) {
    streams.open({
      mcpClientId,
      endpoint: { kind: 'all' },
      accepts: () => true,
      send: (method) => got.push(`${mcpClientId} ${method}`),
      end: () => {},
    });
  }
  tell('files');
  expect(got).toEqual(['all notifications/tools/list_changed']);
  tell('git');
  expect(got).toHaveLength(3);
});
