import { parseArgs } from 'node:util';
import { runStdioShim } from '../../inbound/run-stdio-shim.ts';
import { required } from './options.ts';

/** `countersign stdio`: what an AI client spawns that only speaks to programs. It is the shim, under another name. */
export function runStdio(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      client: { type: 'string' },
      server: { type: 'string' },
      'data-dir': { type: 'string' },
      start: { type: 'boolean' },
    },
  });
  const { stdin, stdout, stderr } = process;
  return runStdioShim({
    mcpClientId: required(values.client, '--client ID'),
    serverId: values.server,
    dataDir: values['data-dir'],
    startApp: values.start,
    stdin,
    stdout,
    stderr,
  });
}
