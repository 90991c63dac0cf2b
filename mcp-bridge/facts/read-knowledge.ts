/**
 * Objects of @modelcontextprotocol/server-memory, by name, from the frozen arguments. What hangs on an object is told
 * only when the configuration says where the graph is kept and it can be read there.
 */
import { readFile, stat } from 'node:fs/promises';
import type { KnowledgeFacts } from '../core/model/facts.ts';
import type { JsonObject, JsonValue } from '../core/model/json.ts';
import { textOf, textsOf } from './arguments.ts';

type Graph = {
  /** Entity name → number of observations. */
  readonly observations: ReadonlyMap<string, number>;
  /** Entity name → number of relations from or to it. */
  readonly relations: ReadonlyMap<string, number>;
};

const MAX_GRAPH_BYTES = 16 * 1024 * 1024;

export function readKnowledge(
  toolName: string,
  toolArguments: JsonObject,
  graph: Graph | undefined,
): KnowledgeFacts | undefined {
  const found = TOOLS.get(toolName);
  if (found === undefined) return undefined;
  return { kind: 'objects', action: found.action, noun: found.noun, objects: found.objects(toolArguments, graph) };
}

type Objects = KnowledgeFacts['objects'];
type ToolReading = Pick<KnowledgeFacts, 'action' | 'noun'> & {
  readonly objects: (toolArguments: JsonObject, graph: Graph | undefined) => Objects;
};

const TOOLS = new Map<string, ToolReading>([
  [
    'create_entities',
    {
      action: 'create',
      noun: 'entity',
      objects: (args) =>
        list(args['entities']).map((entity) => ({
          name: textOf(entity, ['name']) ?? '',
          detail: [textOf(entity, ['entityType']), ...textsOf(entity['observations'])].filter(Boolean).join('; '),
        })),
    },
  ],
  ['create_relations', { action: 'create', noun: 'relation', objects: (args) => relations(args['relations']) }],
  [
    'add_observations',
    {
      action: 'change',
      noun: 'entity',
      objects: (args) =>
        list(args['observations']).map((entry) => ({
          name: textOf(entry, ['entityName']) ?? '',
          detail: `adds: ${textsOf(entry['contents']).join('; ')}`,
        })),
    },
  ],
  [
    'delete_entities',
    {
      action: 'delete',
      noun: 'entity',
      objects: (args, graph) => textsOf(args['entityNames']).map((name) => ({ name, ...hangingOn(name, graph) })),
    },
  ],
  [
    'delete_observations',
    {
      action: 'delete',
      noun: 'observation',
      objects: (args) =>
        list(args['deletions']).flatMap((entry) =>
          textsOf(entry['observations']).map((name) => ({ name, detail: `of ${textOf(entry, ['entityName']) ?? ''}` })),
        ),
    },
  ],
  ['delete_relations', { action: 'delete', noun: 'relation', objects: (args) => relations(args['relations']) }],
]);

/** Undefined when the file is missing, too large or not what that server writes. */
export async function readGraph(path: string): Promise<Graph | undefined> {
  try {
    if ((await stat(path)).size > MAX_GRAPH_BYTES) return undefined;
    return parseGraph(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function parseGraph(text: string): Graph {
  const observations = new Map<string, number>();
  const relationCounts = new Map<string, number>();
  for (const line of text.split('\n').filter((candidate) => candidate.trim() !== '')) {
    const item = JSON.parse(line) as JsonObject;
    if (item['type'] === 'entity') observations.set(String(item['name']), textsOf(item['observations']).length);
    if (item['type'] !== 'relation') continue;
    for (const end of new Set([String(item['from']), String(item['to'])]))
      relationCounts.set(end, (relationCounts.get(end) ?? 0) + 1);
  }
  return { observations, relations: relationCounts };
}

function hangingOn(name: string, graph: Graph | undefined): { readonly detail?: string } {
  if (graph === undefined) return {};
  const observations = graph.observations.get(name);
  if (observations === undefined) return { detail: 'does not exist' };
  return { detail: `${counted(observations, 'observation')}, ${counted(graph.relations.get(name) ?? 0, 'relation')}` };
}

function relations(value: JsonValue | undefined): Objects {
  return list(value).map((relation) => ({
    name: ['from', 'relationType', 'to'].map((member) => textOf(relation, [member]) ?? '').join(' → '),
  }));
}

function list(value: JsonValue | undefined): readonly JsonObject[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly JsonValue[]).filter(
    (item): item is JsonObject => typeof item === 'object' && item !== null && !Array.isArray(item),
  );
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
