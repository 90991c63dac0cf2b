/** Names that mean two things, and names made to break what keeps them; judged by which tool or server a name reaches. */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../mcp-bridge/core/model/json.ts';
import type { InboundRequest, PipelinePorts } from '../../mcp-bridge/pipeline/ports.ts';
import { serverOfPrompt, serverOfResource } from '../../mcp-bridge/pipeline/routes.ts';
import { Catalogue } from '../../mcp-bridge/upstream/catalogue.ts';
import { filePinStore, memoryPinStore } from '../../mcp-bridge/upstream/pin-store.ts';
import { temporaryFolder } from '../support/upstream-fixture.ts';

const all = { kind: 'all' } as const;
const nothing = { prompts: [], resources: [], resourceTemplates: [] };

type Lists = Partial<Record<'prompts' | 'resources' | 'resourceTemplates', readonly JsonObject[]>>;

function show(catalogue: Catalogue, serverId: string, names: readonly string[], lists: Lists = {}): void {
  const tools = names.map((name) => ({ name, inputSchema: { type: 'object' } }));
  catalogue.refresh(
    serverId,
    { era: 'initialize', protocolVersion: '2025-11-25', serverInfo: {}, capabilities: {} },
    { endpoint: `node ${serverId}.js` },
    { ...nothing, ...lists, tools },
  );
}

function catalogueOf(
  tools: Readonly<Record<string, readonly string[]>>,
  lists: Readonly<Record<string, Lists>> = {},
): Catalogue {
  const catalogue = new Catalogue({ review: 'first-use', pinStore: memoryPinStore() });
  for (const serverId of Object.keys(tools))
    catalogue.addServer({ serverId, endpoint: `node ${serverId}.js`, trusted: false, roots: [] });
  for (const [serverId, names] of Object.entries(tools)) show(catalogue, serverId, names, lists[serverId]);
  return catalogue;
}

/** Each tool that is offered, by the name that AI clients see. */
function offered(catalogue: Catalogue): readonly (readonly [exposed: string, serverId: string, toolName: string])[] {
  return catalogue
    .serverIds()
    .flatMap((serverId) =>
      catalogue
        .listTools(serverId)
        .map(({ definition: { name } }) => [catalogue.exposedName(all, serverId, name), serverId, name] as const),
    );
}

