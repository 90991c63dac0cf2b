import { type AiClient, bearer, movable, program } from '../ai-client.ts';

/** Qwen Code: as Gemini CLI, from which it comes. */
export const qwen: AiClient = {
  id: 'qwen',
  title: 'Qwen Code',
  notation: 'json',
  container: 'mcpServers',
  userFiles: (surroundings) => [movable(surroundings, 'QWEN_HOME', ['.qwen'], ['settings.json'])],
  projectFile: '.qwen/settings.json',
  stdioEntry: program,
  httpEntry: (address) => ({ httpUrl: address.url, headers: bearer(address) }),
};
