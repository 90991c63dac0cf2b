/**
 * A server profile: what each tool of a well-known server does, written down by people who read its source.
 * The format is documented in README.md beside the profiles.
 *
 * SECURITY(MC-05): a server may take any name and offer any tool. A profile counts only for a server whose name comes
 * from the person's configuration (the package it starts, or the id they gave it), never from what a server says of
 * itself (`serverInfo`), because it may lower an effect.
 */
import type { ToolDefinition } from '../../model/tool.ts';
import type { Profile, ToolRule } from './profile-schema.ts';

export type FoundRule = { readonly profile: Profile; readonly rule: ToolRule };

/** The rule of the first profile that is for this server and knows this tool. */
export function findRule(
  profiles: readonly Profile[],
  configuredNames: readonly string[],
  tool: ToolDefinition,
): FoundRule | undefined {
  for (const profile of profiles) {
    if (!configuredNames.some((name) => isFor(profile, name))) continue;
    const rule = ruleFor(profile, tool.name);
    if (rule) return { profile, rule };
  }
  return undefined;
}

function isFor(profile: Profile, name: string): boolean {
  const bare = name.toLowerCase().replace(/(?<=.)@[^/@]*$/, ''); // `pkg@1.2.3` → `pkg`
  return profile.packages.some((known) => known.toLowerCase() === bare) || profile.aliases.includes(nickname(bare));
}

/** `mcp-server-github`, `github-mcp` and `github-ref` are ways to write `github`. */
function nickname(name: string): string {
  const words = name.split(/[^a-z0-9]+/).filter((word) => !fillers.has(word) && word !== '');
  return words.join('-');
}

const fillers = new Set(['mcp', 'server', 'ref', 'reference', 'official', 'local']);

function ruleFor(profile: Profile, toolName: string): ToolRule | undefined {
  if (Object.hasOwn(profile.tools, toolName)) return profile.tools[toolName];
  if (profile.delete.includes(toolName)) return { effect: 'delete' };
  if (profile.write.includes(toolName)) return { effect: 'write' };
  if (profile.read.includes(toolName)) return { effect: 'read' };
  return undefined;
}
