/**
 * The definitions of one upstream: what a person accepted (pins) beside what the server says now (seen).
 *
 * SECURITY(MC-05): what mcp clients are served is the pin, never what was seen. A tool without a pin is new, one
 * whose hash differs from its pin is changed; neither is callable until reviewed (MC-03).
 */
import { type DefinitionDifference, definitionDifferences } from '../core/catalogue/definition-differences.ts';
import { type DefinitionSource, definitionHash } from '../core/catalogue/definition-hash.ts';
import {
  type DefinitionFlag,
  type DefinitionScan,
  flagsBeside,
  scanDefinition,
} from '../core/catalogue/scan-definition.ts';
import { isJsonObject, type JsonObject } from '../core/model/json.ts';
import type { PinnedTool, ReviewState, ToolDefinition } from '../core/model/tool.ts';
import type { ResolvedTool, ServerFacts } from '../pipeline/ports.ts';
import type { Pin, ServerPins } from './pin-store.ts';

/** One tool as the review shows it. Everything but `state`, `definitionHash` and `problem` is the upstream's text. */
export type ToolReview = {
  readonly toolName: string;
  readonly state: ReviewState;
  /** Of what is seen now; what `review` accepts. */
  readonly definitionHash: string;
  readonly pinned?: ToolDefinition | undefined;
  readonly seen: ToolDefinition;
  readonly differences: readonly DefinitionDifference[];
  readonly flags: readonly DefinitionFlag[];
  /** Why it cannot be accepted at all: its name can be mistaken, or its definition cannot be read. */
  readonly problem?: string | undefined;
};

export class ServerCatalogue {
  facts: ServerFacts;
  pins: ServerPins | undefined;
  /** Undefined until the lists were read in this run. */
  seen: ReadonlyMap<string, PinnedTool> | undefined;
  prompts: readonly JsonObject[] = [];
  resources: readonly JsonObject[] = [];
  resourceTemplates: readonly JsonObject[] = [];
  instructions: string | undefined;
  /** Sentences about definitions that were left out. */
  listProblems: readonly string[] = [];
  /** Names that must not be used, each with a sentence. */
  nameProblems: ReadonlyMap<string, string> = new Map();

  readonly #scans = new Map<string, DefinitionScan>();

  constructor(facts: ServerFacts, pins: ServerPins | undefined) {
    this.facts = facts;
    this.pins = pins;
  }

  setSeen(tools: readonly JsonObject[], source: DefinitionSource, sha256: (text: string) => string): void {
    const seen = new Map<string, PinnedTool>();
    const twice = new Set<string>();
    for (const definition of tools) {
      const pinnable = pinnableTool(definition, source, sha256);
      if (pinnable === undefined) continue;
      if (seen.has(pinnable.definition.name)) twice.add(pinnable.definition.name);
      seen.set(pinnable.definition.name, pinnable);
    }
    // Two definitions under one name: nobody can tell which of them a call would reach.
    for (const name of twice) seen.delete(name);
    this.seen = seen;
    this.#scans.clear();
  }

  /** Undefined for a tool that the server does not have (any more). */
  resolve(toolName: string): ResolvedTool | undefined {
    const pin = this.#pin(toolName);
    const seen = this.seen?.get(toolName);
    if (seen === undefined) {
      // Before the first look the pin of this very endpoint stands in; the call waits for that look anyway.
      if (this.seen !== undefined || pin === undefined || this.pins?.endpoint !== this.facts.endpoint) return undefined;
      return { server: this.facts, pinned: this.#pinnedTool(pin), review: pin.state };
    }
    return {
      server: this.facts,
      pinned: pin === undefined ? seen : this.#pinnedTool(pin),
      review: this.nameProblems.has(toolName) ? 'refused' : reviewState(pin, seen),
    };
  }

  toolNames(): readonly string[] {
    return [...(this.seen?.keys() ?? Object.keys(this.pins?.tools ?? {}))];
  }

  reviews(otherTools: ReadonlySet<string>): readonly ToolReview[] {
    return [...(this.seen?.values() ?? [])].map((seen) => {
      const toolName = seen.definition.name;
      const pin = this.#pin(toolName);
      const before = pin?.definition as JsonObject | undefined;
      const after = seen.definition as JsonObject;
      return {
        toolName,
        state: this.nameProblems.has(toolName) ? 'refused' : reviewState(pin, seen),
        definitionHash: seen.definitionHash,
        pinned: pin?.definition,
        seen: seen.definition,
        differences:
          before === undefined || pin?.definitionHash === seen.definitionHash
            ? []
            : definitionDifferences(before, after),
        flags: flagsBeside(this.#scan(seen), otherTools),
        problem: this.nameProblems.get(toolName),
      };
    });
  }

  /** Scanning is slow beside everything else here, and a status is asked for often. */
  #scan({ definitionHash: hash, definition }: PinnedTool): DefinitionScan {
    const scan = this.#scans.get(hash) ?? scanDefinition(definition as JsonObject);
    this.#scans.set(hash, scan);
    return scan;
  }

  #pin(toolName: string): Pin | undefined {
    const tools = this.pins?.tools ?? {};
    return Object.hasOwn(tools, toolName) ? tools[toolName] : undefined;
  }

  #pinnedTool(pin: Pin): PinnedTool {
    return { serverId: this.facts.serverId, definition: pin.definition, definitionHash: pin.definitionHash };
  }
}

function reviewState(pin: Pin | undefined, seen: PinnedTool): ReviewState {
  if (pin === undefined) return 'new';
  return pin.definitionHash === seen.definitionHash ? pin.state : 'changed';
}

/** Undefined for what is not a tool definition, or has no canonical form. */
function pinnableTool(
  definition: JsonObject,
  source: DefinitionSource,
  sha256: (text: string) => string,
): PinnedTool | undefined {
  if (typeof definition['name'] !== 'string' || !isJsonObject(definition['inputSchema'])) return undefined;
  try {
    return {
      serverId: source.serverId,
      definition: definition as ToolDefinition,
      definitionHash: definitionHash(definition, source, sha256),
    };
  } catch {
    return undefined;
  }
}
