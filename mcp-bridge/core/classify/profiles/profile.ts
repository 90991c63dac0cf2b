/**
 * A server profile: what each tool of a well-known server does, written down by people who read its source.
 * The format is documented in README.md beside the profiles.
 *
 * SECURITY(MC-05): a server may take any name and offer any tool. A profile counts only for a server whose name comes
 * from the person's configuration, never from what a server says of itself (`serverInfo`), because it may lower an
 * effect. Where the configuration names a package, that package decides. Where all there is is the id that the person
 * gave the server (an address, or a catalogue file on the command line), the caller passes the id as the name, and the
 * profile's aliases decide: whoever calls a server `github` says what it is. An alias never matches a package, which
 * anyone may publish under any name.
 */
import type { ToolDefinition } from '../../model/tool.ts';
import type { Profile, ToolRule } from './profile-schema.ts';

export type FoundRule = { readonly profile: Profile; readonly rule: ToolRule };
export type ConfiguredServer = { readonly serverId: string; readonly serverName?: string | undefined };

/** Finds the rule for a tool of a configured server; the index is built once. */
export function ruleFinder(profiles: readonly Profile[]) {
  const byPackage = new Map<string, Profile>();
  const byAlias = new Map<string, Profile>();
  for (const profile of profiles) {
    for (const name of profile.packages) byPackage.set(name.toLowerCase(), profile);
    for (const alias of profile.aliases) byAlias.set(alias, profile);
  }
  return ({ serverId, serverName }: ConfiguredServer, tool: ToolDefinition): FoundRule | undefined => {
    if (serverName === undefined) return undefined;
    const name = serverName.toLowerCase();
    const byId = serverName === serverId ? byAlias.get(nickname(name)) : undefined;
    const profile = byPackage.get(withoutVersion(name)) ?? byId;
    const rule = profile && ruleFor(profile, tool.name);
    return rule && { profile, rule };
  };
}

/** `pkg@1.2.3` → `pkg`; the first character may be the scope's own `@`. */
function withoutVersion(name: string): string {
  const at = name.lastIndexOf('@');
  return at > 0 && name.indexOf('/', at) < 0 ? name.slice(0, at) : name;
}

/** `mcp-server-github`, `github-mcp` and `github-ref` are ways to write `github`. */
function nickname(id: string): string {
  return id
    .split(/[^a-z0-9]+/)
    .filter((word) => !fillers.has(word) && word !== '')
    .join('-');
}

const fillers = new Set(['mcp', 'server', 'ref', 'reference', 'official', 'local']);

function ruleFor(profile: Profile, toolName: string): ToolRule | undefined {
  if (Object.hasOwn(profile.tools, toolName)) return profile.tools[toolName];
  if (profile.delete.includes(toolName)) return { effect: 'delete' };
  if (profile.write.includes(toolName)) return { effect: 'write' };
  if (profile.read.includes(toolName)) return { effect: 'read' };
  return undefined;
}
