/**
 * The pinned copy of every upstream's definitions: the only source that mcp clients are served from (MC-05).
 *
 * `review: 'first-use'` accepts what a server shows at its very first start and pins it; otherwise, and for
 * everything that comes later, a person reviews. Resolving is a look-up in tables that are rebuilt when anything changes.
 */
import { createHash } from 'node:crypto';
import { definitionSourceOf } from '../core/catalogue/definition-hash.ts';
import { exposedName, type NamedTool, nameProblems } from '../core/catalogue/exposed-name.ts';
import { servablePrompts } from '../core/catalogue/prompt-names.ts';
import type { MatchPattern } from '../core/catalogue/schema-keywords.ts';
import { type CompiledSchema, compileSchema, schemaProblems } from '../core/catalogue/validate-schema.ts';
import { AppError } from '../core/errors.ts';
import type { JsonObject } from '../core/model/json.ts';
import type { PinnedTool } from '../core/model/tool.ts';
import type { BridgeEndpoint, CataloguePort, ResolvedTool, ServerFacts } from '../pipeline/ports.ts';
import type { Endpoint } from './connect.ts';
import type { UpstreamLists } from './list-definitions.ts';
import { createMatchPattern, withinTime } from './match-pattern.ts';
import type { PinStore, Pins } from './pin-store.ts';
import type { UpstreamIdentity } from './protocol-eras.ts';
import { ServerCatalogue, type ToolReview } from './server-catalogue.ts';

export type CatalogueOptions = {
  readonly review: 'first-use' | 'manual';
  readonly pinStore: PinStore;
  readonly matchPattern?: MatchPattern | undefined;
};

/** What mcp clients of a server are served differently than before. */
export type ServedChange = { readonly tools: boolean; readonly prompts: boolean; readonly resources: boolean };

/** For all patterns of one call. */
const PATTERNS_MS = 100;

export class Catalogue implements CataloguePort {
  readonly #options: CatalogueOptions;
  readonly #matchPattern: MatchPattern;
  readonly #servers = new Map<string, ServerCatalogue>();
  readonly #schemas = new Map<string, CompiledSchema>();
  #resolved = new Map<string, ReadonlyMap<string, ResolvedTool>>();
  #listed = new Map<string, readonly PinnedTool[]>();
  #exposed = new Map<string, { readonly serverId: string; readonly toolName: string }>();
  #pins: Pins = {};
  /** The pins could not be read or saved; inert text for the person. Nothing is accepted by itself meanwhile. */
  problem: string | undefined;

  constructor(options: CatalogueOptions) {
    this.#options = options;
    this.#matchPattern = options.matchPattern ?? createMatchPattern();
    try {
      this.#pins = options.pinStore.load();
    } catch (error) {
      this.problem = error instanceof AppError ? error.message : 'the pins could not be read';
    }
  }

