import { join } from 'node:path';
import { type AiClient, bearer, program } from '../ai-client.ts';

/** Gemini CLI: its own limit for a call is ten minutes, longer than we need. */
export const gemini: AiClient = {
  id: 'gemini',
  title: 'Gemini CLI',
  notation: 'json',
  container: 'mcpServers',
  userFiles: ({ home, environment }) => {
    const root = environment['GEMINI_CLI_HOME'] || home;
    return [{ file: join(root, '.gemini', 'settings.json'), root }];
  },
  projectFile: '.gemini/settings.json',
  stdioEntry: program,
  httpEntry: (address) => ({ httpUrl: address.url, headers: bearer(address) }),
};
