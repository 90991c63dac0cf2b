/**
 * Names of tools as AI clients see them. On `/mcp/<server>` they are the upstream's own; on `/mcp` they are
 * `server__tool`.
 *
 * INVARIANT (MC-07): injective. A server id holds no underscore, so the first `__` always ends the server's part; a
 * name too long for AI clients is cut and carries a hash of the whole. What could be mistaken for another name by
 * case, by `_` and `-`, by look-alike digits or by where the parts meet has the same skeleton, and is refused.
 */
const SEPARATOR = '__';
/** The longest tool name that the strictest AI clients pass on to their model. */
export const MAX_EXPOSED_LENGTH = 64;
const HASH_LENGTH = 10;

/** MCP 2025-11-25 tool names; nothing else is let in, so no look-alike letter and no invisible one can be. */
const TOOL_NAME = /^[A-Za-z0-9_.\-/:@ ]{1,128}$/;

export function isToolName(name: string): boolean {
  return TOOL_NAME.test(name) && name.trim() === name && name !== '__proto__';
}

export function exposedName(serverId: string, toolName: string, sha256: (text: string) => string): string {
  const whole = `${serverId}${SEPARATOR}${toolName}`;
  if (whole.length <= MAX_EXPOSED_LENGTH) return whole;
  const hash = sha256(whole).slice(0, HASH_LENGTH);
  return `${whole.slice(0, MAX_EXPOSED_LENGTH - HASH_LENGTH - 1)}_${hash}`;
}

/** Two names with one skeleton could be taken for each other by a person or a model. */
export function nameSkeleton(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/I/g, 'l')
    .toLowerCase()
    .replace(/0/g, 'o')
    .replace(/[1|]/g, 'l')
    .replace(/[^\p{L}\p{N}]+/gu, '-');
}

export type NamedTool = {
  readonly serverId: string;
  readonly toolName: string;
  /** A person accepted it: it keeps its name against newcomers. */
  readonly established: boolean;
};

/** The tools that are refused because of their names, each with a sentence about why. */
export function nameProblems(
  tools: readonly NamedTool[],
  sha256: (text: string) => string,
): ReadonlyMap<NamedTool, string> {
  const problems = new Map<NamedTool, string>();
  const bySkeleton = new Map<string, Set<NamedTool>>();
  for (const tool of tools) {
    if (!isToolName(tool.toolName)) {
      problems.set(tool, 'The name holds characters that tool names may not have.');
      continue;
    }
    // A short name can be written so that it is the cut form of a long one.
    for (const name of new Set([wholeName(tool), exposedNameOf(tool, sha256)])) {
      const skeleton = nameSkeleton(name);
      const group = bySkeleton.get(skeleton);
      if (group === undefined) bySkeleton.set(skeleton, new Set([tool]));
      else group.add(tool);
    }
  }
  for (const group of bySkeleton.values()) {
    if (group.size < 2) continue;
    for (const tool of group) {
      const others = [...group].filter((candidate) => candidate !== tool);
      const exposed = exposedNameOf(tool, sha256);
      const isSame = others.some((other) => exposedNameOf(other, sha256) === exposed);
      if (tool.established && !isSame) continue;
      problems.set(tool, `The name can be mistaken for ${others[0]?.toolName} of ${others[0]?.serverId}.`);
    }
  }
  return problems;
}

function wholeName({ serverId, toolName }: NamedTool): string {
  return `${serverId}${SEPARATOR}${toolName}`;
}

function exposedNameOf({ serverId, toolName }: NamedTool, sha256: (text: string) => string): string {
  return exposedName(serverId, toolName, sha256);
}
