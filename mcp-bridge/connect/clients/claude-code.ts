import { join } from 'node:path';
import { type AiClient, bearer, program } from '../ai-client.ts';

/** Claude Code, user scope. It waits for a call as long as needed, so no `timeout` is written: one would be a hard end. */
export const claudeCode: AiClient = {
  id: 'claude-code',
  title: 'Claude Code',
  notation: 'json',
  container: 'mcpServers',
  userFiles: ({ home, environment }) => {
    const moved = environment['CLAUDE_CONFIG_DIR'];
    const root = moved === undefined || moved === '' ? home : moved;
    return [{ file: join(root, '.claude.json'), root }];
  },
  projectFile: '.mcp.json',
  stdioEntry: (shim) => ({ type: 'stdio', ...program(shim), env: {} }),
  httpEntry: (address) => ({ type: 'http', url: address.url, headers: bearer(address) }),
};
