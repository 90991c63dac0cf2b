import { type AiClient, bearer, longestCallMs, movable, program } from '../ai-client.ts';

/** GitHub Copilot CLI; `tools` is required, and names those it may call. */
export const copilot: AiClient = {
  id: 'copilot',
  title: 'GitHub Copilot CLI',
  notation: 'json',
  container: 'mcpServers',
  userFiles: (surroundings) => [movable(surroundings, 'COPILOT_HOME', ['.copilot'], ['mcp-config.json'])],
  projectFile: '.github/mcp.json',
  stdioEntry: (shim) => ({ type: 'local', ...program(shim), tools: ['*'], timeout: longestCallMs }),
  httpEntry: (address) => ({
    type: 'http',
    url: address.url,
    headers: bearer(address),
    tools: ['*'],
    timeout: longestCallMs,
  }),
};
