import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { classify } from '../../../mcp-bridge/core/classify/classify.ts';
import { configuredPackage } from '../../../mcp-bridge/core/classify/profiles/configured-name.ts';
import { profiles } from '../../../mcp-bridge/core/classify/profiles/index.ts';
import { type Profile, profileSchema } from '../../../mcp-bridge/core/classify/profiles/profile-schema.ts';
import type { Effect } from '../../../mcp-bridge/core/model/effect.ts';
import { isWorse } from '../../../mcp-bridge/core/model/effect.ts';
import type { JsonObject } from '../../../mcp-bridge/core/model/json.ts';

const folder = new URL('../../../mcp-bridge/core/classify/profiles/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Profile;

describe('profile files', () => {
  test.each(files)('%s has the documented format', (name) => {
    expect(profileSchema.safeParse(read(name)).error?.message).toBeUndefined();
  });

  test('the index holds every file', () => {
    expect(profiles.map((profile) => profile.packages[0]).sort()).toEqual(files.map((f) => read(f).packages[0]).sort());
  });

  test('no two profiles claim the same package or alias', () => {
    const names = profiles.flatMap((profile) => [...profile.packages, ...profile.aliases.map((a) => `alias ${a}`)]);
    expect(names).toEqual([...new Set(names)]);
  });

  test.each(files)('%s lists each tool once', (name) => {
    const profile = read(name);
    const tools = [...profile.read, ...profile.write, ...profile.delete, ...Object.keys(profile.tools)];
    expect(tools).toEqual([...new Set(tools)]);
  });

  test.each(files)('%s: the worst case is at least as bad as any rule in it', (name) => {
    for (const [tool, rule] of Object.entries(read(name).tools)) {
      const rules = (rule.arguments ?? []).flatMap((r) => [
        ...Object.values(r.values ?? {}),
        ...Object.values(r.prefixes ?? {}),
        r.present ?? 'read',
      ]);
      expect([tool, rules.filter((effect) => isWorse(effect, rule.effect))]).toEqual([tool, []]);
    }
  });
});

const git = '@cyanheads/git-mcp-server';
const files_ = '@modelcontextprotocol/server-filesystem';
const memory = '@modelcontextprotocol/server-memory';

function effectOf(serverName: string, name: string, args?: JsonObject): Effect {
  const tool = { name, inputSchema: { type: 'object' } };
  return classify({ serverId: 's', serverName, tool, trusted: false, arguments: args }, {}).effect;
}

describe('the first servers', () => {
  test.each<[string, string, string, JsonObject | undefined, Effect]>([
    ['a commit writes', git, 'git_commit', { message: 'x' }, 'write'],
    ['a push writes', git, 'git_push', { branch: 'main' }, 'write'],
    ['a push in the worst case deletes', git, 'git_push', undefined, 'delete'],
    ['a forced push deletes', git, 'git_push', { force: true }, 'delete'],
    ['a lease is still force', git, 'git_push', { forceWithLease: true }, 'delete'],
    ['deleting a remote branch deletes', git, 'git_push', { delete: true, branch: 'x' }, 'delete'],
    ['a plus in front of the branch is force', git, 'git_push', { branch: '+main' }, 'delete'],
    ['an empty source deletes the target', git, 'git_push', { branch: ':main' }, 'delete'],
    ['a dry-run push reads', git, 'git_push', { dryRun: true }, 'read'],
    ['a dry run does not excuse force', git, 'git_push', { dryRun: true, force: true }, 'delete'],
    ['listing branches reads', git, 'git_branch', { mode: 'list' }, 'read'],
    ['listing is the default', git, 'git_branch', {}, 'read'],
    ['deleting a branch deletes', git, 'git_branch', { mode: 'delete' }, 'delete'],
    ['a mode nobody knows is delete-grade', git, 'git_branch', { mode: 'obliterate' }, 'delete'],
    ['a mode of another type is delete-grade', git, 'git_branch', { mode: ['list'] }, 'delete'],
    ['pushing a stash is the default and writes', git, 'git_stash', {}, 'write'],
    ['dropping a stash deletes', git, 'git_stash', { mode: 'drop' }, 'delete'],
    ['a mixed reset writes', git, 'git_reset', {}, 'write'],
    ['a hard reset deletes', git, 'git_reset', { mode: 'hard' }, 'delete'],
    ['a switch of branches writes', git, 'git_checkout', { target: 'main' }, 'write'],
    ['restoring paths throws changes away', git, 'git_checkout', { target: 'HEAD', paths: ['a'] }, 'delete'],
    ['cleaning deletes', git, 'git_clean', { force: true }, 'delete'],
    ['a dry-run clean reads', git, 'git_clean', { force: true, dryRun: true }, 'read'],
    ['choosing a folder reads', git, 'git_set_working_dir', { path: '/a' }, 'read'],
    ['making a repository there writes', git, 'git_set_working_dir', { initializeIfNotPresent: true }, 'write'],
    ['reading a file reads', files_, 'read_text_file', { path: '/a' }, 'read'],
    ['editing a file writes', files_, 'edit_file', { path: '/a', edits: [] }, 'write'],
    ['a dry-run edit reads', files_, 'edit_file', { dryRun: true }, 'read'],
    ['moving a file writes', files_, 'move_file', { source: 'a', destination: 'b' }, 'write'],
    ['opening nodes reads', memory, 'open_nodes', { names: ['a'] }, 'read'],
    ['deleting entities deletes', memory, 'delete_entities', { entityNames: ['a'] }, 'delete'],
    ['a version beside the package still matches', `${memory}@2026.8.31`, 'open_nodes', { names: [] }, 'read'],
  ])('%s', (_name, server, tool, args, expected) => expect(effectOf(server, tool, args)).toBe(expected));

  test('a commit says what it is, for guardrails', () => {
    const tool = { name: 'git_commit', inputSchema: { type: 'object' } };
    expect(classify({ serverId: 's', serverName: git, tool, trusted: false, arguments: { message: 'x' } }, {})).toEqual(
      {
        effect: 'write',
        basis: 'profile',
        confidence: 'high',
        domain: 'version-control',
        action: 'commit',
        reasons: ['Profile of @cyanheads/git-mcp-server: git_commit changes.'],
      },
    );
  });

  test('a profile is not taken from what only looks like its package', () => {
    const args = { path: '/a' };
    expect(effectOf(git, 'git_set_working_dir', args)).toBe('read');
    expect(effectOf('@evil/git-mcp-server', 'git_set_working_dir', args)).toBe('write');
    expect(effectOf(`${git}-evil`, 'git_set_working_dir', args)).toBe('write');
  });

  test("an alias is the person's own id, never a package of that name", () => {
    const tool = { name: 'git_set_working_dir', inputSchema: { type: 'object' } };
    const rate = (serverId: string, serverName: string) =>
      classify({ serverId, serverName, tool, trusted: false, arguments: { path: '/a' } }, {}).effect;
    expect(rate('git-cyanheads', 'git-cyanheads')).toBe('read');
    expect(rate('mcp-git-cyanheads', 'mcp-git-cyanheads')).toBe('read');
    expect(rate('mine', 'git-cyanheads')).toBe('write');
    expect(rate('git-cyanheads', '@official/git-cyanheads')).toBe('write');
  });

  test.each<[string, string, readonly string[], string | undefined]>([
    ['npx', 'npx', ['-y', '@scope/pkg@1.2.3', '--flag'], '@scope/pkg'],
    ['a path to npx', '/usr/bin/npx', ['pkg@latest'], 'pkg'],
    ['uvx', 'uvx', ['mcp-server-time'], 'mcp-server-time'],
    ['pnpm dlx', 'pnpm', ['dlx', 'pkg'], 'pkg'],
    ['a name behind another package', 'npx', ['--package=other', 'pkg'], undefined],
    ['a name behind --from', 'uvx', ['--from', 'other', 'pkg'], undefined],
    ['a script', 'node', ['server.js'], undefined],
    ['a folder', 'npx', ['./pkg'], undefined],
    ['an address', 'npx', ['https://example.org/pkg.tgz'], undefined],
    ['nothing', 'npx', [], undefined],
  ])('the package a configuration starts: %s', (_name, command, args, expected) =>
    expect(configuredPackage(command, args)).toBe(expected),
  );
});
