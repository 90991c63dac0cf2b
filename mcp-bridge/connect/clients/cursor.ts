import { join } from 'node:path';
import { type AiClient, bearer, program } from '../ai-client.ts';

export const cursor: AiClient = {
  id: 'cursor',
  title: 'Cursor',
  notation: 'json',
  container: 'mcpServers',
  userFiles: ({ home }) => [{ file: join(home, '.cursor', 'mcp.json'), root: home }],
  projectFile: '.cursor/mcp.json',
  stdioEntry: (shim) => ({ type: 'stdio', ...program(shim) }),
  httpEntry: (address) => ({ url: address.url, headers: bearer(address) }),
};
