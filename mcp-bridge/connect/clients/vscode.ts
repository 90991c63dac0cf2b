import { type AiClient, applicationFile, bearer, program } from '../ai-client.ts';

/** VS Code and the GitHub Copilot in it. */
export const vscode: AiClient = {
  id: 'vscode',
  title: 'VS Code',
  notation: 'json',
  container: 'servers',
  userFiles: (surroundings) => [applicationFile(surroundings, ['Code', 'User', 'mcp.json'])],
  projectFile: '.vscode/mcp.json',
  stdioEntry: (shim) => ({ type: 'stdio', ...program(shim) }),
  httpEntry: (address) => ({ type: 'http', url: address.url, headers: bearer(address) }),
};
