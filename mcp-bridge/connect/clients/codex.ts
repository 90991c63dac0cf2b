import { type AiClient, bearer, longestCallMs, movable, program } from '../ai-client.ts';

/** Codex: progress does not prolong a call, only `tool_timeout_sec` does. */
export const codex: AiClient = {
  id: 'codex',
  title: 'Codex',
  notation: 'toml',
  container: 'mcp_servers',
  userFiles: (surroundings) => [movable(surroundings, 'CODEX_HOME', ['.codex'], ['config.toml'])],
  projectFile: '.codex/config.toml',
  stdioEntry: (shim) => ({ ...program(shim), tool_timeout_sec: longestCallMs / 1000 }),
  httpEntry: (address) => ({
    url: address.url,
    http_headers: bearer(address),
    tool_timeout_sec: longestCallMs / 1000,
  }),
};
