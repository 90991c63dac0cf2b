/** `countersign audit verify | export | query`: reads a ledger, never writes it, and works while the app runs. */
import { parseArgs } from 'node:util';
import type { CallOutcome } from '../../core/audit/record.ts';
import { AppError } from '../../core/errors.ts';
import { auditExport, auditQuery, auditVerify } from '../../ledger/audit-commands.ts';
import { sha256 } from '../system.ts';
import { required } from './options.ts';

const options = {
  ledger: { type: 'string' },
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
  calls: { type: 'boolean' },
  limit: { type: 'string' },
  client: { type: 'string' },
  server: { type: 'string' },
  outcome: { type: 'string' },
} as const;

export async function runAudit(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const ledger = required(values.ledger, '--ledger FILE');
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  switch (positionals[0]) {
    case 'verify': {
      const { line, exitStatus } = auditVerify(ledger, { sha256 });
      print(line);
      return exitStatus;
    }
    case 'export':
      auditExport(ledger, values.csv ? 'csv' : 'jsonl', print);
      return 0;
    case 'query': {
      const { client: mcpClientId, server: serverId, calls = false } = values;
      const outcome = values.outcome as CallOutcome | undefined;
      for (const line of auditQuery(ledger, {
        limit: Number(values.limit ?? 100),
        mcpClientId,
        serverId,
        outcome,
        calls,
      }))
        print(line);
      return 0;
    }
    default:
      throw new AppError('usage', 'audit verify, audit export or audit query');
  }
}
