/**
 * How each AI client is told about the bridge: one command that writes its configuration, and the text to copy for who
 * would rather do it by hand. Nothing is written into anybody's configuration here.
 */
import path from 'node:path';
import type { ResponseOf } from '../ipc/contract.ts';

export type Snippet = ResponseOf<'mcp-clients:pair'>['snippets'][number];

export type SnippetFacts = {
  readonly url: string;
  readonly key: string;
  readonly mcpClientId: string;
  /** Holds the bundled shim and command line; a folder that system Node can read. */
  readonly programFolder: string;
  readonly dataFolder: string;
};

const name = 'countersign';

export function snippetsFor(facts: SnippetFacts): readonly Snippet[] {
  const { url, key } = facts;
  const headers = { Authorization: `Bearer ${key}` };
  const shim = { command: 'node', args: shimArgs(facts) };
  const json = (title: string, word: string, value: unknown): Snippet => ({
    title,
    command: connectCommand(word, facts),
    language: 'json',
    text: JSON.stringify(value, null, 2),
  });
  return [
    {
      title: 'Claude Code',
      command: connectCommand('claude-code', facts),
      language: 'shell',
      text: `claude mcp add --transport http ${name} ${url} --header "Authorization: ${headers.Authorization}"`,
    },
    {
      title: 'Codex (~/.codex/config.toml)',
      command: connectCommand('codex', facts),
      language: 'toml',
      text: `[mcp_servers.${name}]\ncommand = "node"\nargs = ${JSON.stringify(shim.args)}\ntool_timeout_sec = 300`,
    },
    json('Gemini CLI (~/.gemini/settings.json)', 'gemini', { mcpServers: { [name]: { httpUrl: url, headers } } }),
    json('Qwen Code (~/.qwen/settings.json)', 'qwen', { mcpServers: { [name]: { httpUrl: url, headers } } }),
    json('opencode (opencode.json)', 'opencode', {
      mcp: { [name]: { type: 'remote', url, oauth: false, headers, timeout: 300_000 } },
    }),
    json('GitHub Copilot CLI (~/.copilot/mcp-config.json)', 'copilot', {
      mcpServers: { [name]: { type: 'http', url, headers, tools: ['*'], timeout: 300_000 } },
    }),
    {
      title: 'Continue (~/.continue/config.yaml)',
      command: connectCommand('continue', facts),
      language: 'yaml',
      text: `mcpServers:\n  - name: ${name}\n    command: node\n    args: ${JSON.stringify(shim.args)}`,
    },
    json('VS Code (mcp.json)', 'vscode', { servers: { [name]: { type: 'http', url, headers } } }),
    json('Cursor (~/.cursor/mcp.json)', 'cursor', { mcpServers: { [name]: { url, headers } } }),
    json('Claude Desktop, and any client that starts a program', 'claude-desktop', { mcpServers: { [name]: shim } }),
  ];
}

function shimArgs({ programFolder, mcpClientId, dataFolder }: SnippetFacts): string[] {
  return [path.join(programFolder, 'stdio-shim.cjs'), '--client', mcpClientId, '--data-dir', dataFolder];
}

/** SECURITY(LO-07): no key in it, so it may stay in a shell's history. */
function connectCommand(word: string, { programFolder, mcpClientId, dataFolder }: SnippetFacts): string {
  const words = [
    path.join(programFolder, 'cli.js'),
    'connect',
    word,
    '--client',
    mcpClientId,
    '--data-dir',
    dataFolder,
  ];
  return ['node', ...words.map(shellWord)].join(' ');
}

/** Single quotes hold in every POSIX shell and in PowerShell; a path without anything special needs none. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
