/**
 * Entry `countersign`: one command per file in `commands/`. Exit status 0 done, 1 the answer is no, 2 bad usage; an
 * error names the cause and the mend, never a stack trace.
 */
import './web-crypto.ts';
import { AppError } from '../core/errors.ts';
import { clientWords } from './commands/ai-client-option.ts';
import { runAudit } from './commands/audit.ts';
import { runClassify } from './commands/classify.ts';
import { runConnect } from './commands/connect.ts';
import { runDisconnect } from './commands/disconnect.ts';
import { runDoctor } from './commands/doctor.ts';
import { runExplain } from './commands/explain.ts';
import { runServe } from './commands/serve.ts';
import { runStdio } from './commands/stdio.ts';
import { runVerifyToken } from './commands/verify-token.ts';

type Command = { readonly run: (args: readonly string[]) => Promise<number>; readonly usage: string };

const commands: Readonly<Record<string, Command>> = {
  serve: { run: runServe, usage: 'serve --config FILE [--port N] [--approvals deny|dangerously-allow-all]' },
  stdio: { run: runStdio, usage: 'stdio --client ID [--server ID] [--data-dir DIR] [--start]' },
  classify: { run: runClassify, usage: 'classify --catalogue FILE --json' },
  explain: { run: runExplain, usage: 'explain --config FILE --server S --tool T --args JSON [--now ISO] --json' },
  connect: {
    run: (args) => runConnect(args),
    usage: `connect ${clientWords}\n      [--client ID] [--server ID] [--stdio | --http [--port N]] [--start] [--print] [--data-dir DIR] [--home DIR | --project DIR]`,
  },
  disconnect: {
    run: runDisconnect,
    usage: 'disconnect CLIENT [--server ID] [--data-dir DIR] [--home DIR | --project DIR]',
  },
  audit: { run: runAudit, usage: 'audit verify|export|query --ledger FILE [--json]' },
  doctor: { run: runDoctor, usage: 'doctor [--data-dir DIR] [--port N] [--json]' },
  'verify-token': {
    run: runVerifyToken,
    usage: 'verify-token --jwks FILE --issuer I --audience A [--now ISO] [--type at+jwt|id_token] < TOKEN',
  },
};

function usage(): string {
  return ['usage:', ...Object.values(commands).map((command) => `  countersign ${command.usage}`)].join('\n');
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(`${usage()}\n`);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new AppError('usage', `there is no command "${name}"\n${usage()}`);
  return command.run(rest);
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`countersign: ${messageOf(error)}\n`);
    process.exit(2);
  },
);

/** parseArgs throws TypeErrors with a code of its own; anything else that is unexpected keeps its inside to itself. */
function messageOf(error: unknown): string {
  if (error instanceof AppError)
    return error.code === 'config.invalid' || error.code === 'usage'
      ? error.message
      : `${error.userMessage} (${error.message})`;
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    return `${error.message}\n${usage()}`;
  return 'unexpected failure. Nothing was changed.';
}
