/** How each AI client is told about the bridge. Texts to copy; nothing is written into anybody's configuration here. */
import type { ResponseOf } from '../ipc/contract.ts';

export type Snippet = ResponseOf<'mcp-clients:pair'>['snippets'][number];

export type SnippetFacts = {
  readonly url: string;
  readonly key: string;
  readonly mcpClientId: string;
  /** Absolute path of the shim, for AI clients that only start programs. */
  readonly shimPath: string;
  readonly dataFolder: string;
};

const name = 'countersign';

export function snippetsFor(facts: SnippetFacts): readonly Snippet[] {
  const { url, key } = facts;
  const authorization = `Bearer ${key}`;
  return [
    {
      title: 'Claude Code',
      language: 'shell',
      text: `claude mcp add --transport http ${name} ${url} --header "Authorization: ${authorization}"`,
    },
    {
      title: 'Codex (~/.codex/config.toml)',
      language: 'toml',
      text: `[mcp_servers.${name}]\ncommand = "node"\nargs = ${JSON.stringify(shimArgs(facts))}\ntool_timeout_sec = 300`,
    },
    {
      title: 'Gemini CLI and Qwen Code (settings.json)',
      language: 'json',
      text: json({ mcpServers: { [name]: { httpUrl: url, headers: { Authorization: authorization } } } }),
    },
    {
      title: 'opencode (opencode.json)',
      language: 'json',
      text: json({ mcp: { [name]: { type: 'remote', url, oauth: false, headers: { Authorization: authorization } } } }),
    },
    {
      title: 'VS Code and GitHub Copilot (mcp.json)',
      language: 'json',
      text: json({ servers: { [name]: { type: 'http', url, headers: { Authorization: authorization } } } }),
    },
    {
      title: 'Cursor (~/.cursor/mcp.json)',
      language: 'json',
      text: json({ mcpServers: { [name]: { url, headers: { Authorization: authorization } } } }),
    },
    {
      title: 'Claude Desktop, and any client that starts a program',
      language: 'json',
      text: json({ mcpServers: { [name]: { command: 'node', args: shimArgs(facts) } } }),
    },
  ];
}

function shimArgs({ shimPath, mcpClientId, dataFolder }: SnippetFacts): string[] {
  return [shimPath, '--client', mcpClientId, '--data-dir', dataFolder];
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
