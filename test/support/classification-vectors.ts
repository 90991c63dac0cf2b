/** The labelled tools of public MCP servers under test/vectors/classify/tools, one file per server. */
import { readdirSync, readFileSync } from 'node:fs';
import type { LabelledTool } from './classification-score.ts';

/** `reference` came with its labels; `development` was looked at while writing, `held-out` was not. */
export type VectorSet =
  | 'reference'
  | 'development'
  | 'held-out-1'
  | 'held-out-2'
  | 'held-out-3'
  | 'held-out-4'
  | 'held-out-5'
  | 'held-out-6'
  | 'held-out-7'
  | 'held-out-8'
  | 'held-out-9';
type VectorFile = {
  readonly server: string;
  readonly package: string;
  readonly set: VectorSet;
  readonly tools: readonly Omit<LabelledTool, 'server' | 'package'>[];
};

const folder = new URL('../vectors/classify/tools/', import.meta.url);

export function labelledTools(set: VectorSet): readonly LabelledTool[] {
  return vectorFiles()
    .filter((file) => file.set === set)
    .flatMap((file) => file.tools.map((tool) => ({ ...tool, server: file.server, package: file.package })));
}

function vectorFiles(): readonly VectorFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as VectorFile);
}
