/** The headless configuration file (DESIGN §8): the ecosystem's `mcpServers` object, and beside it what Countersign adds. */
import fs from 'node:fs';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import type { Guardrail } from '../core/model/guardrail.ts';

const coverage = z.union([z.literal('all'), z.array(z.string().min(1)).min(1)]);

const codeFreeze = z.strictObject({
  name: z.string().min(1).default('Code freeze'),
  from: z.iso.datetime({ offset: true }).default('1970-01-01T00:00:00Z'),
  until: z.iso.datetime({ offset: true }).optional(),
  repositories: coverage.default('all'),
  branches: coverage.default('all'),
  enabled: z.boolean().default(true),
});

const configuration = z.strictObject({
  mcpServers: z.record(z.string(), z.unknown()),
  clients: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
        name: z.string().optional(),
        key: z.string().min(32).optional(),
      }),
    )
    .default([{ id: 'default' }]),
  review: z.enum(['first-use', 'person']).default('person'),
  guardrails: z.strictObject({ codeFreezes: z.array(codeFreeze).default([]) }).default({ codeFreezes: [] }),
  dataFolder: z.string().startsWith('/').optional(),
});
export type Configuration = z.infer<typeof configuration>;

/** @throws AppError 'config.invalid': its message names the file, the place in it and the mend */
export function readConfiguration(file: string): Configuration {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AppError(
      'config.invalid',
      `${file} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}): give the path of a configuration file with --config`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('config.invalid', `${file} is not JSON: ${cause instanceof Error ? cause.message : 'unknown'}`);
  }
  const parsed = configuration.safeParse(value);
  if (parsed.success) {
    refuseSignIn(parsed.data.mcpServers, file);
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  throw new AppError(
    'config.invalid',
    `${file}: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'not understood'}`,
  );
}

export function guardrailsOf({ guardrails }: Configuration): readonly Guardrail[] {
  return guardrails.codeFreezes.map((freeze, position) => ({
    kind: 'code-freeze',
    guardrailId: `freeze-${position + 1}`,
    name: freeze.name,
    from: freeze.from,
    until: freeze.until,
    repositories: coverageOf(freeze.repositories),
    branches: coverageOf(freeze.branches),
    enabled: freeze.enabled,
  }));
}

function coverageOf(given: z.infer<typeof coverage>): Guardrail['branches'] {
  return given === 'all' ? { kind: 'all' } : { kind: 'only', patterns: given };
}

/** A sign-in takes a browser, and a keychain for what it brings; accepting the setting and not doing it would be a lie. */
function refuseSignIn(mcpServers: Configuration['mcpServers'], file: string): void {
  for (const [serverId, server] of Object.entries(mcpServers)) {
    const auth = typeof server === 'object' && server !== null && 'auth' in server ? server.auth : undefined;
    if (auth === undefined || auth === false) continue;
    throw new AppError(
      'config.invalid',
      `${file}: mcpServers.${serverId}.auth: signing in to a server takes the desktop app, which has a browser and a keychain. Take "auth" out, and where you have a token for the server give it under "headers": {"Authorization": "Bearer …"}`,
    );
  }
}
