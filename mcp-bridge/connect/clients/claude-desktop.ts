import { type AiClient, applicationFile, program } from '../ai-client.ts';

/** Claude Desktop starts programs only. */
export const claudeDesktop: AiClient = {
  id: 'claude-desktop',
  title: 'Claude Desktop',
  notation: 'json',
  container: 'mcpServers',
  userFiles: (surroundings) => [applicationFile(surroundings, ['Claude', 'claude_desktop_config.json'])],
  stdioEntry: program,
};
