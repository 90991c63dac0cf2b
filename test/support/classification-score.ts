/** Compares the classifier with labelled tools: how often it is exact, too low (never allowed) and too high. */

import type { Analysers } from '../../mcp-bridge/core/classify/analysers/ports.ts';
import { classify } from '../../mcp-bridge/core/classify/classify.ts';
import type { Effect } from '../../mcp-bridge/core/model/effect.ts';
import { isWorse } from '../../mcp-bridge/core/model/effect.ts';
import type { ToolDefinition } from '../../mcp-bridge/core/model/tool.ts';

export type LabelledTool = Pick<ToolDefinition, 'title' | 'description' | 'inputSchema' | 'annotations'> & {
  readonly server: string;
  readonly package?: string;
  readonly tool: string;
  readonly label: Effect;
  readonly debatable?: boolean;
  readonly variants?: { readonly arg: string; readonly values: { readonly [value: string]: Effect } };
};

export type Miss = {
  readonly name: string;
  readonly label: Effect;
  readonly got: Effect;
  readonly debatable: boolean;
  readonly reasons: readonly string[];
};
export type Score = {
  readonly count: number;
  readonly clear: number;
  readonly exactOnClear: number;
  readonly reads: number;
  readonly under: readonly Miss[];
  readonly over: readonly Miss[];
};

/** `profiles: false` hides the server's name, so that only names, descriptions and schema are measured. */
export function scoreTools(
  tools: readonly LabelledTool[],
  { profiles, analysers = {} }: { profiles: boolean; analysers?: Analysers },
): Score {
  const misses: Miss[] = [];
  let clear = 0;
  let exactOnClear = 0;
  let reads = 0;
  let count = 0;
  for (const labelled of tools) {
    const { server, tool, label, debatable = false, variants, description, inputSchema, annotations, title } = labelled;
    const definition = { name: tool, title, description, inputSchema, annotations: annotations ?? undefined };
    const cases = [
      { args: undefined, label, name: `${server} ${tool}` },
      ...Object.entries(variants?.values ?? {}).map(([value, effect]) => ({
        args: { [variants?.arg ?? '']: value },
        label: effect,
        name: `${server} ${tool} ${variants?.arg}=${value}`,
      })),
    ];
    for (const { args, label: expected, name } of cases) {
      const serverName = profiles ? (labelled.package ?? server) : undefined;
      const got = classify(
        { serverId: server, serverName, tool: definition, trusted: false, arguments: args },
        analysers,
      );
      count += 1;
      if (expected === 'read') reads += 1;
      if (!debatable) clear += 1;
      if (got.effect === expected) exactOnClear += debatable ? 0 : 1;
      else misses.push({ name, label: expected, got: got.effect, debatable, reasons: got.reasons });
    }
  }
  const under = misses.filter((miss) => isWorse(miss.label, miss.got));
  return { count, clear, exactOnClear, reads, under, over: misses.filter((miss) => !under.includes(miss)) };
}

export function scoreLines({ count, clear, exactOnClear, reads, under, over }: Score): readonly string[] {
  const percent = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
  const overReads = over.filter((miss) => miss.label === 'read');
  return [
    `${count} cases, under-rated ${under.length} (clear ${under.filter((miss) => !miss.debatable).length}), exact on clear ${exactOnClear}/${clear} = ${percent(exactOnClear, clear)}, over-rated reads ${overReads.length}/${reads} = ${percent(overReads.length, reads)}`,
    ...[...under.map((miss) => ({ ...miss, sign: 'UNDER' })), ...over.map((miss) => ({ ...miss, sign: 'over ' }))].map(
      ({ sign, name, label, got, debatable, reasons }) =>
        `${sign} ${debatable ? '(debatable) ' : ''}${name}: ${label} rated ${got} — ${reasons.slice(0, 2).join(' ')}`,
    ),
  ];
}
