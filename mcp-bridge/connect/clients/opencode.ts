import { type AiClient, bearer, longestCallMs, movable } from '../ai-client.ts';

/** opencode merges both files and lets the one with comments win, so that one is written when it is there. */
export const opencode: AiClient = {
  id: 'opencode',
  title: 'opencode',
  notation: 'json',
  container: 'mcp',
  userFiles: (surroundings) =>
    ['opencode.jsonc', 'opencode.json'].map((file) =>
      movable(surroundings, 'XDG_CONFIG_HOME', ['.config'], ['opencode', file]),
    ),
  projectFile: 'opencode.json',
  stdioEntry: ({ command, args }) => ({
    type: 'local',
    command: [command, ...args],
    enabled: true,
    timeout: longestCallMs,
  }),
  httpEntry: (address) => ({
    type: 'remote',
    url: address.url,
    enabled: true,
    oauth: false,
    headers: bearer(address),
    timeout: longestCallMs,
  }),
};
