/** `countersign doctor`: looks at everything that has to be right for a call to get through, and says what to do. */
import { parseArgs } from 'node:util';
import { AppError } from '../../core/errors.ts';
import { dataDirOf } from './ai-client-option.ts';
import { bridgeChecks } from './doctor-bridge.ts';
import { type Check, dataFolderChecks, keyChecks, nodeCheck, readSettings, serverChecks } from './doctor-checks.ts';

const options = { 'data-dir': { type: 'string' }, port: { type: 'string' }, json: { type: 'boolean' } } as const;

/** A line each; exit status 1 when something is wrong. With --json one object: {"ok","checks":[{"name","ok","text"}]}. */
export async function runDoctor(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  const dataDir = dataDirOf(values);
  const settings = readSettings(dataDir);
  const port = values.port === undefined ? settings.found?.bridgePort : portOf(values.port);
  const checks: readonly Check[] = [
    nodeCheck(process.versions.node),
    ...dataFolderChecks(dataDir),
    settings.check,
    ...keyChecks(dataDir, settings.found),
    ...(await bridgeChecks(dataDir, settings.found, port)),
    ...serverChecks(settings.found, process.env['PATH'] ?? ''),
  ];
  const ok = checks.every((check) => check.ok);
  if (values.json) process.stdout.write(`${JSON.stringify({ ok, checks })}\n`);
  else
    for (const check of checks)
      process.stdout.write(`${check.ok ? 'ok     ' : 'wrong  '}${check.name}: ${check.text}\n`);
  return ok ? 0 : 1;
}

function portOf(given: string): number {
  const port = Number(given);
  if (Number.isInteger(port) && port > 0 && port <= 65_535) return port;
  throw new AppError('usage', `--port is a number from 1 to 65535, not "${given}"`);
}
