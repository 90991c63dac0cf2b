import type { Claim } from '../model/effect-view.ts';
import type { JsonObject } from '../model/json.ts';
import { asUntrusted } from '../model/untrusted.ts';

/** Arguments in which AI clients say why they call. Their word, unchecked, and shown as such. */
const PURPOSES = new Set([
  'purpose',
  'reason',
  'reasoning',
  'justification',
  'explanation',
  'rationale',
  'intent',
  'why',
]);

export function purposeClaims(toolArguments: JsonObject): readonly Claim[] {
  return Object.entries(toolArguments).flatMap(([name, value]) =>
    PURPOSES.has(name.toLowerCase()) && typeof value === 'string' && value !== ''
      ? [{ by: 'mcp-client', text: asUntrusted(value) }]
      : [],
  );
}
