/** `countersign classify`: what each tool of a catalogue file would do, a JSON line each, with the reasons. */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { classify } from '../../core/classify/classify.ts';
import { AppError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/model/json.ts';
import type { ToolDefinition } from '../../core/model/tool.ts';
import { loadAnalysers } from '../../parsers/load-analysers.ts';
import { required } from './options.ts';

const jsonObject = z.record(z.string(), z.json());
const entry = z.looseObject({
  server: z.string(),
  tool: z.string(),
  title: z.string().nullish(),
  description: z.string().nullish(),
  inputSchema: jsonObject.nullish(),
  annotations: jsonObject.nullish(),
  trusted: z.boolean().nullish(),
  dialect: z.string().nullish(),
  args: jsonObject.nullish(),
});
type Entry = z.infer<typeof entry>;

export async function runClassify(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { catalogue: { type: 'string' }, json: { type: 'boolean' } },
  });
  const entries = readCatalogue(required(values.catalogue, '--catalogue FILE'));
  const analysers = await loadAnalysers();
  for (const given of entries) {
    const { effect, basis, confidence, reasons } = classify(
      {
        serverId: given.server,
        // The catalogue's `server` is the person's own name for it, as in a configuration.
        serverName: given.server,
        tool: definitionOf(given),
        trusted: given.trusted ?? false,
        dialect: given.dialect ?? undefined,
        arguments: (given.args ?? undefined) as JsonObject | undefined,
      },
      analysers,
    );
    process.stdout.write(
      `${JSON.stringify({ server: given.server, tool: given.tool, effect, basis, confidence, reasons })}\n`,
    );
  }
  return 0;
}

function readCatalogue(file: string): readonly Entry[] {
  try {
    return z.array(entry).parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch (error) {
    const where =
      error instanceof z.ZodError
        ? `entry ${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}`
        : error instanceof Error
          ? error.message
          : 'unknown';
    throw new AppError('config.invalid', `${file} is not a catalogue, an array of {server, tool, …}: ${where}`);
  }
}

function definitionOf(given: Entry): ToolDefinition {
  return {
    name: given.tool,
    inputSchema: (given.inputSchema ?? { type: 'object' }) as JsonObject,
    ...(given.title == null ? {} : { title: given.title }),
    ...(given.description == null ? {} : { description: given.description }),
    ...(given.annotations == null
      ? {}
      : { annotations: given.annotations as NonNullable<ToolDefinition['annotations']> }),
  };
}
