/** Entry of the one bundled file that system Node runs: `node stdio-shim.cjs --client ID [--server ID] [--data-dir DIR] [--start]`. */
import { parseArgs } from 'node:util';
import { runStdioShim } from './run-stdio-shim.ts';

function main(): Promise<number> {
  // SECURITY(LO-07): no option takes a key; what is in argv everybody on this machine can read
  const { values } = parseArgs({
    options: {
      client: { type: 'string' },
      server: { type: 'string' },
      'data-dir': { type: 'string' },
      start: { type: 'boolean' },
    },
  });
  if (values.client === undefined) {
    process.stderr.write('usage: stdio-shim --client ID [--server ID] [--data-dir DIR] [--start]\n');
    return Promise.resolve(2);
  }
  const { stdin, stdout, stderr } = process;
  return runStdioShim({
    mcpClientId: values.client,
    serverId: values.server,
    dataDir: values['data-dir'],
    startApp: values.start,
    stdin,
    stdout,
    stderr,
  });
}

Promise.resolve()
  .then(main)
  .then(
    // what was written last must be out before the process is gone
    (status) => process.stdout.write('', () => process.exit(status)),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
      process.exit(2);
    },
  );