describe('MC-07: a name that AI clients see reaches one tool', () => {
  const long = `${'read_'.repeat(20)}all`;

  test('a short name that is made to look like the cut form of a long one is refused', () => {
    const cut = catalogueOf({ it: [long] })
      .exposedName(all, 'it', long)
      .slice('it__'.length);
    const catalogue = catalogueOf({ it: [long, cut] });
    expect(offered(catalogue)).toEqual([]);
    expect(catalogue.nameProblems('it')).toHaveLength(2);
  });

  test('whatever names servers choose, offered ones are never the same and lead where they say', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      'A',
      '_',
      '__',
      '-',
      '.',
      '/',
      ' ',
      ':',
      '0',
      'O',
      '1',
      'l',
      'é',
      'e\u0301',
      '\u200b',
      '\u0430',
      'x'.repeat(60),
    );
    const name = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    const names = fc.uniqueArray(name, { maxLength: 6 });
    const serverId = fc.constantFrom('a', 'b', 'a-b', 'b-a', 'a0', 'ao');
    fc.assert(
      fc.property(fc.dictionary(serverId, names, { maxKeys: 4 }), (tools) => {
        const catalogue = catalogueOf(tools);
        const found = offered(catalogue);
        expect(new Set(found.map(([exposed]) => exposed)).size).toBe(found.length);
        for (const [exposed, server, toolName] of found)
          expect(catalogue.parseExposedName(all, exposed)).toEqual({ serverId: server, toolName });
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['emoji', '🔧'],
    ['a thousand characters', 'x'.repeat(1_000)],
    ['a right-to-left override', 'safe\u202etxt'],
    ['a tag character', 'safe\u{e0041}'],
    ['a line break', 'a\nb'],
    ['a space at the end', 'a '],
    ['full-width letters', 'ｇｒｅｅｔ'],
    ['letters in two forms', 'cafe\u0301'],
    ['nothing', ''],
    ['a prototype', '__proto__'],
    ['a lone surrogate', 'a\ud800'],
  ])('%s is refused as a name', (_name, toolName) => {
    const catalogue = catalogueOf({ it: ['plain', toolName] });
    expect(offered(catalogue)).toEqual([['it__plain', 'it', 'plain']]);
  });

  test.each(['constructor', 'toString', 'hasOwnProperty', 'then', 'valueOf'])(
    '%s is a name like any other',
    (toolName) => {
      const catalogue = catalogueOf({ it: [toolName] });
      expect(offered(catalogue)).toEqual([[`it__${toolName}`, 'it', toolName]]);
      expect(catalogue.resolve('it', 'isPrototypeOf')).toBeUndefined();
    },
  );

  test('a newcomer cannot take a name from a tool that was reviewed', () => {
    const catalogue = catalogueOf({ 'a-b': ['c'] });
    catalogue.addServer({ serverId: 'a', endpoint: 'node a.js', trusted: false, roots: [] });
    show(catalogue, 'a', ['b_c', 'B-C']);
    expect(offered(catalogue)).toEqual([['a-b__c', 'a-b', 'c']]);
  });
});

test('LO-14: refusing a tool with a wicked name leaves the seal of the pins whole', () => {
  const path = join(temporaryFolder(), 'pins.json');
  const pinStore = filePinStore(path, Buffer.alloc(32, 7));
  const catalogue = new Catalogue({ review: 'manual', pinStore });
  catalogue.addServer({ serverId: 'it', endpoint: 'node it.js', trusted: false, roots: [] });
  show(catalogue, 'it', ['plain', '__proto__', 'constructor', 'a\u200bb']);
  for (const { toolName, definitionHash } of catalogue.reviews('it'))
    catalogue.review('it', toolName, definitionHash, toolName === 'plain' ? 'reviewed' : 'refused');
  expect(() => pinStore.load()).not.toThrow();
  expect(pinStore.load()['it']?.tools['plain']).toMatchObject({ state: 'reviewed' });
  expect(new Catalogue({ review: 'manual', pinStore }).problem).toBeUndefined();
});

describe('MC-07: what two servers claim belongs to neither', () => {
  const asking = (params: JsonObject): InboundRequest => ({ endpoint: all, params }) as unknown as InboundRequest;
  const ports = (catalogue: Catalogue) => ({ catalogue }) as unknown as PipelinePorts;
  const uri = 'notes://mine/secret';
  test.each<[string, Lists, Lists, string | undefined]>([
    ['listed by one', { resources: [{ uri, name: 'a' }] }, {}, 'one'],
    ['listed by both', { resources: [{ uri, name: 'a' }] }, { resources: [{ uri, name: 'b' }] }, undefined],
    [
      'of one’s template, and listed by the other',
      { resourceTemplates: [{ uriTemplate: 'notes://mine/{x}' }] },
      { resources: [{ uri, name: 'b' }] },
      undefined,
    ],
    [
      'of the templates of both',
      { resourceTemplates: [{ uriTemplate: 'notes://mine/{x}' }] },
      { resourceTemplates: [{ uriTemplate: 'notes://{+x}' }] },
      'one',
    ],
    [
      'of one’s template',
      { resourceTemplates: [{ uriTemplate: 'notes://mine/{x}' }] },
      { resourceTemplates: [{ uriTemplate: '{+all}' }] },
      'one',
    ],
  ])('a resource %s', (_name, one, two, expected) => {
    const catalogue = catalogueOf({ one: [], two: [] }, { one, two });
    expect(serverOfResource(asking({ uri }), ports(catalogue))?.serverId).toBe(expected);
  });

  test('prompts of one name are told apart, and one that a server has twice is offered not at all', () => {
    const catalogue = catalogueOf(
      { one: [], two: [] },
      {
        one: { prompts: [{ name: 'p' }] },
        two: { prompts: [{ name: 'p' }, { name: 'q', title: 'a' }, { name: 'q', title: 'b' }] },
      },
    );
    const routed = (name: string) => serverOfPrompt(asking({ name }), ports(catalogue));
    expect([routed('one__p')?.serverId, routed('two__p')?.serverId, routed('p')]).toEqual(['one', 'two', undefined]);
    expect(catalogue.listed('two').prompts.map(({ name }) => name)).toEqual(['p']);
    expect(routed('two__q')).toBeUndefined();
  });
});
