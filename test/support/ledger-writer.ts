/**
 * A program that writes records until it is killed or cannot any more. Each line of its output is the number of a
 * record that was accepted; the last line of one that could not write is the code of the error. With `reads`, none is
 * durable.
 */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import { openLedger } from '../../mcp-bridge/ledger/open-ledger.ts';
import { decided, intent, outcome } from './ledger-records.ts';

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
const path = process.argv[2] ?? '';
const run = process.argv[3] ?? '';
const onlyReads = process.argv[4] === 'reads';

try {
  const ledger = openLedger({ path, clock: { nowMs: () => Date.now() }, sha256 });
  let records = ledger.query({ limit: 1 }).records[0]?.sequence ?? 0;
  const accepted = () => writeSync(1, `${++records}\n`);
  for (let index = 0; ; index++) {
    const callId = `${run}-${index}`;
    ledger.append(decided(callId));
    accepted();
    if (onlyReads) ledger.append(intent(callId));
    else ledger.appendDurably(intent(callId));
    accepted();
    if (index % 3 === 0) continue; // as if the answer never came
    ledger.append(outcome(callId));
    accepted();
  }
} catch (error) {
  writeSync(1, `${error instanceof AppError ? error.code : 'unexpected'}\n`);
}
