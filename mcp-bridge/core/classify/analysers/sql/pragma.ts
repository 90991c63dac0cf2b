/** SQLite's PRAGMA, whose arguments sqlparser does not read: `PRAGMA [schema.]name [= value | (value)]`. */
import type { Finding } from '../findings.ts';
import { ASKING_PRAGMAS, READING_PRAGMAS } from './dialect-expressions.ts';

const PRAGMA = /^\s*pragma\s+(?:[\w"]+\s*\.\s*)?(\w+)\s*(?:(=)\s*[-+]?[\w.'"]+|\(\s*[-+]?[\w.'"]+\s*\))?\s*;?\s*$/i;

/** Undefined: this is no single PRAGMA. */
export function pragmaFinding(text: string): Finding | undefined {
  const match = text.length > 300 ? null : PRAGMA.exec(text);
  if (match === null) return undefined;
  const name = (match[1] ?? '').toLowerCase();
  const given = match[2] !== undefined || match[0].includes('(');
  const reads = (READING_PRAGMAS.has(name) && match[2] === undefined) || (ASKING_PRAGMAS.has(name) && !given);
  if (reads) return { effect: 'read', action: 'pragma', reason: `The SQL asks for the pragma ${name}.` };
  const destroys = /^(writable_schema|ignore_check_constraints|key|rekey)$/.test(name);
  return { effect: destroys ? 'delete' : 'write', action: 'pragma', reason: `The SQL sets the pragma ${name}.` };
}
