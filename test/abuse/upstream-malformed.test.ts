/** Definitions that are none: one server's must not take everybody else's from an AI client that reads strictly. */
import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../mcp-bridge/core/model/json.ts';
import { startScriptedHttp } from '../support/scripted-http.ts';
import { connectAi, serveBridge } from '../support/served-bridge.ts';

const inputSchema = { type: 'object' };
const odd: readonly JsonValue[] = [5, null, 'x', [], [null], { x: 1 }, true];

/** One item for every member that has a form, in every form that it must not have. */
function broken(
  good: JsonObject,
  members: readonly string[],
  nameOf: (index: number) => JsonObject,
): readonly JsonObject[] {
  return members
    .flatMap((member) => odd.map((value) => ({ ...good, [member]: value })))
    .map((item, index) => ({ ...nameOf(index), ...item }) as JsonObject);
}

const tools = [
  ...broken(
    { inputSchema },
    ['title', 'description', 'annotations', 'icons', 'outputSchema', 'execution', '_meta'],
    (index) => ({ name: `t${index}` }),
  ),
  ...broken({}, ['inputSchema'], (index) => ({ name: `s${index}` })),
  ...broken({ inputSchema }, ['name'], () => ({})),
  { name: 'no-type', inputSchema: {} },
  { name: 'other-type', inputSchema: { type: 'string' } },
  { name: 'list-of-types', inputSchema: { type: ['object', 'null'] } },
  { name: 'properties', inputSchema: { type: 'object', properties: [] } },
  { name: 'property', inputSchema: { type: 'object', properties: { a: 5 } } },
  { name: 'required', inputSchema: { type: 'object', required: 'a' } },
  { name: 'output', inputSchema, outputSchema: { type: 'array' } },
  ...['title', 'readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'].flatMap((hint) =>
    odd.map((value, index) => ({ name: `${hint}${index}`, inputSchema, annotations: { [hint]: value } })),
  ),
  ...['src', 'mimeType', 'sizes', 'theme'].flatMap((member) =>
    odd.map((value, index) => ({
      name: `icon-${member}${index}`,
      inputSchema,
      icons: [{ src: 'https://a.example/i.png', [member]: value }],
    })),
  ),
  {
    name: 'good',
    inputSchema,
    description: 'Good.',
    annotations: { readOnlyHint: true, vendor: 1 },
    _meta: { a: 1 },
    vendor: 'x',
  },
] as readonly JsonObject[];
const prompts = [
  ...broken({}, ['title', 'description', 'arguments', 'icons', '_meta'], (index) => ({ name: `p${index}` })),
  ...broken({}, ['name'], () => ({})),
  ...odd.map((value, index) => ({ name: `a${index}`, arguments: [{ name: value }] })),
  ...odd.map((value, index) => ({
    name: `r${index}`,
    arguments: [{ name: 'x', required: value, description: value }],
  })),
  { name: 'good', arguments: [{ name: 'x', required: true }] },
] as readonly JsonObject[];
const resources = [
  ...broken({ name: 'r' }, ['title', 'description', 'mimeType', 'icons', 'annotations', '_meta', 'size'], (index) => ({
    uri: `a://${index}`,
  })),
  ...broken({ name: 'r' }, ['uri'], () => ({})),
  ...broken({}, ['name'], (index) => ({ uri: `b://${index}` })),
  { uri: 'good://1', name: 'good', size: 5 },
] as readonly JsonObject[];
const resourceTemplates = [
  ...broken({ name: 'r' }, ['title', 'description', 'mimeType', 'icons', 'annotations', '_meta'], (index) => ({
    uriTemplate: `a://${index}/{x}`,
  })),
  ...broken({ name: 'r' }, ['uriTemplate'], () => ({})),
  ...broken({}, ['name'], (index) => ({ uriTemplate: `b://${index}/{x}` })),
  { uriTemplate: 'good://{x}', name: 'good' },
] as readonly JsonObject[];

test.each(['initialize', 'stateless'] as const)(
  'MC-05: an AI client of the %s era still gets every list',
  async (era) => {
    const upstream = await startScriptedHttp({ era, tools, prompts, resources, resourceTemplates });
    const well = await startScriptedHttp({});
    const served = await serveBridge({ odd: { url: upstream.url }, well: { url: well.url } });
    const ai = await connectAi(era, served.url, served.keys[0]);
    expect(await ai.tools()).toEqual(expect.arrayContaining(['odd__good', 'well__greet']));
    const list = async (method: string, member: string) => (await ai.list(method))[member] as JsonObject[];
    expect((await list('prompts/list', 'prompts')).map(({ name }) => name)).toContain('odd__good');
    expect((await list('resources/list', 'resources')).map(({ uri }) => uri)).toContain('good://1');
    expect(
      (await list('resources/templates/list', 'resourceTemplates')).map(({ uriTemplate }) => uriTemplate),
    ).toContain('good://{x}');
  },
);
