import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../mcp-bridge/core/model/json.ts';
import { gather, temporaryFolder, write } from '../../support/facts-fixtures.ts';

let place: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  place = temporaryFolder();
});
afterEach(() => place.remove());

const read = async (toolName: string, toolArguments: JsonObject, graphPath?: string) => {
  const environment = graphPath === undefined ? {} : { MEMORY_FILE_PATH: graphPath };
  const { facts } = await gather(toolName, toolArguments, {
    server: { profileName: '@modelcontextprotocol/server-memory' },
    classification: { domain: 'knowledge', effect: 'delete' },
    port: { environmentOf: () => environment },
  });
  return facts;
};
const graph = [
  { type: 'entity', name: 'alice', entityType: 'person', observations: ['a', 'b', 'c'] },
  { type: 'entity', name: 'bob', entityType: 'person', observations: ['a'] },
  { type: 'relation', from: 'alice', to: 'bob', relationType: 'knows' },
  { type: 'relation', from: 'carol', to: 'alice', relationType: 'knows' },
];

test.each<[string, JsonObject, unknown]>([
  [
    'delete_entities',
    { entityNames: ['alice', 'bob'] },
    { action: 'delete', noun: 'entity', objects: [{ name: 'alice' }, { name: 'bob' }] },
  ],
  [
    'delete_observations',
    { deletions: [{ entityName: 'alice', observations: ['likes tea', 'is tall'] }] },
    {
      action: 'delete',
      noun: 'observation',
      objects: [
        { name: 'likes tea', detail: 'of alice' },
        { name: 'is tall', detail: 'of alice' },
      ],
    },
  ],
  [
    'delete_relations',
    { relations: [{ from: 'alice', to: 'bob', relationType: 'knows' }] },
    { action: 'delete', noun: 'relation', objects: [{ name: 'alice → knows → bob' }] },
  ],
  [
    'create_entities',
    { entities: [{ name: 'dan', entityType: 'person', observations: ['new'] }] },
    { action: 'create', noun: 'entity', objects: [{ name: 'dan', detail: 'person; new' }] },
  ],
  [
    'add_observations',
    { observations: [{ entityName: 'alice', contents: ['x', 'y'] }] },
    { action: 'change', noun: 'entity', objects: [{ name: 'alice', detail: 'adds: x; y' }] },
  ],
])('%s tells its objects by name', async (toolName, toolArguments, expected) => {
  expect(await read(toolName, toolArguments)).toEqual({ kind: 'objects', ...(expected as object) });
});

test('what hangs on an entity is told when the graph can be read', async () => {
  const path = write(place.folder, 'memory.json', graph.map((item) => JSON.stringify(item)).join('\n'));
  expect(await read('delete_entities', { entityNames: ['alice', 'bob', 'nobody'] }, path)).toMatchObject({
    objects: [
      { name: 'alice', detail: '3 observations, 2 relations' },
      { name: 'bob', detail: '1 observation, 1 relation' },
      { name: 'nobody', detail: 'does not exist' },
    ],
  });
});

test.each([
  ['is missing', (folder: string) => join(folder, 'none')],
  ['is not what the server writes', (folder: string) => write(folder, 'memory.json', '{"type":')],
  ['is named by a relative path', () => 'memory.json'],
] as const)('nothing is guessed when the graph %s', async (_name, path) => {
  expect(await read('delete_entities', { entityNames: ['alice'] }, path(place.folder))).toMatchObject({
    objects: [{ name: 'alice' }],
  });
});

test('a tool of that server with another name has no facts', async () => {
  for (const name of ['constructor', '__proto__', 'clear']) expect(await read(name, {})).toEqual({ kind: 'none' });
});