  addServer(facts: ServerFacts): void {
    const pins = Object.hasOwn(this.#pins, facts.serverId) ? this.#pins[facts.serverId] : undefined;
    this.#servers.set(facts.serverId, new ServerCatalogue(facts, pins));
    this.#rebuild();
  }

  removeServer(serverId: string): void {
    this.#servers.delete(serverId);
    this.#rebuild();
  }

  /** Takes in what a server shows now. */
  refresh(serverId: string, identity: UpstreamIdentity, endpoint: Endpoint, lists: UpstreamLists): ServedChange {
    const server = this.#servers.get(serverId);
    if (server === undefined) return { tools: false, prompts: false, resources: false };
    const before = { ...server, listed: this.#listed.get(serverId) };
    if (server.facts.endpoint !== endpoint.endpoint) server.facts = { ...server.facts, endpoint: endpoint.endpoint };
    server.instructions = identity.instructions;
    server.setSeen(lists.tools, definitionSourceOf(serverId, endpoint, identity.serverInfo), sha256);
    server.prompts = servablePrompts(lists.prompts);
    server.resources = lists.resources;
    server.resourceTemplates = lists.resourceTemplates;
    server.listProblems = lists.problems ?? [];
    // Most looks find what the last one found; the tables of all servers are not made anew for that.
    const isSame = server.facts === before.facts && hashesOf(before.seen) === hashesOf(server.seen);
    if (!isSame) this.#rebuild();
    if (this.#options.review === 'first-use' && server.pins === undefined && this.problem === undefined) {
      const acceptable = [...(server.seen?.values() ?? [])].filter(
        ({ definition }) => !server.nameProblems.has(definition.name),
      );
      this.#pin(server, acceptable, 'reviewed');
    }
    return {
      tools: hashes(before.listed) !== hashes(this.#listed.get(serverId)),
      prompts: JSON.stringify(before.prompts) !== JSON.stringify(server.prompts),
      resources:
        JSON.stringify([before.resources, before.resourceTemplates]) !==
        JSON.stringify([server.resources, server.resourceTemplates]),
    };
  }

  /** Accepts or refuses exactly what was shown. False when the definition is another one by now, or has a problem. */
  review(
    serverId: string,
    toolName: string,
    definitionHash: string,
    verdict: 'reviewed' | 'refused' = 'reviewed',
  ): boolean {
    const server = this.#servers.get(serverId);
    const seen = server?.seen?.get(toolName);
    if (server === undefined || seen === undefined || seen.definitionHash !== definitionHash) return false;
    // Refused for good by its name: nothing to keep, and a name like that has no place in a file.
    if (server.nameProblems.has(toolName)) return verdict === 'refused';
    this.#pin(server, [seen], verdict);
    return true;
  }

  /** Every tool of a server, with what the review needs to show. */
  reviews(serverId: string): readonly ToolReview[] {
    const others = new Set<string>();
    for (const [otherId, server] of this.#servers)
      if (otherId !== serverId) for (const toolName of server.toolNames()) others.add(toolName);
    return this.#servers.get(serverId)?.reviews(others) ?? [];
  }

  /** The tools that wait for a person. */
  differences(serverId: string): readonly ToolReview[] {
    return this.reviews(serverId).filter(({ state }) => state === 'new' || state === 'changed');
  }

  /** How many tools wait for a person. */
  waiting(serverId: string): number {
    const tools = [...(this.#resolved.get(serverId)?.values() ?? [])];
    return tools.filter(({ review }) => review === 'new' || review === 'changed').length;
  }

  resolve(serverId: string, toolName: string): ResolvedTool | undefined {
    return this.#resolved.get(serverId)?.get(toolName);
  }

  isCallable(serverId: string, toolName: string): boolean {
    return this.resolve(serverId, toolName)?.review === 'reviewed';
  }

  validateArguments(tool: ResolvedTool, toolArguments: JsonObject): readonly string[] {
    const { definitionHash, definition } = tool.pinned;
    let compiled = this.#schemas.get(definitionHash);
    if (compiled === undefined) {
      compiled = compileSchema(definition.inputSchema);
      this.#schemas.set(definitionHash, compiled);
    }
    return schemaProblems(compiled, toolArguments, withinTime(this.#matchPattern, PATTERNS_MS));
  }

  listTools(serverId: string): readonly PinnedTool[] {
    return this.#listed.get(serverId) ?? [];
  }

  serverIds(): readonly string[] {
    return [...this.#servers.keys()];
  }

  facts(serverId: string): ServerFacts | undefined {
    return this.#servers.get(serverId)?.facts;
  }

  /** The server's other lists and its instructions as last read: untrusted, not reviewed. */
  listed(
    serverId: string,
  ): Omit<UpstreamLists, 'tools' | 'problems' | 'busyMs'> & { readonly instructions?: string | undefined } {
    const { prompts = [], resources = [], resourceTemplates = [], instructions } = this.#servers.get(serverId) ?? {};
    return { prompts, resources, resourceTemplates, instructions };
  }

  exposedName(endpoint: BridgeEndpoint, serverId: string, toolName: string): string {
    return endpoint.kind === 'server' ? toolName : exposedName(serverId, toolName, sha256);
  }

  /** The tool that an AI client means; whether it exists or may be called is for `resolve` to say. */
  parseExposedName(
    endpoint: BridgeEndpoint,
    name: string,
  ): { readonly serverId: string; readonly toolName: string } | undefined {
    if (endpoint.kind === 'server') return { serverId: endpoint.serverId, toolName: name };
    return this.#exposed.get(name);
  }

  /** Sentences about names that were refused and definitions that were left out, for the status (never an exception). */
  nameProblems(serverId: string): readonly string[] {
    const { nameProblems = new Map<string, string>(), listProblems = [] } = this.#servers.get(serverId) ?? {};
    return [...nameProblems.values(), ...listProblems];
  }

  #pin(server: ServerCatalogue, tools: readonly PinnedTool[], state: 'reviewed' | 'refused'): void {
    const pinned = tools.map(({ definition, definitionHash }) => [
      definition.name,
      { definition, definitionHash, state },
    ]);
    const pins = {
      endpoint: server.facts.endpoint,
      tools: { ...server.pins?.tools, ...Object.fromEntries(pinned) },
    };
    server.pins = pins;
    this.#pins = { ...this.#pins, [server.facts.serverId]: pins };
    try {
      this.#options.pinStore.save(this.#pins);
    } catch {
      this.problem = 'the reviewed definitions could not be saved; they hold until the next start only';
    }
    this.#rebuild();
  }

  #rebuild(): void {
    this.#findNameProblems();
    this.#resolved = new Map();
    this.#listed = new Map();
    this.#exposed = new Map();
    this.#schemas.clear();
    for (const [serverId, server] of this.#servers) {
      const tools = new Map<string, ResolvedTool>();
      for (const toolName of server.toolNames()) {
        const tool = server.resolve(toolName);
        if (tool === undefined) continue;
        tools.set(toolName, tool);
        this.#exposed.set(exposedName(serverId, toolName, sha256), { serverId, toolName });
      }
      this.#resolved.set(serverId, tools);
      const reviewed = [...tools.values()].filter(({ review }) => review === 'reviewed');
      this.#listed.set(
        serverId,
        reviewed.map(({ pinned }) => pinned),
      );
    }
  }

  #findNameProblems(): void {
    const named: NamedTool[] = [];
    for (const [serverId, server] of this.#servers)
      for (const toolName of server.toolNames()) {
        const established = Object.hasOwn(server.pins?.tools ?? {}, toolName);
        named.push({
          serverId,
          toolName,
          established: established && server.pins?.tools[toolName]?.state === 'reviewed',
        });
      }
    const problems = nameProblems(named, sha256);
    for (const [serverId, server] of this.#servers) {
      const ofServer = [...problems].filter(([tool]) => tool.serverId === serverId);
      server.nameProblems = new Map(ofServer.map(([tool, sentence]) => [tool.toolName, sentence]));
    }
  }
}

/** SHA-256 of UTF-8 text, lower-case hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function hashesOf(seen: ServerCatalogue['seen']): string | undefined {
  return seen === undefined ? undefined : hashes([...seen.values()]);
}

function hashes(tools: readonly PinnedTool[] | undefined): string {
  return (tools ?? []).map(({ definitionHash }) => definitionHash).join();
}
