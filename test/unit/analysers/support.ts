import type { AnalyserKind, Analysers, AnalyserVerdict } from '../../../mcp-bridge/core/classify/analysers/ports.ts';
import type { JsonObject, JsonValue } from '../../../mcp-bridge/core/model/json.ts';
import { loadAnalysers } from '../../../mcp-bridge/parsers/load-analysers.ts';

let loaded: Promise<Analysers> | undefined;

export type Analyse = (
  value: JsonValue,
  more?: { dialect?: string; arguments?: JsonObject; roots?: readonly string[] },
) => AnalyserVerdict;

/** The real analyser with its real parser, loaded once per test file. */
export async function analyserOf(kind: AnalyserKind): Promise<Analyse> {
  loaded ??= loadAnalysers();
  const analyser = (await loaded)[kind];
  if (analyser === undefined) throw new Error(`there is no analyser for ${kind}`);
  return (value, more = {}) => analyser(value, { toolName: 'tool', argumentName: 'argument', arguments: {}, ...more });
}
