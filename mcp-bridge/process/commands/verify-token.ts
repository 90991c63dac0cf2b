/** `countersign verify-token`: a token on standard input, a verdict as one JSON line. Nothing is fetched or kept. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { TokenUse } from '../../token/claim-checks.ts';
import { verifyToken } from '../../token/verify-token.ts';
import { required } from './options.ts';

const options = {
  jwks: { type: 'string' },
  issuer: { type: 'string' },
  audience: { type: 'string' },
  now: { type: 'string' },
  type: { type: 'string' },
} as const;

const keySet = z.object({ keys: z.array(z.unknown()) });
/** What is longer is refused as too large whatever follows, so it is not read to its end. */
const longestInput = 64 * 1024;

export async function runVerifyToken(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  const file = required(values.jwks, '--jwks FILE');
  const issuer = required(values.issuer, '--issuer I');
  const audience = required(values.audience, '--audience A');
  const now = values.now === undefined ? new Date() : instant(values.now);
  const use = values.type === undefined ? 'access' : expectedUse(values.type);
  const jwks = readKeySet(file);
  const verdict = await verifyToken(await tokenOnStandardInput(), { jwks, issuer, audience, now, use });
  process.stdout.write(`${JSON.stringify(verdict)}\n`);
  return verdict.ok ? 0 : 1;
}

function instant(text: string): Date {
  const parsed = z.iso.datetime({ offset: true }).safeParse(text);
  if (!parsed.success) throw new AppError('usage', '--now must be an ISO 8601 instant, as 2026-11-21T12:00:00Z');
  return new Date(parsed.data);
}

function expectedUse(type: string): TokenUse {
  if (type === 'at+jwt' || type === 'id_token') return type;
  throw new AppError('usage', '--type must be at+jwt or id_token');
}

function readKeySet(file: string): z.infer<typeof keySet> {
  try {
    return keySet.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new AppError('config.invalid', `${file} is not a JSON Web Key Set: {"keys":[…]}`);
  }
}

async function tokenOnStandardInput(): Promise<string> {
  let text = '';
  for await (const piece of process.stdin.setEncoding('utf8')) {
    text += String(piece);
    if (text.length > longestInput) break;
  }
  return text.trim();
}
